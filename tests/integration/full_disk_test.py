#!/usr/bin/python3
"""A disk that fills up: pushes get 503 with a reason, queries go on, writing resumes by itself."""

import os
import re
import subprocess
import tempfile
import time
import unittest

from server import Refused, Server

NOW = int(time.time() * 1000) // 1000 * 1000


def batch(number, hosts=200):
    """Values that do not compress, so that the disk fills soon."""
    return [({"__name__": "full", "host": str(h)}, points(number, h)) for h in range(hosts)]


def points(number, host):
    return [
        (NOW - 3600000 + number * 100 + i, (host * 7919 + number * 104729 + i) / 7.0)
        for i in range(50)
    ]


@unittest.skipUnless(os.geteuid() == 0, "mounting a small tmpfs needs root")
class FullDisk(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="tidegate-full-")
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=160m", "tidegate-test", self.folder], check=False
        )
        if mounted.returncode != 0:
            os.rmdir(self.folder)
            self.skipTest("mounting a tmpfs is not allowed here")
        self.addCleanup(os.rmdir, self.folder)  # After the next.
        self.addCleanup(subprocess.run, ["umount", "-l", self.folder], check=False)

    def fill(self):
        with open(os.path.join(self.folder, "ballast"), "wb") as ballast:
            try:
                while True:
                    ballast.write(b"x" * 65536)
                    ballast.flush()
            except OSError:
                pass

    def push_until_refused(self, server, first):
        """Numbers of the batches that were acknowledged, and the refusal."""
        acknowledged = []
        for number in range(first, first + 2000):
            try:
                server.push(batch(number))
                acknowledged.append(number)
            except Refused as refused:
                return acknowledged, refused
        self.fail("the disk never got full")

    def count(self, server):
        result = server.query("sum(count_over_time(full[2h]))", NOW / 1000)
        return int(result[0]["value"][1])

    def test_full_disk(self):
        with Server(directory=os.path.join(self.folder, "data")) as server:
            server.push(batch(0))
            self.fill()
            acknowledged, refused = self.push_until_refused(server, 1)
            self.assertEqual(refused.status, 503)
            self.assertIn("Retry-After", refused.headers)
            self.assertRegex(refused.body.decode().lower(), "space|full")
            expected = (len(acknowledged) + 1) * 200 * 50
            # What was refused may be readable until a restart, but nothing may be missing.
            self.assertGreaterEqual(self.count(server), expected)
            os.unlink(os.path.join(self.folder, "ballast"))
            self.wait_until_writable(server)
            server.push(batch(5000))
            server.kill()
            server.start()
            self.assertGreaterEqual(self.count(server), expected + 200 * 50)
            server.flush()
            self.assertGreaterEqual(self.count(server), expected + 200 * 50)

    def test_cuts_while_the_disk_is_full(self):
        """The store has nowhere to put its cuts: they wait, and go on by themselves."""
        flags = ["--head_cut_interval=1s", "--log_level=warning"]
        with Server(directory=os.path.join(self.folder, "data"), flags=flags) as server:
            server.push(batch(0))
            self.wait_for_metric(server, "tidegate_ingest_cuts_total", 1)
            self.fill()
            acknowledged, refused = self.push_until_refused(server, 1)
            self.assertEqual(refused.status, 503)
            self.assertRegex(refused.body.decode().lower(), "space|full")
            # Some attempts, and pushes and queries between them.
            for failures in range(1, 4):
                self.wait_for_metric(server, "tidegate_ingest_failed_cuts_total", failures)
                acknowledged += self.push_until_refused(server, 5000 + 100 * failures)[0]
                self.check_values(server, [0] + acknowledged)
            process = server.process.pid
            os.unlink(os.path.join(self.folder, "ballast"))
            self.wait_until_writable(server)
            acknowledged.append(4000)
            # Not asked for by a flush.
            cuts = self.metric(server, "tidegate_ingest_cuts_total")
            self.wait_for_metric(server, "tidegate_ingest_cuts_total", cuts + 1)
            server.push(batch(6000))
            acknowledged.append(6000)
            server.flush()
            self.assertEqual(server.process.pid, process)
            self.check_values(server, [0] + acknowledged)
            server.kill()
            server.start()
            self.check_values(server, [0] + acknowledged)

    def metric(self, server, name):
        text = server.request("GET", "/-/metrics")[1].decode()
        return float(re.search(rf"^{name} (\S+)$", text, re.MULTILINE).group(1))

    def wait_for_metric(self, server, name, least):
        deadline = time.monotonic() + 30
        while self.metric(server, name) < least:
            self.assertLess(time.monotonic(), deadline, f"{name} never got to {least}")
            time.sleep(0.1)

    def check_values(self, server, numbers):
        """What was refused may be there, too, but only once."""
        for host in (0, 77, 199):
            values = server.query(f'full{{host="{host}"}}[2h]', NOW / 1000)[0]["values"]
            found = {round(t * 1000): float(v) for t, v in values}
            self.assertEqual(len(found), len(values))
            for number in numbers:
                for timestamp, value in points(number, host):
                    self.assertEqual(found.get(timestamp), value, f"host {host}, batch {number}")
        self.assertGreaterEqual(self.count(server), len(numbers) * 200 * 50)

    def wait_until_writable(self, server):
        deadline = time.monotonic() + 30
        while True:
            try:
                server.push(batch(4000))
                return
            except Refused as refused:
                self.assertEqual(refused.status, 503)
                self.assertLess(time.monotonic(), deadline, "writing did not resume by itself")
                time.sleep(0.2)


if __name__ == "__main__":
    unittest.main()
