#!/usr/bin/python3
"""The calls of Grafana's Loki data source and of Logs Drilldown, as they are made, against a server
with data; over one process and over four."""

import json
import time
import unittest
import urllib.parse

import logs
from server import Server
from services_test import Cluster

SECOND = 10**9
NOW = int(time.time()) * SECOND
START, END = NOW - 3600 * SECOND, NOW
LINES = 120
SOURCE = "grafana-lokiexplore-app"


def line(i):
    status = 500 if i % 10 == 0 else 200
    return json.dumps(
        {"level": "error" if status == 500 else "info", "status": status, "duration": f"{i % 50}ms"}
    )


def fill(server):
    """`web` speaks JSON, one line every ten seconds; `db` speaks logfmt and has structured metadata."""
    web = [[START + (i + 1) * 10 * SECOND, line(i)] for i in range(LINES)]
    db = [
        [START + (i + 1) * 10 * SECOND, f"level=warn took={i}ms rows={i}", {"trace_id": f"t{i}"}]
        for i in range(LINES)
    ]
    body = logs.loki_json(
        [({"app": "web", "namespace": "shop"}, web), ({"app": "db", "namespace": "shop"}, db)]
    )
    status, answer, _ = server.request(
        "POST", "/loki/api/v1/push", body, {"Content-Type": "application/json"}
    )
    assert status == 204, answer


class Grafana:
    """As the data source's backend: form in the URL, its headers."""

    def __init__(self, test, server):
        self.test, self.server = test, server

    def raw(self, path, tags, headers=(), **parameters):
        url = f"/loki/api/v1/{path}?" + urllib.parse.urlencode(parameters, doseq=True)
        return self.server.request(
            "GET", url, headers={"X-Query-Tags": f"Source={tags}", **dict(headers)}
        )

    def get(self, path, tags="explore", headers=(), **parameters):
        status, body, answer = self.raw(path, tags, headers, **parameters)
        self.test.assertEqual(status, 200, f"{path} {parameters}: {body}")
        self.test.assertTrue(answer["Content-Type"].startswith("application/json"), answer)
        return json.loads(body)

    def range(self, query, **parameters):
        parameters = {
            "query": query, "start": START, "end": END, "step": "60000ms", "direction": "backward",
            **parameters,
        }
        return self.get("query_range", **parameters)["data"]


class Contract:
    def check(self, server):
        grafana = Grafana(self, server)
        for check in (
            self.health, self.log_lines, self.categories, self.log_volume, self.resources,
            self.drilldown_lists, self.drilldown_queries, self.errors,
        ):
            with self.subTest(check.__name__):
                check(grafana)

    def health(self, grafana):
        data = grafana.get("query", query="vector(1)+vector(1)", time=NOW, direction="backward")["data"]
        self.assertEqual(data["resultType"], "vector")
        self.assertEqual([s["value"][1] for s in data["result"]], ["2"])

    def log_lines(self, grafana):
        data = grafana.range('{app="web"} |= "500"', limit=5)
        self.assertEqual(data["resultType"], "streams")
        values = [v for s in data["result"] for v in s["values"]]
        newest = [i for i in range(LINES) if i % 10 == 0][-5:]
        self.assertEqual(
            sorted(values, reverse=True),
            [[str(START + (i + 1) * 10 * SECOND), line(i)] for i in reversed(newest)],
        )
        for name in ("totalBytesProcessed", "totalLinesProcessed", "execTime", "totalEntriesReturned"):
            self.assertIn(name, data["stats"]["summary"])

    def categories(self, grafana):
        headers = {"X-Loki-Response-Encoding-Flags": "categorize-labels"}
        data = grafana.range('{app="db"} | logfmt', limit=1, headers=headers)
        self.assertEqual(data["encodingFlags"], ["categorize-labels"])
        stream = data["result"][0]
        self.assertEqual(stream["stream"]["app"], "db")
        self.assertNotIn("took", stream["stream"])
        extra = stream["values"][0][2]
        self.assertEqual(extra["structuredMetadata"]["trace_id"], f"t{LINES - 1}")
        self.assertEqual(extra["parsed"]["took"], f"{LINES - 1}ms")

    def log_volume(self, grafana):
        query = 'sum by (level, detected_level) (count_over_time({namespace="shop"} | drop __error__[60s]))'
        data = grafana.range(query)
        self.assertEqual(data["resultType"], "matrix")
        totals = {
            s["metric"].get("detected_level"): sum(float(v) for _, v in s["values"])
            for s in data["result"]
        }
        self.assertEqual(totals, {"info": LINES * 0.9, "error": LINES * 0.1, "warn": LINES})

    def resources(self, grafana):
        times = {"start": START, "end": END}
        self.assertEqual(
            grafana.get("labels", **times)["data"], ["app", "namespace", "service_name"]
        )
        self.assertEqual(grafana.get("label/app/values", **times)["data"], ["db", "web"])
        self.assertEqual(
            grafana.get("label/app/values", query='{app=~"w.+"}', **times)["data"], ["web"]
        )
        series = grafana.get("series", **{"match[]": '{app="db"}'}, **times)["data"]
        self.assertEqual(
            series, [{"app": "db", "namespace": "shop", "service_name": "db"}]
        )
        stats = grafana.get("index/stats", query='{app="web"}', **times)
        self.assertEqual((stats["streams"], stats["entries"]), (1, LINES))
        self.assertEqual(grafana.get("status/buildinfo").keys() >= {"version", "revision"}, True)

    def drilldown_lists(self, grafana):
        times = {
            "start": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(START / SECOND)),
            "end": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(END / SECOND)),
        }
        volume = grafana.get(
            "index/volume", SOURCE, query='{service_name=~".+"}', limit=5000,
            targetLabels="service_name", **times,
        )["data"]
        self.assertEqual(volume["resultType"], "vector")
        self.assertEqual(
            [s["metric"] for s in volume["result"]],
            [{"service_name": "web"}, {"service_name": "db"}],
        )
        labels = grafana.get("detected_labels", SOURCE, query="", **times)["detectedLabels"]
        self.assertIn({"label": "app", "cardinality": 2}, labels)
        fields = grafana.get(
            "detected_fields", SOURCE, query='{app="web"}', limit=1000, line_limit=1000, **times
        )["fields"]
        found = {f["label"]: (f["type"], f["parsers"]) for f in fields}
        self.assertEqual(found["status"], ("int", ["json"]))
        self.assertEqual(found["duration"], ("duration", ["json"]))
        values = grafana.get(
            "detected_field/status/values", SOURCE, query='{app="web"}', limit=1000, **times
        )["values"]
        self.assertEqual(sorted(values), ["200", "500"])
        limits = grafana.get("drilldown-limits", SOURCE)
        self.assertLessEqual({"limits", "pattern_ingester_enabled", "version"}, limits.keys())

    def drilldown_queries(self, grafana):
        total = lambda data: sum(float(v) for s in data["result"] for _, v in s["values"])
        data = grafana.range('sum by (detected_level) (count_over_time({service_name="web"} [1m]))')
        self.assertEqual(total(data), LINES)
        data = grafana.range(
            'sum(count_over_time({app="web"} | detected_level="error" |~ "(?i)ERROR" | json | logfmt'
            ' | drop __error__, __error_details__ | status="500" [1m])) by (status)'
        )
        self.assertEqual({s["metric"]["status"] for s in data["result"]}, {"500"})
        self.assertEqual(total(data), LINES / 10)
        data = grafana.range(
            'avg_over_time({app="web"} | json | logfmt | drop __error__, __error_details__'
            ' | unwrap duration(duration) | __error__="" [1m]) by ()'
        )
        self.assertEqual(len(data["result"]), 1)
        data = grafana.range(
            '{app="db"} |> `level=warn took=<_> rows=<_>` | pattern `<_> took=<took> rows=<rows>`'
            ' | keep took,rows | line_format ""', limit=3,
        )
        self.assertEqual({v[1] for s in data["result"] for v in s["values"]}, {""})

    def errors(self, grafana):
        """Grafana shows the body as it is, or the `message` of a JSON one."""
        status, body, headers = grafana.raw("query_range", "explore", query='{app="web"', start=START)
        self.assertEqual(status, 400)
        self.assertTrue(headers["Content-Type"].startswith("text/plain"), headers)
        self.assertIn(b"parse error", body)
        status, body, _ = grafana.raw("query", "explore", query='{app="web"}', time=NOW)
        self.assertEqual(status, 400)


class OneProcess(Contract, unittest.TestCase):
    def test_unsealed_and_sealed(self):
        with Server() as server:
            fill(server)
            self.check(server)
            server.flush()
            self.check(server)


class FourProcesses(Contract, unittest.TestCase):
    def test_through_the_gateway(self):
        with Cluster() as cluster:
            fill(cluster.gateway)
            self.check(cluster.gateway)


if __name__ == "__main__":
    unittest.main()
