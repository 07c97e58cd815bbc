#!/usr/bin/python3
"""Keys as an administrator meets them: made by the tool, refused without, revoked without a restart."""

import os
import subprocess
import tempfile
import time
import unittest

import remote_write
from server import BINARY, Server

NOW = int(time.time() * 1000)


def create_key(key_id, *flags):
    """The secret, and the entry for the configuration file."""
    made = subprocess.run(
        [BINARY, "key", "create", key_id, *flags], capture_output=True, text=True, check=True
    )
    secret, entry = made.stdout.splitlines()
    return secret, entry.removeprefix("- ")


class Keys(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="tidegate-keys-")
        self.addCleanup(self.directory.cleanup)
        self.config = os.path.join(self.directory.name, "config.yaml")
        self.secrets, entries = {}, {}
        for tenant in ("a", "b"):
            self.secrets[tenant], entries[tenant] = create_key(f"key-of-{tenant}")
        self.both = "tenants:\n" + "".join(
            f"  - name: {tenant}\n    keys: [{entry}]\n" for tenant, entry in entries.items()
        )
        self.only_a = f"tenants:\n  - name: a\n    keys: [{entries['a']}]\n  - name: b\n"

    def write(self, text):
        """As a mounted configuration is replaced: another file under the same name."""
        with open(self.config + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(self.config + ".new", self.config)

    def push(self, server, secret, value):
        body = remote_write.snappy(
            remote_write.request([remote_write.series({"__name__": "up"}, [(NOW, value)])])
        )
        headers = {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"}
        if secret:
            headers["Authorization"] = f"Bearer {secret}"
        return server.request("POST", "/api/v1/push", body, headers)[0]

    def ask(self, server, secret):
        return server.request("GET", "/api/v1/query?query=up", headers={"X-Api-Key": secret})

    def test_each_sees_its_own(self):
        self.write(self.both)
        with Server(flags=[f"--config={self.config}"]) as server:
            self.assertEqual(self.push(server, None, 0.0), 401)
            self.assertEqual(self.push(server, "tg_guess", 0.0), 401)
            for value, tenant in ((1.0, "a"), (2.0, "b")):
                self.assertEqual(self.push(server, self.secrets[tenant], value), 204)
            for value, tenant in (("1", "a"), ("2", "b")):
                status, body, _ = self.ask(server, self.secrets[tenant])
                self.assertEqual(status, 200)
                self.assertIn(f',"{value}"]'.encode(), body)
            status, body, _ = server.request(
                "GET", "/api/v1/status/config", headers={"X-Api-Key": self.secrets["a"]}
            )
            self.assertEqual(status, 403, body)

    def test_a_revoked_key_fails_within_five_seconds(self):
        self.write(self.both)
        with Server(flags=[f"--config={self.config}"]) as server:
            self.assertEqual(self.ask(server, self.secrets["b"])[0], 200)
            self.write(self.only_a)
            deadline = time.monotonic() + 5
            while self.ask(server, self.secrets["b"])[0] != 401:
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.1)
            self.assertEqual(self.ask(server, self.secrets["a"])[0], 200)

    def test_a_key_for_another_tenant_and_some_addresses(self):
        reader, reads = create_key("reader", "--permissions=read", "--read_tenants=a", "--allow_ips=127.0.0.0/8,::1")
        distant, far = create_key("distant", "--permissions=read", "--allow_ips=192.0.2.0/24")
        self.write(self.both + f"  - name: c\n    keys: [{reads}, {far}]\n")
        with Server(flags=[f"--config={self.config}"]) as server:
            self.assertEqual(self.push(server, self.secrets["a"], 1.0), 204)
            status, body, _ = server.request(
                "GET", "/api/v1/query?query=up", headers={"X-Api-Key": reader, "X-Scope-OrgID": "a|c"})
            self.assertEqual(status, 200, body)
            self.assertIn(b'"__tenant_id__":"a"', body)
            status, body, _ = server.request(
                "GET", "/api/v1/query?query=up", headers={"X-Api-Key": reader, "X-Scope-OrgID": "b|c"})
            self.assertEqual(status, 403, body)
            self.assertEqual(self.ask(server, distant)[0], 403)

    def test_a_mistake_in_the_file_changes_nothing(self):
        self.write(self.both)
        with Server(flags=[f"--config={self.config}"]) as server:
            self.write("tenants: [{name: a, keys: none}]\n")
            deadline = time.monotonic() + 5
            while "stays as it was" not in server.log_text():
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.1)
            self.assertEqual(self.ask(server, self.secrets["a"])[0], 200)


if __name__ == "__main__":
    unittest.main()
