#!/usr/bin/python3
"""HTTPS and mutual TLS between the services: wrong, expired, missing and rotated certificates."""

import os
import shutil
import ssl
import subprocess
import tempfile
import time
import unittest

from certificates import Authority, replace
from server import BINARY, Server
from services_test import Cluster, eventually

NOW = int(time.time() * 1000) // 1000 * 1000
HEALTHY = b"Tidegate is healthy.\n"
SAMPLE = [({"__name__": "m"}, [(NOW, 1.0)])]


class WithAuthorities(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="tidegate-tls-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.ca = Authority(cls.folder.name, "ca")
        cls.other_ca = Authority(cls.folder.name, "other")

    def setUp(self):
        """cert.pem and key.pem: what a server is told to use, and a test may replace."""
        self.files = tempfile.mkdtemp(dir=self.folder.name)
        self.cert, self.key = os.path.join(self.files, "cert.pem"), os.path.join(self.files, "key.pem")
        self.install(self.ca.issue("server"))

    def install(self, pair):
        replace(self.key, pair[1])
        replace(self.cert, pair[0])


def trusting(ca_file, pair=None):
    context = ssl.create_default_context(cafile=ca_file)
    if pair:
        context.load_cert_chain(*pair)
    return context


class Https(WithAuthorities):
    def server(self, *flags):
        server = Server(flags=[f"--http_tls_cert_file={self.cert}", f"--http_tls_key_file={self.key}", *flags])
        server.tls = trusting(self.ca.cert)
        return server

    def with_clients(self, *flags):
        return self.server(f"--http_tls_client_ca_file={self.ca.cert}", *flags)

    def serial(self, server):
        """What the server shows to a new connection."""
        connection = server.connect()
        connection.connect()
        try:
            return connection.sock.getpeercert()["serialNumber"]
        finally:
            connection.close()

    def test_pushes_and_queries(self):
        with self.server() as server:
            many = [({"__name__": "m", "i": str(i)}, [(NOW, float(i))]) for i in range(20000)]
            server.push(many)
            self.assertEqual(len(server.query("m", NOW / 1000)), 20000)
            connection = server.connect()
            connection.request("GET", "/-/healthy")
            self.assertEqual(connection.getresponse().read(), HEALTHY)
            self.assertIn(connection.sock.version(), ("TLSv1.2", "TLSv1.3"))
            connection.request("GET", "/-/healthy")
            self.assertEqual(connection.getresponse().status, 200, "keep-alive")
            connection.close()

    def test_closes_as_tls_asks(self):
        """A client that was told "close" sees the end, not a cut: OpenSSL would complain."""
        with self.server() as server:
            for headers in ({"Connection": "close"}, {"Content-Length": "x"}):
                connection = server.connect(timeout=10)
                connection.connect()
                connection.request("GET", "/-/healthy", headers=headers)
                connection.sock.suppress_ragged_eofs = False
                raw = connection.sock
                answer = b""
                while piece := raw.recv(4096):
                    answer += piece
                self.assertTrue(answer.startswith(b"HTTP/1.1 "), answer)
                connection.close()

    def test_curl_agrees(self):
        if not shutil.which("curl"):
            self.skipTest("curl is not installed")
        with self.server() as server:
            url = f"https://localhost:{server.http_port}/-/healthy"
            curl = lambda *options: subprocess.run(["curl", "-s", *options, url], capture_output=True)
            self.assertEqual(curl("--cacert", self.ca.cert).stdout, HEALTHY)
            self.assertEqual(curl("--cacert", self.other_ca.cert).returncode, 60)
            self.assertEqual(curl("--cacert", self.ca.cert, "--tls-max", "1.1").returncode, 35)
            self.assertEqual(curl("--cacert", self.ca.cert, "--tls-max", "1.2").stdout, HEALTHY)

    def test_refuses_what_is_not_tls(self):
        with self.server() as server:
            server.tls = None
            with self.assertRaises(Exception):
                server.request("GET", "/-/healthy", timeout=10)
            server.tls = trusting(self.ca.cert)
            _, text, _ = server.request("GET", "/-/metrics")
            self.assertIn(b'tidegate_http_rejected_total{reason="tls"} 1', text)

    def test_a_clients_certificate_is_verified_when_shown(self):
        with self.with_clients() as server:
            self.assertEqual(server.request("GET", "/-/healthy")[0], 200)
            server.tls = trusting(self.ca.cert, self.ca.issue("client"))
            self.assertEqual(server.request("GET", "/-/healthy")[0], 200)
            for pair in (self.other_ca.issue("client"), self.ca.issue("expired", days=-1)):
                server.tls = trusting(self.ca.cert, pair)
                with self.assertRaises((ssl.SSLError, OSError)):
                    server.request("GET", "/-/healthy")

    def test_a_clients_certificate_can_be_required(self):
        server = self.with_clients("--http_tls_require_client_cert")
        server.tls = trusting(self.ca.cert, self.ca.issue("client"))
        with server:
            self.assertEqual(server.request("GET", "/-/healthy")[0], 200)
            server.tls = trusting(self.ca.cert)
            with self.assertRaises((ssl.SSLError, OSError)):
                server.request("GET", "/-/healthy")

    def test_rotates_while_connected(self):
        with self.server() as server:
            connection = server.connect()
            connection.request("GET", "/-/healthy")
            connection.getresponse().read()
            before = self.serial(server)
            self.install(self.ca.issue("server2"))
            deadline = time.monotonic() + 10
            while self.serial(server) == before:
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.1)
            connection.request("GET", "/-/healthy")
            self.assertEqual(connection.getresponse().read(), HEALTHY, "the old connection goes on")
            connection.close()

    def test_a_bad_rotation_keeps_what_was(self):
        with self.server() as server:
            before = self.serial(server)
            replace(self.key, self.ca.issue("another")[1])
            deadline = time.monotonic() + 10
            while "is not that of" not in server.log_text():
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.1)
            self.assertEqual(self.serial(server), before)
            status, text, _ = server.request("POST", "/-/reload")
            self.assertEqual(status, 500)
            self.assertIn(b"is not that of", text)
            self.assertNotIn(b"PRIVATE", text + server.log_text().encode())

    def test_names_mistakes_at_the_start(self):
        for flags, text in (
            ([f"--http_tls_cert_file={self.cert}"], "both a certificate and its key"),
            ([f"--http_tls_cert_file={self.cert}", "--http_tls_key_file=/none"], "cannot read /none"),
            ([f"--http_tls_cert_file={self.key}", f"--http_tls_key_file={self.key}"], "holds no certificate"),
            ([f"--http_tls_cert_file={self.cert}", f"--http_tls_key_file={self.cert}"], "holds no private key"),
            ([f"--http_tls_cert_file={self.cert}", f"--http_tls_key_file={self.key}", "--http_tls_require_client_cert"], "CA file"),
            ([f"--grpc_tls_cert_file={self.cert}", f"--grpc_tls_key_file={self.key}"], "authority"),
        ):
            made = subprocess.run(
                [BINARY, "--http_address=127.0.0.1:0", "--grpc_address=127.0.0.1:0", f"--storage_dir={self.files}/data", *flags],
                capture_output=True, text=True, timeout=30, check=False,
            )
            self.assertEqual(made.returncode, 1, flags)
            self.assertIn(text, made.stderr)


class BetweenServices(WithAuthorities):
    def flags(self, cert=None, key=None, ca=None):
        return [
            f"--grpc_tls_cert_file={cert or self.cert}",
            f"--grpc_tls_key_file={key or self.key}",
            f"--grpc_tls_ca_file={ca or self.ca.cert}",
        ]

    def assert_unserved(self, flags):
        """A querier that the others do not talk to: it never gets ready, and says so."""
        stranger = Server(target="querier", flags=flags)
        try:
            stranger.start(wait_ready=False)
            deadline = time.monotonic() + 3
            while time.monotonic() < deadline:
                self.assertEqual(stranger.request("GET", "/-/ready")[0], 503)
                self.assertEqual(stranger.request("GET", "/api/v1/query?query=m")[0], 503)
                time.sleep(0.2)
        finally:
            stranger.__exit__()

    def test_four_processes(self):
        with Cluster(flags=self.flags()) as cluster:
            cluster.gateway.push(SAMPLE)
            self.assertEqual(len(cluster.gateway.query("m", NOW / 1000)), 1)
            cluster.gateway.flush()
            self.assertEqual(len(cluster.gateway.query("m", NOW / 1000)), 1)

    def test_strangers_are_refused(self):
        with Cluster(flags=self.flags()) as cluster:
            store = f"--store_address=127.0.0.1:{cluster.store.grpc_port}"
            ingester = f"--ingester_address=127.0.0.1:{cluster.ingester.grpc_port}"
            expired = self.ca.issue("expired", days=-1)
            other = self.other_ca.issue("service")
            for what, flags in (
                ("without a certificate", []),
                ("another authority's", self.flags(*other, self.ca.cert)),
                ("expired", self.flags(*expired)),
                ("trusts another authority", self.flags(ca=self.other_ca.cert)),
            ):
                with self.subTest(what):
                    self.assert_unserved([store, ingester, *flags])

    def test_a_server_must_have_the_name_it_is_called_by(self):
        self.install(self.ca.issue("named", hosts="DNS:tidegate.example"))
        with Server(target="store", flags=self.flags()) as store:
            address = f"--store_address=127.0.0.1:{store.grpc_port}"
            self.assert_unserved([address, *self.flags()])
        with Cluster(flags=[*self.flags(), "--grpc_tls_server_name=tidegate.example"]) as cluster:
            cluster.gateway.push(SAMPLE)

    def test_rotates_while_connected(self):
        with Cluster(flags=self.flags()) as cluster:
            cluster.gateway.push(SAMPLE)
            self.install(self.ca.issue("next"))
            cluster.gateway.push([({"__name__": "m"}, [(NOW + 1, 2.0)])])
            cluster.querier.kill()
            cluster.querier.start()
            eventually(lambda: self.assertEqual(len(cluster.gateway.query("m", (NOW + 1) / 1000)), 1))
            cluster.ingester.kill()
            cluster.ingester.start()
            eventually(lambda: cluster.gateway.push([({"__name__": "m"}, [(NOW + 2, 3.0)])]))


if __name__ == "__main__":
    unittest.main()
