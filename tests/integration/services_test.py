#!/usr/bin/python3
"""Gateway, ingester, store and querier as four processes; each is killed in turn."""

import shutil
import tempfile
import time
import unittest

from server import Refused, Server

NOW = int(time.time() * 1000) // 1000 * 1000


class Cluster:
    """Four processes on free ports of the loopback."""

    def __init__(self, ingester_flags=(), querier_flags=(), gateway_flags=(), flags=()):
        self.ingester_flags, self.querier_flags = ingester_flags, querier_flags
        self.gateway_flags, self.flags = gateway_flags, flags
        self.folder = tempfile.TemporaryDirectory(prefix="tidegate-services-")
        self.store = self.ingester = self.querier = self.gateway = None

    def __enter__(self):
        # The ports are known as soon as a process has started: start the ones that others name first.
        self.store = self._server("store").start()
        store = f"--store_address=127.0.0.1:{self.store.grpc_port}"
        self.ingester = self._server("ingester", store, *self.ingester_flags).start()
        ingester = f"--ingester_address=127.0.0.1:{self.ingester.grpc_port}"
        self.querier = self._server("querier", store, ingester, *self.querier_flags).start()
        querier = f"--querier_address=127.0.0.1:{self.querier.grpc_port}"
        self.gateway = self._server(
            "gateway", store, ingester, querier, *self.gateway_flags
        ).start()
        return self

    def __exit__(self, *_):
        for server in (self.gateway, self.querier, self.ingester, self.store):
            if server:
                server.kill()
        self.folder.cleanup()

    def _server(self, target, *flags):
        return Server(directory=f"{self.folder.name}/{target}", target=target, flags=(*self.flags, *flags))


def eventually(check, seconds=20):
    """Calls until it raises nothing; the last error counts when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return check()
        except (Refused, AssertionError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def value_at(server, seconds):
    result = server.query("m", seconds)
    return float(result[0]["value"][1]) if result else None


class Services(unittest.TestCase):
    def test_the_whole_way(self):
        with Cluster() as cluster:
            gateway = cluster.gateway
            gateway.push([({"__name__": "m", "i": "0"}, [(NOW - 60000 + i, float(i)) for i in range(50000)])])
            self.assertEqual(gateway.query("count_over_time(m[5m])", NOW / 1000)[0]["value"][1], "50000")
            gateway.flush()
            self.assertEqual(gateway.query("count_over_time(m[5m])", NOW / 1000)[0]["value"][1], "50000")
            # A long series crosses the wire in pieces.
            points = gateway.query("m[5m]", NOW / 1000)[0]["values"]
            self.assertEqual(len(points), 50000)
            self.assertEqual(gateway.get_json("/api/v1/label/i/values"), ["0"])
            # The other processes serve their own part over HTTP as well.
            self.assertEqual(value_at(cluster.querier, NOW / 1000), 49999)
            cluster.ingester.push([({"__name__": "m", "i": "0"}, [(NOW, 7.0)])])
            self.assertEqual(value_at(gateway, NOW / 1000), 7)

    def test_two_ingesters_from_one_directory(self):
        """Neither loses what it acknowledged, whoever commits first and however often they start."""
        with Cluster() as cluster:
            original = cluster.ingester
            sample = lambda server, i: server.push([({"__name__": "m"}, [(NOW - 60000 + i, float(i))])])
            sample(original, 0)
            shutil.copytree(original.directory, f"{cluster.folder.name}/copy")
            # The original gets ahead of the copy's log before the copy starts.
            for i in range(1, 50):
                sample(original, i)
            original.flush()
            sample(original, 50)
            flags = [f"--store_address=127.0.0.1:{cluster.store.grpc_port}"]
            with Server(f"{cluster.folder.name}/copy", flags, "ingester") as copy:
                sample(copy, 51)
                self.assertRegex(copy.log_text(), "takes a new id")
                copy.kill()
                copy.start()
                sample(copy, 52)
                copy.flush()
                original.flush()
                sample(original, 53)
                original.kill()
                original.start()
                sample(copy, 54)
                copy.flush()
                original.flush()
            points = eventually(lambda: cluster.gateway.query("m[5m]", NOW / 1000)[0]["values"])
            self.assertEqual([float(value) for _, value in points], [float(i) for i in range(55)])

    def test_ingester_down(self):
        with Cluster() as cluster:
            cluster.gateway.push([({"__name__": "m"}, [(NOW, 1.0)])])
            cluster.ingester.kill()
            with self.assertRaises(Refused) as refused:
                cluster.gateway.push([({"__name__": "m"}, [(NOW + 1, 2.0)])])
            self.assertEqual(refused.exception.status, 503)
            self.assertIn("Retry-After", refused.exception.headers)
            with self.assertRaises(Refused) as refused:
                cluster.gateway.query("m", NOW / 1000)
            self.assertEqual(refused.exception.status, 503)
            cluster.ingester.start()
            self.assertEqual(eventually(lambda: value_at(cluster.gateway, NOW / 1000)), 1)
            eventually(lambda: cluster.gateway.push([({"__name__": "m"}, [(NOW + 1, 2.0)])]))

    def test_store_down(self):
        with Cluster() as cluster:
            cluster.gateway.push([({"__name__": "m"}, [(NOW - 5000, 1.0)])])
            cluster.gateway.flush()
            cluster.store.kill()
            # Pushes go on: the log takes them.
            cluster.gateway.push([({"__name__": "m"}, [(NOW, 2.0)])])
            # An answer without the sealed part would be partial.
            with self.assertRaises(Refused) as refused:
                cluster.gateway.query("m", NOW / 1000)
            self.assertEqual(refused.exception.status, 503)
            cluster.store.start()
            self.assertEqual(eventually(lambda: value_at(cluster.gateway, NOW / 1000)), 2)
            self.assertEqual(value_at(cluster.gateway, (NOW - 1000) / 1000), 1)
            eventually(cluster.gateway.flush)
            self.assertEqual(value_at(cluster.gateway, NOW / 1000), 2)
            self.assertEqual(value_at(cluster.gateway, (NOW - 1000) / 1000), 1)

    def test_querier_and_gateway_down(self):
        with Cluster() as cluster:
            cluster.gateway.push([({"__name__": "m"}, [(NOW, 1.0)])])
            cluster.querier.kill()
            with self.assertRaises(Refused) as refused:
                cluster.gateway.query("m", NOW / 1000)
            self.assertEqual(refused.exception.status, 503)
            cluster.gateway.push([({"__name__": "m"}, [(NOW + 1, 2.0)])])
            cluster.querier.start()
            self.assertEqual(eventually(lambda: value_at(cluster.gateway, (NOW + 1) / 1000)), 2)
            cluster.gateway.kill()
            cluster.gateway.start()
            self.assertEqual(eventually(lambda: value_at(cluster.gateway, (NOW + 1) / 1000)), 2)

    def test_sigterm_everywhere(self):
        with Cluster() as cluster:
            cluster.gateway.push([({"__name__": "m"}, [(NOW, 1.0)])])
            for server in (cluster.gateway, cluster.querier, cluster.ingester, cluster.store):
                self.assertEqual(server.terminate(), 0, server.log_text())
            for server in (cluster.store, cluster.ingester, cluster.querier, cluster.gateway):
                server.start()
            self.assertEqual(eventually(lambda: value_at(cluster.gateway, NOW / 1000)), 1)


if __name__ == "__main__":
    unittest.main()
