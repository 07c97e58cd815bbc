#!/usr/bin/python3
"""`tidegate import prometheus` of what a real Prometheus has written: as many samples as promtool
finds in it, and the same ones. PROMETHEUS and PROMTOOL name other binaries than those in the path."""

import hashlib
import json
import math
import os
import random
import re
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

import remote_write
from peers import available, free_port
from server import BINARY, Server

PROMETHEUS = os.environ.get("PROMETHEUS", "prometheus")
PROMTOOL = os.environ.get("PROMTOOL", "promtool")
NOW = int(time.time() * 1000) - 5000
STEP = 15000
SERIES = int(os.environ.get("SERIES", "60"))
SAMPLES = int(os.environ.get("SAMPLES", "700"))  # Of each; more than one chunk, more than a block.


class Prometheus:
    """With a remote-write receiver and nothing to scrape."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        with open(f"{folder}/empty.yml", "w", encoding="utf-8"):
            pass
        self.process = subprocess.Popen(
            [
                PROMETHEUS,
                f"--config.file={folder}/empty.yml",
                f"--storage.tsdb.path={folder}/data",
                f"--web.listen-address=127.0.0.1:{self.port}",
                "--web.enable-remote-write-receiver",
                "--web.enable-admin-api",
                "--enable-feature=native-histograms",
                "--log.level=error",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(200):
            try:
                self.ask("/-/ready")
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("Prometheus does not get ready")

    def ask(self, path, body=None, headers=None, method=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", body, headers or {}, method=method
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def push(self, series):
        headers = {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"}
        self.ask("/api/v1/write", remote_write.snappy(remote_write.request(series)), headers)

    def snapshot(self):
        name = json.loads(self.ask("/api/v1/admin/tsdb/snapshot", method="POST"))["data"]["name"]
        return f"{self.folder}/data/snapshots/{name}"

    def close(self):
        self.process.terminate()
        self.process.wait(30)


def fill(prometheus):
    chance = random.Random(1)
    start = NOW - SAMPLES * STEP
    for first in range(0, SAMPLES, 100):
        times = [start + i * STEP for i in range(first, min(SAMPLES, first + 100))]
        body = []
        for n in range(SERIES):
            labels = {"__name__": f"metric_{n % 7}", "n": str(n), "host": f"h{n % 5}"}
            values = [float(t // 1000 % 1000 * (n + 1)) if n % 3 else chance.random() for t in times]
            if n == 4:
                values = [chance.choice([math.nan, math.inf, -math.inf, 1e-300, 0.0]) for _ in times]
            body.append(remote_write.series(labels, list(zip(times, values))))
        prometheus.push(body)
        native = remote_write.series({"__name__": "native"}, [])
        for i, t in enumerate(times, start=first):
            native += remote_write.histogram(t, 1, 5 * i, 7.5 * i, [3 * i, -i], 0)
        prometheus.push([native])


def number(text):
    return "NaN" if math.isnan(float(text)) else repr(float(text))


def digest(points):
    """Count and a checksum of (series, time, value)."""
    lines = sorted(points)
    return len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest()


def dumped(snapshot):
    os.makedirs(f"{snapshot}/wal", exist_ok=True)  # promtool wants one, empty or not.
    text = subprocess.run(
        [PROMTOOL, "tsdb", "dump", snapshot], capture_output=True, text=True, check=True
    ).stdout
    for line in text.splitlines():
        found = re.fullmatch(r"(\{.*\}) (\S+) (-?\d+)", line)
        if not found or "{" in found.group(2):
            continue  # A histogram, which promtool prints in words.
        labels = dict(re.findall(r'(\w+)="([^"]*)"', found.group(1)))
        if labels["__name__"] != "native":
            yield f"{sorted(labels.items())} {found.group(3)} {number(found.group(2))}"


def exported(server):
    query = urllib.parse.urlencode({"match[]": '{__name__=~"metric_.*"}'})
    body = server.request("GET", f"/api/v1/export?{query}")[1]
    special = {None: "nan", "Infinity": "inf", "-Infinity": "-inf"}
    for line in body.decode().splitlines():
        read = json.loads(line)
        for value, t in zip(read["values"], read["timestamps"]):
            if value is None or isinstance(value, str):
                value = special[value]
            yield f"{sorted(read['metric'].items())} {t} {number(value)}"


@unittest.skipUnless(available(PROMETHEUS, PROMTOOL), "needs prometheus")
class Import(unittest.TestCase):
    def test_everything_is_read_back(self):
        with tempfile.TemporaryDirectory(prefix="tidegate-import-") as folder, Server() as server:
            prometheus = Prometheus(folder)
            try:
                fill(prometheus)
                snapshot = prometheus.snapshot()
            finally:
                prometheus.close()
            url = f"http://127.0.0.1:{server.http_port}"
            for _ in range(2):  # Sending everything again is no harm.
                start = time.monotonic()
                done = subprocess.run(
                    [BINARY, "import", "prometheus", snapshot, f"--server={url}"],
                    capture_output=True,
                    text=True,
                    check=False,
                )
                seconds = time.monotonic() - start
                self.assertEqual(done.returncode, 0, done.stderr)
                expected = f"sent {SERIES * SAMPLES} samples and {SAMPLES} histograms of"
                self.assertIn(expected, done.stdout)
            print(f"\n{done.stdout.strip()} in {seconds:.2f} s")
            self.assertEqual(digest(exported(server)), digest(dumped(snapshot)))
            server.flush()
            self.assertEqual(digest(exported(server))[0], SERIES * SAMPLES)
            counted = server.query("sum(count_over_time(native[1d]))", NOW / 1000)
            self.assertEqual(counted[0]["value"][1], str(SAMPLES))
            last = server.query("histogram_sum(native)", (NOW - STEP) / 1000)
            self.assertEqual(last[0]["value"][1], str(7.5 * (SAMPLES - 1)))

    def test_mistakes(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [BINARY, "import", "prometheus", folder], capture_output=True, text=True, check=False
            )
            self.assertEqual(done.returncode, 1)
            self.assertIn("holds no block", done.stderr)


if __name__ == "__main__":
    unittest.main()
