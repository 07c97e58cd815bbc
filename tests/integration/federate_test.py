#!/usr/bin/python3
"""A real Prometheus scrapes /federate, in text, and in protobuf where native histograms are on.

PROMETHEUS names another binary than the one in the path."""

import json
import os
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

import remote_write
from peers import available, free_port
from server import Server

PROMETHEUS = os.environ.get("PROMETHEUS", "prometheus")


class Scraper:
    """A Prometheus whose only target is Tidegate's /federate."""

    def __init__(self, tidegate_port, *flags):
        self.folder = tempfile.TemporaryDirectory(prefix="tidegate-federate-")
        self.port = free_port()
        job = {
            "job_name": "federate",
            "honor_labels": True,
            "metrics_path": "/federate",
            "params": {"match[]": ['{job="demo"}']},
            "scrape_interval": "1s",
            "static_configs": [{"targets": [f"127.0.0.1:{tidegate_port}"]}],
        }
        with open(f"{self.folder.name}/prometheus.yml", "w", encoding="utf-8") as file:
            json.dump({"scrape_configs": [job]}, file)
        self.process = subprocess.Popen(
            [
                PROMETHEUS,
                f"--config.file={self.folder.name}/prometheus.yml",
                f"--storage.tsdb.path={self.folder.name}/data",
                f"--web.listen-address=127.0.0.1:{self.port}",
                "--log.level=error",
                *flags,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def vector(self, query):
        """{labels without __name__: value}, empty while Prometheus is starting."""
        url = f"http://127.0.0.1:{self.port}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                result = json.loads(answer.read())["data"]["result"]
        except OSError:
            return {}
        return {
            tuple(sorted((k, v) for k, v in s["metric"].items() if k != "__name__")): s["value"][1]
            for s in result
        }

    def wait_for(self, query):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            found = self.vector(query)
            if found:
                return found
            time.sleep(0.2)
        return {}

    def close(self):
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()


@unittest.skipUnless(available(PROMETHEUS), "Debian's prometheus is not installed")
class Federate(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.server.__enter__()
        self.addCleanup(self.server.__exit__, None, None, None)
        now = int(time.time() * 1000) - 500
        demo = {"job": "demo", "instance": "x:1"}
        body = [
            remote_write.series({"__name__": "demo_total", **demo}, [(now, 41.5)]),
            remote_write.series({"__name__": "demo_total", "job": "other"}, [(now, 7.0)]),
            remote_write.series({"__name__": "demo_native", **demo}, [])
            + remote_write.histogram(now, 1, 6, 12.5, [3, -1], 1),
        ]
        self.server.push_body(remote_write.snappy(remote_write.request(body)))
        self.demo = (("instance", "x:1"), ("job", "demo"))

    def scraper(self, *flags):
        scraper = Scraper(self.server.http_port, *flags)
        self.addCleanup(scraper.close)
        return scraper

    def test_text(self):
        scraper = self.scraper()
        self.assertEqual(scraper.wait_for("demo_total"), {self.demo: "41.5"})
        self.assertEqual(scraper.vector("demo_native"), {})

    def test_protobuf_with_native_histograms(self):
        scraper = self.scraper("--enable-feature=native-histograms")
        self.assertEqual(scraper.wait_for("histogram_count(demo_native)"), {self.demo: "6"})
        self.assertEqual(scraper.vector("histogram_sum(demo_native)"), {self.demo: "12.5"})
        ours = self.server.query("histogram_quantile(0.7, demo_native)", time.time())
        theirs = scraper.vector("histogram_quantile(0.7, demo_native)")
        self.assertEqual(len(ours), 1)
        version = json.loads(
            urllib.request.urlopen(
                f"http://127.0.0.1:{scraper.port}/api/v1/status/buildinfo", timeout=10
            ).read()
        )["data"]["version"]
        if not version.startswith("2."):  # Which interpolates in another way.
            self.assertAlmostEqual(float(theirs[self.demo]), float(ours[0]["value"][1]))
        self.assertEqual(scraper.vector("demo_total"), {self.demo: "41.5"})


if __name__ == "__main__":
    unittest.main()
