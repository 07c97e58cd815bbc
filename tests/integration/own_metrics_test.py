#!/usr/bin/python3
"""The server's own metrics: scraped by a Prometheus at both endpoints, linted by promtool, asked as
MicroProfile's tools ask; and what a Liberty server exposes in that form is scraped and pushed."""

import json
import os
import re
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

from exporters import TEXT, Exporter, eventually
from peers import available, free_port
from scrape_test import Folder, job, value
from server import Server

JSON = {"Accept": "application/json"}
# As a guide to Liberty prints it: with blanks at the ends of lines and two before a number.
LIBERTY = """\
# TYPE application:cost_dollars gauge
# HELP application:cost_dollars The running cost of the server in dollars.
application:cost_dollars 80       \x20
# TYPE application:visitors counter
# HELP application:visitors The number of unique visitors
application:visitors 80
# TYPE application:requests_count counter\x20
# HELP application:requests_count Tracks the number of requests to the server\x20
application:requests_count 29382
# TYPE application:requests_rate_per_second gauge\x20
application:requests_rate_per_second 12.223
# TYPE application:file_sizes_mean_bytes gauge
application:file_sizes_mean_bytes 4738.231
# TYPE application:file_sizes_bytes summary
# HELP application:file_sizes_bytes Users file size
application:file_sizes_bytes_count 2037
application:file_sizes_bytes{quantile="0.5"} 4201
application:file_sizes_bytes{quantile="0.999"} 31716
# TYPE application:response_time_rate_per_second gauge\x20
application:response_time_rate_per_second  0.004292520715985437
# TYPE application:response_time_one_min_rate_per_second gauge\x20
application:response_time_one_min_rate_per_second  2.794076465421066E-14
# TYPE application:response_time_five_min_rate_per_second  gauge\x20
application:response_time_five_min_rate_per_second  4.800392614619373E-4
# TYPE application:response_time_seconds summary\x20
# HELP application:response_time_seconds Server response time for /index.html
application:response_time_seconds_count 80
application:response_time_seconds{quantile="0.5"} 0.0002933240
"""


class Prometheus:
    """One that scrapes the given jobs every second."""

    def __init__(self, jobs, **more):
        self.folder = tempfile.TemporaryDirectory(prefix="tidegate-prometheus-")
        config = os.path.join(self.folder.name, "prometheus.yml")
        with open(config, "w", encoding="utf-8") as file:
            json.dump({"global": {"scrape_interval": "1s"}, "scrape_configs": jobs, **more}, file)
        self.url = f"http://127.0.0.1:{free_port()}"
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={self.folder.name}/data",
             f"--web.listen-address={self.url[7:]}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def value(self, expression):
        query = urllib.parse.urlencode({"query": expression})
        with urllib.request.urlopen(f"{self.url}/api/v1/query?{query}", timeout=10) as answer:
            result = json.load(answer)["data"]["result"]
        return float(result[0]["value"][1]) if result else None

    def close(self):
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()


def busy(server):
    """So that every kind of metric has values."""
    server.push([({"__name__": "m", "i": str(i)}, [(int(time.time() * 1000), 1.0)]) for i in range(50)])
    server.query("sum(m)")


class OwnMetrics(unittest.TestCase):
    def prometheus(self, jobs, **more):
        if not available("prometheus"):
            self.skipTest("no prometheus")
        peer = Prometheus(jobs, **more)
        self.addCleanup(peer.close)
        return peer

    def test_a_prometheus_scrapes_both_endpoints(self):
        with Server() as server:
            busy(server)
            peer = self.prometheus([job("buckets", server.http_port, "/-/metrics"),
                                    job("microprofile", server.http_port, "/metrics")])

            def scraped():
                for name in ("buckets", "microprofile"):
                    self.assertEqual(peer.value(f'up{{job="{name}"}}'), 1)
                    self.assertGreater(peer.value(f'scrape_samples_scraped{{job="{name}"}}'), 100)
                self.assertEqual(peer.value("tidegate_ingest_samples_total"), 50)
                self.assertEqual(peer.value("application:ingest_samples_default_count"), 50)
                self.assertGreater(peer.value("base:thread_count"), 5)

            eventually(scraped)

    def test_promtool(self):
        if not available("promtool"):
            self.skipTest("no promtool")
        with Server() as server:
            busy(server)
            for path in ("/-/metrics", "/metrics"):
                _, text, _ = server.request("GET", path)
                checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True)
                if path == "/-/metrics":
                    self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, b"", b""))
                else:  # It parses; what the linter minds is the form's.
                    self.assertIn(checked.returncode, (0, 3), checked.stderr)

    def test_the_same_figures_in_both_forms(self):
        with Server() as server:
            busy(server)
            _, text, _ = server.request("GET", "/metrics/application")
            _, body, _ = server.request("GET", "/metrics/application", headers=JSON)
            values = json.loads(body)
            samples = re.search(rb"^application:ingest_samples_default_count\S* (\S+)$", text, re.M)
            self.assertEqual(float(samples.group(1)), values["ingest.samples.default"]["count"])
            pushes = values["ingest.pushDuration"]
            self.assertEqual(pushes["count"], 1)
            self.assertEqual(pushes["min"], pushes["max"])
            self.assertLess(1000, pushes["max"])  # Nanoseconds: no push takes a microsecond.
            self.assertEqual(values["ingest.push"]["count"], 1)  # Its size.
            _, buckets, _ = server.request("GET", "/-/metrics")
            self.assertIn(b"tidegate_ingest_push_bytes_count 1\n", buckets)

    def test_every_metric_can_be_asked_for_alone(self):
        with Server() as server:
            busy(server)
            _, body, _ = server.request("OPTIONS", "/metrics", headers=JSON)
            tree = json.loads(body)
            self.assertEqual(sorted(tree), ["application", "base", "vendor"])
            types = set()
            for scope, metrics in tree.items():
                for name, about in metrics.items():
                    path = f"/metrics/{scope}/{urllib.parse.quote(name, safe='')}"
                    status, one, _ = server.request("GET", path, headers=JSON)
                    self.assertEqual(status, 200, path)
                    self.assertEqual(list(json.loads(one)), [name])
                    types.add(about["type"])
            self.assertEqual(types, {"counter", "gauge", "meter", "histogram", "timer"})

    def test_tags_of_the_process(self):
        with Server(flags=["--metrics_tags=tier=integration"]) as server:
            _, text, _ = server.request("GET", "/metrics/base/thread.max.count")
            self.assertIn(b'base:thread_max_count{tier="integration"} ', text)
        with Server(env={"MP_METRICS_TAGS": "tier=environment"}) as server:
            _, text, _ = server.request("GET", "/metrics/base/thread.max.count")
            self.assertIn(b'{tier="environment"} ', text)
        with self.assertRaisesRegex(RuntimeError, "is no tag"):
            Server(flags=["--metrics_tags=tier"]).__enter__()

    def test_log_lines_are_json_and_slow_requests_are_in_them(self):
        with Server(flags=["--log_format=json", "--slow_request_threshold=1ms"]) as server:
            server.push([({"__name__": "m"}, [(int(time.time() * 1000), 1.0)])])
            server.flush()  # Takes longer than a millisecond: it syncs.
            self.assertEqual(server.terminate(), 0)
            lines = [json.loads(line) for line in server.log[1:]]
        self.assertEqual({tuple(line) for line in lines}, {("ts", "level", "msg")})
        slow = [line["msg"] for line in lines if line["msg"].startswith("slow request: POST /-/flush answered 204")]
        self.assertEqual(len(slow), 1, lines)
        self.assertRegex(slow[0], r"after \d+\.\d+ s, from 127\.0\.0\.1:\d+, request id \S+$")

    # --- Of a Liberty server ---

    def test_liberty_is_scraped(self):
        exporter = Exporter({"metrics": (TEXT, LIBERTY)})
        self.addCleanup(exporter.close)
        with Folder() as folder, Server(flags=[folder.scrape([job("liberty", exporter.port)])]) as server:
            eventually(lambda: self.assertEqual(value(server, "up"), 1))
            for expression, expected in (
                ("application:cost_dollars", 80), ("application:requests_count", 29382),
                ('application:file_sizes_bytes{quantile="0.999"}', 31716),
                ("application:response_time_five_min_rate_per_second", 4.800392614619373e-4),
                ("application:response_time_seconds_count", 80),
            ):
                self.assertEqual(value(server, expression), expected, expression)

    def test_liberty_is_pushed(self):
        tidy = re.sub(r" +", " ", re.sub(r" +\n", "\n", LIBERTY))
        exporter = Exporter({"metrics": (TEXT, tidy)})
        self.addCleanup(exporter.close)
        with Server() as server:
            self.prometheus([job("liberty", exporter.port)],
                            remote_write=[{"url": f"http://127.0.0.1:{server.http_port}/api/v1/push"}])
            eventually(lambda: self.assertEqual(
                value(server, 'application:response_time_seconds{quantile="0.5"}'), 0.000293324))


if __name__ == "__main__":
    unittest.main()
