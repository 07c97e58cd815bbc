#!/usr/bin/python3
"""OTLP metrics and pushed expositions against the real program, read back by PromQL."""

import gzip
import json
import re
import tempfile
import time
import unittest

from server import Server

NOW = int(time.time() * 1000) - 1000
CONFIG = """
otlp: {promote_resource_attributes: [deployment]}
write_relabel_configs:
  - {source_labels: [__name__], regex: noisy_.*, action: drop}
  - {source_labels: [__name__], regex: renamed, target_label: team, replacement: shop}
"""


def point(value, at_ms=NOW, **fields):
    return {"asDouble": value, "timeUnixNano": str(at_ms * 10**6), **fields}


def request(*metrics, **resource):
    attributes = {"service.name": "shop", "service.instance.id": "i1", **resource}
    return {
        "resourceMetrics": [
            {
                "resource": {
                    "attributes": [
                        {"key": k, "value": {"stringValue": v}} for k, v in attributes.items()
                    ]
                },
                "scopeMetrics": [{"metrics": list(metrics)}],
            }
        ]
    }


def counter(name, *points, temporality=2):
    data = {"aggregationTemporality": temporality, "isMonotonic": True, "dataPoints": points}
    return {"name": name, "sum": data}


class OtlpMetrics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        path = cls.folder.name + "/config.yml"
        with open(path, "w", encoding="utf-8") as file:
            file.write(CONFIG)
        cls.server = Server(flags=[f"--config={path}"]).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
        cls.folder.cleanup()

    def push(self, message, path="/otlp/v1/metrics"):
        body = gzip.compress(json.dumps(message).encode())
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        status, answer, _ = self.server.request("POST", path, body, headers)
        return status, json.loads(answer)

    def importing(self, text, query="", content_type="text/plain"):
        path = "/api/v1/import/prometheus" + query
        headers = {"Content-Type": content_type}
        return self.server.request("POST", path, text.encode(), headers)[0]

    def values(self, expression):
        found = self.server.query(expression, NOW / 1000)
        return [(s["metric"], s["value"][1]) for s in found]

    def test_every_kind_is_read_back(self):
        gauge = {"name": "mem.usage", "unit": "By", "gauge": {"dataPoints": [point(7)]}}
        histogram = {
            "name": "latency",
            "unit": "s",
            "histogram": {
                "aggregationTemporality": 2,
                "dataPoints": [
                    point(0, count="6", sum=3, bucketCounts=["1", "2", "3"], explicitBounds=[1, 2])
                ],
            },
        }
        exponential = {
            "name": "exponential",
            "exponentialHistogram": {
                "aggregationTemporality": 2,
                "dataPoints": [
                    point(0, count="3", sum=4, scale=0, positive={"bucketCounts": ["1", "2"]})
                ],
            },
        }
        quantiles = [{"quantile": 0.5, "value": 9}]
        summary = {
            "name": "summary",
            "summary": {"dataPoints": [point(0, count="1", sum=2, quantileValues=quantiles)]},
        }
        message = request(gauge, counter("requests", point(5)), histogram, exponential, summary)
        self.assertEqual(self.push(message), (200, {}))
        identity = {"job": "shop", "instance": "i1"}
        for _ in range(2):
            self.assertEqual(
                self.values("mem_usage_bytes"), [({"__name__": "mem_usage_bytes", **identity}, "7")]
            )
            self.assertEqual(self.values("sum(requests_total)"), [({}, "5")])
            self.assertEqual(
                self.values("histogram_quantile(0.5, latency_seconds_bucket)"), [(identity, "2")]
            )
            self.assertEqual(self.values("histogram_count(exponential)"), [(identity, "3")])
            self.assertEqual(self.values("histogram_quantile(1, exponential)"), [(identity, "4")])
            self.assertEqual(self.values('sum(summary{quantile="0.5"})'), [({}, "9")])
            self.server.flush()

    def test_resources(self):
        message = request(counter("described", point(1)), deployment="blue", host="h")
        self.assertEqual(self.push(message, "/api/v1/otlp/v1/metrics"), (200, {}))
        self.assertEqual(self.values("described_total")[0][0]["deployment"], "blue")
        info = self.values("target_info")[0][0]
        self.assertEqual((info["host"], info["deployment"]), ("h", "blue"))

    def test_deltas_add_up_and_what_is_refused_is_told(self):
        for i in range(3):
            delta = counter("deltas", point(2, NOW - 2 + i), temporality=1)
            self.assertEqual(self.push(request(delta)), (200, {}))
        late = counter("deltas", point(2, NOW - 10), temporality=1)
        status, answer = self.push(request(late, counter("fine", point(1))))
        self.assertEqual((status, answer["partialSuccess"]["rejectedDataPoints"]), (200, "1"))
        self.assertIn("older than the last one", answer["partialSuccess"]["errorMessage"])
        self.assertEqual(self.values("sum(deltas_total)"), [({}, "6")])
        self.assertEqual(self.values("sum(fine_total)"), [({}, "1")])

    def test_refusals(self):
        self.assertEqual(self.push([])[0], 400)
        headers = {"Content-Type": "text/plain"}
        self.assertEqual(self.server.request("POST", "/otlp/v1/metrics", b"", headers)[0], 415)

    def test_expositions_are_imported(self):
        query = f"?extra_label=job=batch&timestamp={NOW}"
        self.assertEqual(self.importing("# TYPE done counter\ndone 3\n", query), 204)
        self.assertEqual(self.values("done"), [({"__name__": "done", "job": "batch"}, "3")])
        text = f"# TYPE om counter\nom_total 4 {NOW / 1000}\n# EOF\n"
        self.assertEqual(self.importing(text, "", "application/openmetrics-text"), 204)
        self.assertEqual(self.values("om_total"), [({"__name__": "om_total"}, "4")])
        self.assertEqual(self.importing("broken{ 1\n"), 400)

    def test_relabelling_holds_for_every_protocol(self):
        text = "noisy_a 1\nrenamed 2\n"
        self.assertEqual(self.importing(text, f"?timestamp={NOW}"), 204)
        self.server.push([({"__name__": "noisy_b"}, [(NOW, 1.0)])])
        self.push(request({"name": "noisy.c", "gauge": {"dataPoints": [point(1)]}}))
        self.assertEqual(self.values('{__name__=~"noisy_.*"}'), [])
        self.assertEqual(self.values("renamed")[0][0]["team"], "shop")
        metrics = self.server.request("GET", "/-/metrics")[1].decode()
        found = re.search(r'rejected_samples_total\{[^}]*"write_relabelling"[^}]*\} (\d+)', metrics)
        self.assertGreaterEqual(int(found.group(1)), 3)


if __name__ == "__main__":
    unittest.main()
