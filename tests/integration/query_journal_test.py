#!/usr/bin/python3
"""The query log, the queries at work, the most expensive ones, statistics, and limits on queries."""

import json
import os
import signal
import tempfile
import threading
import time
import unittest
import urllib.parse

from server import Refused, Server
from services_test import Cluster, eventually

NOW = int(time.time() * 1000) // 1000 * 1000
LONG = 'sum(max_over_time(rate({__name__=~"m.*"}[5m])[30m:2s]))'


def fill(server, series=4000, samples=20):
    server.push(
        [
            (
                {"__name__": f"m{i % 50}", "host": f"h{i // 50}"},
                [(NOW - (samples - 1 - s) * 15000, float(i + s)) for s in range(samples)],
            )
            for i in range(series)
        ]
    )


def metric(server, name):
    _, body, _ = server.request("GET", "/-/metrics")
    return [line for line in body.decode().splitlines() if line.startswith(name)]


class QueryLog(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        self.path = os.path.join(self.folder, "query.log")

    def lines(self, path=None):
        with open(path or self.path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def test_a_line_for_each_query_by_whom_and_at_what_cost(self):
        with Server(flags=[f"--query_log_file={self.path}"]) as server:
            fill(server, series=10)
            server.query_range("count(m1)", NOW / 1000 - 60, NOW / 1000, 5)
            server.request("POST", "/prometheus/api/v1/query", "query=m2", {
                "Content-Type": "application/x-www-form-urlencoded", "Connection": "close"})
            with self.assertRaises(Refused):
                server.query("sum(")
            with self.assertRaises(Refused):
                server.query("m1 + on() m2", NOW / 1000, timeout="0.000001")
            ranged, instant, failed = self.lines()
            self.assertEqual(ranged["params"]["query"], "count(m1)")
            self.assertEqual(ranged["params"]["step"], 5)
            self.assertRegex(ranged["params"]["start"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
            self.assertEqual(ranged["stats"]["samples"]["seriesRead"], 1)
            self.assertGreater(ranged["stats"]["timings"]["evalTotalTime"], 0)
            self.assertEqual(
                ranged["httpRequest"],
                {"clientIP": "127.0.0.1", "method": "GET", "path": "/api/v1/query_range"},
            )
            self.assertEqual(ranged["tenant"], "default")
            self.assertNotIn("error", ranged)
            self.assertEqual(instant["httpRequest"]["path"], "/prometheus/api/v1/query")
            self.assertEqual(failed["error"], "query timed out in expression evaluation")

    def test_it_is_opened_again_and_bounded(self):
        flags = [f"--query_log_file={self.path}", "--max_query_log_bytes=2KB"]
        with Server(flags=flags) as server:
            server.query("vector(1)")
            os.rename(self.path, self.path + ".moved")
            server.process.send_signal(signal.SIGHUP)
            eventually(lambda: self.assertTrue(os.path.exists(self.path)))
            server.query("vector(2)")
            os.rename(self.path, self.path + ".again")
            self.assertEqual(server.request("POST", "/-/reload")[0], 200)
            server.query("vector(3)")
            queries = [
                line["params"]["query"]
                for path in (self.path + ".moved", self.path + ".again", self.path)
                for line in self.lines(path)
            ]
            self.assertEqual(queries, ["vector(1)", "vector(2)", "vector(3)"])
            for _ in range(30):
                server.query("vector(4)")
            self.assertLessEqual(os.path.getsize(self.path), 2048)
            self.assertLessEqual(os.path.getsize(self.path + ".1"), 2048)

    def test_a_file_that_cannot_be_written_keeps_the_server_from_starting(self):
        with self.assertRaisesRegex(RuntimeError, "nowhere/query.log"):
            with Server(flags=["--query_log_file=/nowhere/query.log"]):
                pass

    def test_the_gateway_writes_it_too(self):
        with Cluster(gateway_flags=[f"--query_log_file={self.path}"]) as cluster:
            fill(cluster.gateway, series=10)
            cluster.gateway.query("count(m1)", NOW / 1000)
            (line,) = self.lines()
            self.assertEqual(line["stats"]["samples"]["seriesRead"], 1)


class ActiveAndTop(unittest.TestCase):
    def check(self, server):
        query = urllib.parse.urlencode(
            {"query": LONG, "start": NOW / 1000 - 1000, "end": NOW / 1000, "step": 1}
        )
        asking = threading.Thread(
            target=server.request, args=("GET", f"/api/v1/query_range?{query}")
        )
        asking.start()

        def active():
            _, body, _ = server.request("GET", "/api/v1/status/active_queries")
            answer = json.loads(body)
            self.assertEqual(answer["status"], "ok")
            self.assertEqual(len(answer["data"]), 1)
            return answer["data"][0]

        found = eventually(active)
        self.assertEqual((found["query"], found["step"]), (LONG, 1000))
        self.assertEqual(found["end"] - found["start"], 1000_000)
        self.assertEqual(found["remote_addr"], "127.0.0.1")
        asking.join()
        _, body, _ = server.request("GET", "/api/v1/status/active_queries")
        self.assertEqual(json.loads(body)["data"], [])
        _, body, _ = server.request("GET", "/prometheus/api/v1/status/top_queries?topN=5")
        top = json.loads(body)
        for ranking in ("topByCount", "topBySumDuration", "topByAvgDuration", "topByAvgMemoryUsage"):
            self.assertEqual(top[ranking][0]["query"], LONG)
            self.assertEqual(top[ranking][0]["timeRangeSeconds"], 1000)

    def test_in_one_process(self):
        with Server() as server:
            fill(server)
            self.check(server)

    def test_at_the_gateway(self):
        with Cluster() as cluster:
            fill(cluster.gateway)
            self.check(cluster.gateway)

    def test_tenants_see_their_own(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
            config.write("trust_org_id: true\n")
            config.flush()
            with Server(flags=[f"--config={config.name}"]) as server:
                path = "/api/v1/query?" + urllib.parse.urlencode({"query": "sum_over_time(vector(1)[1h:1ms])"})
                server.request("GET", path, headers={"X-Scope-OrgID": "a"})
                for tenant, count in (("a", 1), ("b", 0)):
                    _, body, _ = server.request(
                        "GET", "/api/v1/status/top_queries", headers={"X-Scope-OrgID": tenant}
                    )
                    self.assertEqual(len(json.loads(body)["topByCount"]), count, tenant)


class Stats(unittest.TestCase):
    """The numbers are those of Prometheus 3.5 for the same data."""

    def check(self, server):
        samples = [(NOW - 300000 + j * 15000, float(j)) for j in range(21)]
        server.push([({"__name__": "m", "i": str(i)}, samples) for i in range(2)])
        end = NOW // 1000

        def steps(query, stats="all"):
            answer = server.get_json(
                "/api/v1/query_range", query=query, start=end - 60, end=end, step=30, stats=stats
            )
            return answer["stats"]["samples"]

        found = steps("m + on (i) rate(m[1m])")
        self.assertEqual(
            found["totalQueryableSamplesPerStep"], [[end - 60, 10], [end - 30, 10], [end, 10]]
        )
        self.assertEqual(found["samplesReadPerStep"], [[end - 60, 10], [end - 30, 6], [end, 6]])
        self.assertEqual((found["totalQueryableSamples"], found["samplesRead"]), (30, 22))
        self.assertEqual(
            steps("max_over_time(rate(m[1m])[1m:20s])")["totalQueryableSamplesPerStep"][2], [end, 6]
        )
        self.assertEqual(steps("m @ end()")["totalQueryableSamples"], 6)
        totals = steps("m", stats="true")
        self.assertEqual(totals["totalQueryableSamples"], 6)
        self.assertNotIn("totalQueryableSamplesPerStep", totals)

    def test_in_one_process(self):
        with Server() as server:
            self.check(server)

    def test_through_a_gateway(self):
        with Cluster() as cluster:
            self.check(cluster.gateway)


class Limits(unittest.TestCase):
    def test_length_and_lookback_change_with_the_configuration(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:

            def limit(text):
                config.seek(0)
                config.truncate()
                config.write(text)
                config.flush()

            limit("limits: {max_query_length: 10m}\n")
            with Server(flags=[f"--config={config.name}"]) as server:
                fill(server, series=10)
                end = NOW / 1000
                with self.assertRaises(Refused) as refused:
                    server.query_range("m1", end - 601, end, 15)
                self.assertEqual(refused.exception.status, 400)
                self.assertEqual(
                    json.loads(refused.exception.body)["error"],
                    "the total query time range exceeds the limit (query length: 10m1s, limit: 10m0s)",
                )
                self.assertEqual(
                    metric(server, "tidegate_query_rejected_total"),
                    ['tidegate_query_rejected_total{reason="max_query_length",tenant="default"} 1'],
                )
                limit("limits: {max_query_lookback: 1m}\n")
                self.assertEqual(server.request("POST", "/-/reload")[0], 200)
                values = server.query_range("m1", end - 601, end, 1)[0]["values"]
                self.assertGreater(values[0][0], end - 61)
                self.assertEqual(server.query("m1", end - 120), [])
                limit("limits: {max_query_series: 3}\n")
                self.assertEqual(server.request("POST", "/-/reload")[0], 200)
                with self.assertRaises(Refused) as refused:
                    server.query('{__name__=~"m.*"}', end)
                self.assertEqual(refused.exception.status, 422)
                self.assertIn(
                    'tidegate_query_rejected_total{reason="max_query_series",tenant="default"} 1',
                    metric(server, "tidegate_query_rejected_total"),
                )


if __name__ == "__main__":
    unittest.main()
