#!/usr/bin/python3
"""The page's files and logging in at it, as an HTTP client sees them: caching and security fields, cookies, other
origins, revoked keys, restarts, several gateways."""

import gzip
import json
import os
import re
import subprocess
import tempfile
import time
import unittest

from server import BINARY, Server
from services_test import Cluster


def make_key(key_id, permissions):
    made = subprocess.run([BINARY, "key", "create", key_id, f"--permissions={permissions}"],
                          capture_output=True, text=True, check=True)
    secret, entry = made.stdout.splitlines()
    return secret, entry.removeprefix("- ")


def log_in(server, secret, **headers):
    """The status, and the cookie as a browser sends it back."""
    status, body, answered = server.request("POST", "/ui/session", headers={"X-Api-Key": secret, **headers})
    cookie = answered.get("Set-Cookie", "").split(";")[0]
    return status, cookie or body.decode()


def ask(server, cookie, method="GET", path="/api/v1/query?query=1", **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return server.request(method, path, headers={"Cookie": cookie, **headers})


class Keys(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tidegate-session-")
        self.addCleanup(folder.cleanup)
        self.config = os.path.join(folder.name, "config.yaml")
        self.secret, self.entry = make_key("k1", "read,write")
        self.admin, admin_entry = make_key("root", "admin,read")
        self.write(f"tenants:\n  - name: a\n    keys: [{self.entry}]\n  - name: ops\n    keys: [{admin_entry}]\n")
        self.without = f"tenants:\n  - name: a\n  - name: ops\n    keys: [{admin_entry}]\n"

    def write(self, text):
        with open(self.config + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(self.config + ".new", self.config)

    def server(self, *flags, **more):
        return Server(flags=[f"--config={self.config}", *flags], **more)


class Session(Keys):
    def test_a_session_is_worth_what_the_key_is(self):
        with self.server() as server:
            self.assertEqual(log_in(server, "tg_guess")[0], 401)
            status, cookie = log_in(server, self.secret)
            self.assertEqual(status, 204, cookie)
            self.assertNotIn(self.secret, cookie)
            self.assertEqual(ask(server, cookie)[0], 200)
            self.assertEqual(ask(server, "tidegate_session=tg_guess")[0], 401)
            self.assertEqual(ask(server, cookie, path="/api/v1/status/config")[0], 403, "needs admin")
            told = json.loads(ask(server, cookie, path="/ui/session")[1])
            self.assertEqual((told["tenant"], told["key"], told["permissions"]), ("a", "k1", ["read", "write"]))

            server.kill()
            server.start()
            self.assertEqual(ask(server, cookie)[0], 200, "a restart ends no session")
            self.assertEqual(ask(server, cookie, "DELETE", "/ui/session")[0], 204)
            self.assertEqual(ask(server, cookie)[0], 401)

    def test_a_revoked_key_ends_its_sessions_within_five_seconds(self):
        with self.server() as server:
            _, cookie = log_in(server, self.secret)
            self.assertEqual(ask(server, cookie)[0], 200)
            self.write(self.without)
            deadline = time.monotonic() + 5
            while ask(server, cookie)[0] != 401:
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.1)

    def test_it_expires(self):
        with self.server("--session_lifetime=1m") as server:
            field = server.request("POST", "/ui/session", headers={"X-Api-Key": self.secret})[2]["Set-Cookie"]
            self.assertIn("Max-Age=60;", field)

    def test_pages_of_other_origins_cannot_use_it(self):
        with self.server() as server:
            own = f"http://127.0.0.1:{server.http_port}"
            _, cookie = log_in(server, self.secret)
            change = ("PUT", "/metrics/job/x")
            self.assertEqual(ask(server, cookie, *change)[0], 403, "no proof at all")
            self.assertEqual(ask(server, cookie, *change, Origin="http://127.0.0.1:1")[0], 403, "another port")
            self.assertEqual(ask(server, cookie, *change, Sec_Fetch_Site="same-site", Origin=own)[0], 403)
            self.assertEqual(ask(server, cookie, *change, Sec_Fetch_Site="same-origin")[0], 200)
            self.assertEqual(ask(server, cookie, *change, Origin=own)[0], 200)
            status, _, headers = ask(server, cookie, Origin="http://evil.example")
            self.assertEqual(status, 403)
            self.assertNotIn("Access-Control-Allow-Credentials", headers)
            handshake = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13",
                         "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=="}
            tail = ("GET", '/loki/api/v1/tail?query={a="b"}')
            self.assertEqual(ask(server, cookie, *tail, **handshake, Origin="http://evil.example")[0], 403)
            self.assertEqual(log_in(server, self.secret, Origin="http://evil.example")[0], 403, "nor log in for somebody")

    def test_logins_are_audited_without_secrets(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "audit.log")
            with self.server(f"--audit_log_file={path}") as server:
                log_in(server, "tg_guess")
                _, cookie = log_in(server, self.secret)
                ask(server, cookie, "DELETE", "/ui/session", Sec_Fetch_Site="same-origin")
                with open(path, encoding="utf-8") as file:
                    text = file.read()
            lines = [json.loads(line) for line in text.splitlines()]
            self.assertEqual([(line["action"], line["status"], line["by_key"]) for line in lines],
                             [("log_in", 401, ""), ("log_in", 204, "k1"), ("log_out", 204, "k1")])
            for secret in (self.secret, cookie.split("=")[1]):
                self.assertNotIn(secret, text)


class Gateways(Keys):
    def test_every_gateway_knows_every_session(self):
        with Cluster(flags=(f"--config={self.config}",)) as cluster:
            one = cluster.gateway
            with Server(target="gateway", flags=one.flags) as two:
                status, cookie = log_in(one, self.secret)
                self.assertEqual(status, 204, cookie)
                self.assertEqual(ask(two, cookie, path="/api/v1/status/buildinfo")[0], 200, "at once")
                self.assertEqual(ask(two, cookie, "DELETE", "/ui/session")[0], 204)
                self.assertEqual(ask(two, cookie)[0], 401)
                deadline = time.monotonic() + 5
                while ask(one, cookie, path="/api/v1/status/buildinfo")[0] != 401:
                    self.assertLess(time.monotonic(), deadline)
                    time.sleep(0.1)
                cluster.store.kill()
                self.assertEqual(log_in(one, self.secret)[0], 503)
                cluster.store.start()


class Files(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())
        if cls.server.request("GET", "/")[0] != 302:
            raise unittest.SkipTest("the server was built without its page")

    def get(self, path, method="GET", **headers):
        return self.server.request(method, path, headers={n.replace("_", "-"): v for n, v in headers.items()})

    def test_the_root_leads_to_the_page(self):
        status, _, headers = self.get("/")
        self.assertEqual((status, headers["Location"]), (302, "ui/"))
        status, body, headers = self.get("/ui/")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertIn(b'<div id="page">', body)
        self.assertNotIn(b"<style", body)
        self.assertIsNone(re.search(rb"<script(?![^>]*src=)", body), "no inline script")
        self.assertEqual(self.get("/ui/metrics")[1], body)

    def test_files_are_compressed_once_and_kept_for_ever(self):
        path = "/ui/" + re.search(rb'src="\./(assets/[^"]+\.js)"', self.get("/ui/")[1]).group(1).decode()
        _, plain, headers = self.get(path)
        self.assertEqual(headers["Content-Type"], "text/javascript; charset=utf-8")
        self.assertIn("immutable", headers["Cache-Control"])
        status, packed, headers = self.get(path, Accept_Encoding="gzip")
        self.assertEqual((status, headers["Content-Encoding"]), (200, "gzip"))
        self.assertEqual(gzip.decompress(packed), plain)
        self.assertEqual(self.get(path, Accept_Encoding="deflate")[0], 200)
        self.assertEqual(self.get(path, If_None_Match=headers["ETag"])[:2], (304, b""))
        status, body, headers = self.get(path, "HEAD")
        self.assertEqual((status, body, headers["Content-Length"]), (200, b"", str(len(plain))))
        self.assertEqual(self.get("/ui/assets/none.js")[0], 404)

    def test_the_policy_has_no_exception(self):
        for path in ("/", "/ui/", "/ui/status", "/ui/assets/none.js"):
            headers = self.get(path)[2]
            policy = headers["Content-Security-Policy"]
            self.assertIn("default-src 'none'; script-src 'self'; style-src 'self';", policy)
            self.assertIn("frame-ancestors 'none'", policy)
            self.assertNotIn("unsafe", policy)
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(headers["Referrer-Policy"], "same-origin")

    def test_what_is_asked_for_gets_nowhere_into_the_page(self):
        for path in ("/ui/%3Cscript%3E", "/ui/..%2f..%2fetc%2fpasswd", "/ui/assets/..%2findex.html", "/ui/a?%3Cb%3E"):
            status, body, headers = self.get(path)
            self.assertIn(status, (200, 404), path)
            self.assertNotIn(b"<script>", body.replace(b'<script type="module"', b""))
            self.assertNotIn(b"root:", body)
            self.assertIn("Content-Security-Policy", headers)


if __name__ == "__main__":
    unittest.main()
