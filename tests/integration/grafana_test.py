#!/usr/bin/python3
"""The calls of Grafana's Prometheus data source, as its back end sends them, and the fields it reads."""

import json
import time
import unittest
import urllib.parse

import remote_write
from peers import free_port
from server import Server
from services_test import Cluster

NOW = int(time.time()) // 15 * 15
BEGIN = NOW - 3600
HEADERS = {
    "X-Dashboard-UID": "dash",
    "X-Panel-Id": "2",
    "X-Grafana-Org-Id": "1",
    "User-Agent": "Grafana/12.2.0",
    "Accept-Encoding": "gzip",
}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def fill(server):
    samples = [((BEGIN + i) * 1000, float(i)) for i in range(0, 3601, 15)]
    requests = {"__name__": "http_requests_total", "job": "shop", "code": "200"}
    series = [
        remote_write.series(requests, samples)
        + remote_write.exemplar({"trace_id": "4bf92f"}, 0.25, NOW * 1000),
        remote_write.series(dict(requests, code="500"), samples),
        remote_write.series({"__name__": "up", "job": "shop", "http.x": "ü"}, [(NOW * 1000, 1.0)]),
        remote_write.series({"__name__": "alerts_fired", "job": "shop"}, [(NOW * 1000 - 60000, 1.0)]),
    ] + [
        remote_write.series({"__name__": "latency_bucket", "le": le}, [(t, v * share) for t, v in samples])
        for le, share in (("0.1", 1), ("1", 2), ("+Inf", 4))
    ]
    metadata = [remote_write.metadata("http_requests_total", 1, "Requests.", "")]
    server.push_body(remote_write.snappy(remote_write.request(series, metadata)))


class DataSource:
    """Asks as Grafana does; answers are parsed, and must be JSON with status 200."""

    def __init__(self, server, prefix="/prometheus"):
        self.server, self.prefix = server, prefix

    def get(self, path, **parameters):
        query = "?" + urllib.parse.urlencode(parameters, doseq=True) if parameters else ""
        return self._ask("GET", f"{self.prefix}/api/v1/{path}{query}", None, HEADERS)

    def post(self, path, **parameters):
        body = urllib.parse.urlencode(parameters, doseq=True)
        return self._ask("POST", f"{self.prefix}/api/v1/{path}", body, dict(HEADERS, **FORM))

    def _ask(self, method, target, body, headers):
        import gzip

        status, answer, fields = self.server.request(method, target, body, headers)
        if fields.get("Content-Encoding") == "gzip":
            answer = gzip.decompress(answer)
        assert status == 200, (target, status, answer[:300])
        assert fields["Content-Type"] == "application/json", fields
        parsed = json.loads(answer)
        assert parsed["status"] == "success", parsed
        return parsed["data"]


class Grafana:
    """On every wiring; the subclasses start the servers."""

    def test_save_and_test(self):
        self.assertEqual(
            self.source.post("query", query="1+1", time="4"), {"resultType": "scalar", "result": [4, "2"]}
        )
        build = self.source.get("status/buildinfo")
        # What is asked later depends on the version; with "features" it would take us for Mimir.
        self.assertGreaterEqual(tuple(map(int, build["version"].split("."))), (3, 0, 0))
        self.assertNotIn("features", build)
        self.assertEqual(self.source.get("rules", limit_rules=1), {"groups": []})
        self.assertEqual(self.source.get("alerts"), {"alerts": []})

    def test_start_of_the_language_provider(self):
        window = {"start": BEGIN, "end": NOW, "limit": 40000}
        self.assertEqual(
            self.source.get("labels", **window), ["__name__", "code", "http.x", "job", "le"]
        )
        self.assertEqual(
            self.source.get("label/__name__/values", **window),
            ["alerts_fired", "http_requests_total", "latency_bucket", "up"],
        )
        self.assertEqual(
            self.source.get("metadata", limit=1000),
            {"http_requests_total": [{"type": "counter", "help": "Requests.", "unit": ""}]},
        )
        # Sent at the start to find out whether there are exemplars, with times in milliseconds.
        self.assertEqual(
            self.source.post("query_exemplars", query="test", start=BEGIN * 1000, end=NOW * 1000), []
        )

    def test_variables(self):
        window = {"start": BEGIN, "end": NOW}
        # label_values(http_requests_total, code)
        self.assertEqual(
            self.source.get("label/code/values", **{"match[]": "http_requests_total", **window}),
            ["200", "500"],
        )
        # label_values(code), label_names(), metrics(alerts)
        self.assertEqual(self.source.get("label/code/values", **window), ["200", "500"])
        self.assertIn("code", self.source.get("labels", **window))
        self.assertEqual(
            self.source.get("label/__name__/values", **{"match[]": '{__name__=~".*alerts.*"}', **window}),
            ["alerts_fired"],
        )
        # query_result(...)
        result = self.source.post("query", query="sum by (code) (http_requests_total)", time=NOW)
        self.assertEqual(
            [(series["metric"], series["value"]) for series in result["result"]],
            [({"code": "200"}, [NOW, "3600"]), ({"code": "500"}, [NOW, "3600"])],
        )
        # Series of a metric: GET in some versions, POST in others.
        for ask in (self.source.get, self.source.post):
            self.assertEqual(
                ask("series", **{"match[]": ["up"], "limit": 40000, **window}),
                [{"__name__": "up", "http.x": "ü", "job": "shop"}],
            )

    def test_names_beyond_identifiers(self):
        window = {"start": BEGIN, "end": NOW}
        self.assertEqual(self.source.get("label/U__http_2e_x/values", **window), ["ü"])
        self.assertEqual(
            self.source.get("label/U__http_2e_x/values", **{"match[]": '{"up","http.x"!=""}', **window}),
            ["ü"],
        )
        result = self.source.post("query", query='{"up","http.x"="ü"}', time=NOW)["result"]
        self.assertEqual(result[0]["metric"]["http.x"], "ü")

    def test_a_panel(self):
        result = self.source.post(
            "query_range",
            query="sum(rate(http_requests_total[1m]))",
            start=f"{BEGIN + 600}.000",
            end=f"{NOW}.000",
            step="15",
            timeout="60s",
        )
        self.assertEqual(result["resultType"], "matrix")
        values = result["result"][0]["values"]
        self.assertEqual(len(values), (3600 - 600) // 15 + 1)
        self.assertEqual({round(float(value), 9) for _, value in values}, {2.0})
        heatmap = self.source.post(
            "query_range", query="sum by (le) (rate(latency_bucket[5m]))", start=NOW - 300, end=NOW, step=60
        )
        self.assertEqual([s["metric"]["le"] for s in heatmap["result"]], ["+Inf", "0.1", "1"])
        # A table asks at one time, and must get the same kind for no result at all.
        self.assertEqual(
            self.source.post("query", query="nothing_at_all", time=NOW), {"resultType": "vector", "result": []}
        )

    def test_exemplars_and_annotations(self):
        exemplars = self.source.post(
            "query_exemplars", query="rate(http_requests_total[1m])", start=BEGIN, end=NOW
        )
        self.assertEqual(
            exemplars,
            [
                {
                    "seriesLabels": {"__name__": "http_requests_total", "code": "200", "job": "shop"},
                    "exemplars": [{"labels": {"trace_id": "4bf92f"}, "value": "0.25", "timestamp": NOW}],
                }
            ],
        )
        annotations = self.source.post("query_range", query="alerts_fired", start=BEGIN, end=NOW, step=60)
        self.assertEqual(annotations["result"][0]["values"][0][1], "1")

    def test_the_query_builder(self):
        tree = self.source.get("parse_query", query="rate(up[5m])")
        self.assertEqual((tree["type"], tree["func"]["name"]), ("call", "rate"))
        formatted = self.source.post("format_query", query="sum(rate(up[5m]))by(job)")
        self.assertEqual(formatted, "sum by (job) (rate(up[5m]))")

    def test_what_is_wrong_is_said(self):
        body = urllib.parse.urlencode({"query": "sum(", "time": NOW})
        status, answer, _ = self.server.request(
            "POST", "/prometheus/api/v1/query", body, dict(HEADERS, **FORM)
        )
        self.assertEqual(status, 400)
        parsed = json.loads(answer)
        self.assertEqual((parsed["status"], parsed["errorType"]), ("error", "bad_data"))
        self.assertIn("parse error", parsed["error"])
        # It repeats with GET what is refused with 405; a browser's preflight is let in everywhere.
        self.assertEqual(self.server.request("POST", "/prometheus/api/v1/metadata")[0], 405)
        self.assertEqual(self.server.request("OPTIONS", "/prometheus/api/v1/whatever")[0], 204)


class InOneProcess(Grafana, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())
        fill(cls.server)
        cls.source = DataSource(cls.server)


class ThroughAGateway(Grafana, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        port = free_port()
        cluster = cls.enterClassContext(
            Cluster(gateway_flags=[f"--control_address=127.0.0.1:{port}"])
        )
        flags = [
            f"--store_address=127.0.0.1:{cluster.store.grpc_port}",
            f"--ingester_address=127.0.0.1:{cluster.ingester.grpc_port}",
            f"--querier_address=127.0.0.1:{cluster.querier.grpc_port}",
        ]
        control = Server(target="control", flags=flags)
        control.grpc_port = port
        cls.enterClassContext(control)
        cls.server = cluster.gateway
        fill(cls.server)
        cls.server.flush()  # Everything comes from the store, metadata aside.
        cls.source = DataSource(cls.server)


if __name__ == "__main__":
    unittest.main()
