#!/usr/bin/python3
"""Pushes of logs against the real program: every format and encoding, refusals, kill -9, sealing."""

import gzip
import json
import os
import re
import tempfile
import time
import unittest
import urllib.parse
import zlib

import logs
from server import Server
from services_test import Cluster

NOW = time.time_ns()
PROTOBUF = {"Content-Type": "application/x-protobuf"}
JSON = {"Content-Type": "application/json"}


def deflate(data):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


class LogsPush(unittest.TestCase):
    def push(self, server, body, headers, path="/loki/api/v1/push"):
        status, answer, _ = server.request("POST", path, body, headers)
        return status, answer.decode(errors="replace").strip()

    def entries(self, server):
        """How many entries this process has taken."""
        text = server.request("GET", "/-/metrics")[1].decode()
        found = re.findall(r"^tidegate_ingest_log_entries_total\{[^}]*\} (\d+)", text, re.M)
        return sum(map(int, found))

    def test_every_format_and_encoding(self):
        lines = [logs.entry(NOW, b"paid"), logs.entry(NOW + 1, b"an error", [("trace.id", "x")])]
        block = logs.protobuf([logs.stream({"app": "shop"}, lines)])
        text = logs.loki_json([({"app": "shop"}, [[NOW, "paid"], [NOW + 1, "x", {"a": "b"}]])])
        old = b'{"streams":[{"labels":"{app=\\"shop\\"}","entries":[{"ts":"2024-01-01T00:00:00Z","line":"x"}]}]}'
        otlp = logs.otlp_json({"service.name": "shop"}, [(NOW, "paid")])
        pushes = [
            (block, PROTOBUF, "/loki/api/v1/push", 2),
            (block, PROTOBUF | {"Content-Encoding": "snappy"}, "/loki/api/v1/push", 2),
            (gzip.compress(block), PROTOBUF | {"Content-Encoding": "gzip"}, "/loki/api/v1/push", 2),
            (text, JSON, "/loki/api/v1/push", 2),
            (gzip.compress(text), JSON | {"Content-Encoding": "gzip"}, "/loki/api/v1/push", 2),
            (deflate(text), JSON | {"Content-Encoding": "deflate"}, "/loki/api/v1/push", 2),
            (zlib.compress(text), JSON | {"Content-Encoding": "deflate"}, "/loki/api/v1/push", 2),
            (old, JSON, "/api/prom/push", 1),
            (otlp, JSON, "/otlp/v1/logs", 1),
            (gzip.compress(otlp), JSON | {"Content-Encoding": "gzip"}, "/otlp/v1/logs", 1),
        ]
        with Server() as server:
            taken = 0
            for body, headers, path, count in pushes:
                self.assertEqual(self.push(server, body, headers, path), (204, ""), headers)
                taken += count
                self.assertEqual(self.entries(server), taken)

    def test_what_is_wrong_is_said_in_lokis_words(self):
        with Server() as server:
            ask = lambda body, headers=JSON: self.push(server, body, headers)
            self.assertEqual(ask(b"{}", {}), (400, "mime: no media type"))
            self.assertEqual(ask(b"{}", JSON | {"Content-Encoding": "br"})[0], 400)
            self.assertEqual(ask(b"not json")[0], 400)
            self.assertEqual(ask(b"garbage", PROTOBUF)[0], 400)
            self.assertEqual(
                ask(b"{}"), (422, "error at least one valid stream is required for ingestion")
            )
            self.assertEqual(
                ask(logs.loki_json([({}, [[NOW, "x"]])])),
                (400, "error at least one label pair is required per stream"),
            )
            # The good stream of a bad push is kept.
            mixed = [({"app": "a"}, [[NOW, "kept"]]), ({"a-b": "c"}, [[NOW, "lost"]])]
            status, text = ask(logs.loki_json(mixed))
            self.assertEqual(status, 400)
            self.assertIn("error parsing labels", text)
            self.assertEqual(self.entries(server), 1)

    def test_bombs_are_refused(self):
        with tempfile.TemporaryDirectory() as directory:
            config = os.path.join(directory, "config.yaml")
            with open(config, "w", encoding="utf-8") as file:
                file.write("limits: {max_decompressed_bytes: 1MB}\n")
            with Server(flags=[f"--config={config}"]) as server:
                bomb = gzip.compress(b"x" * (64 << 20))
                status, text = self.push(server, bomb, JSON | {"Content-Encoding": "gzip"})
                self.assertEqual(status, 413)
                self.assertTrue(text.startswith("request body too large: "), text)

    def test_limits_of_a_tenant(self):
        with tempfile.TemporaryDirectory() as directory:
            config = os.path.join(directory, "config.yaml")
            with open(config, "w", encoding="utf-8") as file:
                file.write(
                    "trust_org_id: true\n"
                    "tenants:\n"
                    "- {name: strict, limits: {max_line_size: 5, max_global_streams_per_user: 1}}\n"
                    "- {name: blocked, limits: {block_ingestion_until: 2100-01-01T00:00:00Z}}\n"
                    "- {name: slow, limits: {ingestion_rate_mb: 0.00001}}\n"
                )
            with Server(flags=[f"--config={config}"]) as server:

                def push(tenant, streams):
                    headers = JSON | {"X-Scope-OrgID": tenant}
                    return self.push(server, logs.loki_json(streams), headers)

                self.assertEqual(push("strict", [({"app": "a"}, [[NOW, "short"]])])[0], 204)
                status, text = push("strict", [({"app": "a"}, [[NOW, "longer"], [NOW, "ok"]])])
                self.assertEqual(status, 400)
                self.assertIn("max entry size '5' bytes exceeded for stream", text)
                status, text = push("strict", [({"app": "b"}, [[NOW, "x"]])])
                self.assertEqual(status, 429)
                self.assertIn("maximum active stream limit exceeded when trying to create", text)
                status, text = push("blocked", [({"app": "a"}, [[NOW, "x"]])])
                self.assertEqual(status, 260)
                self.assertIn("ingestion blocked for user 'blocked' until", text)
                status, text = push("slow", [({"app": "a"}, [[NOW, "0123456789ab"]])])
                self.assertEqual(status, 429)
                self.assertIn("ingestion rate limit exceeded for user slow", text)
                metrics = server.request("GET", "/-/metrics")[1].decode()
                for reason in ("line_too_long", "stream_limit", "rate_limited", "blocked_ingestion"):
                    self.assertRegex(metrics, rf'reason="{reason}"[^}}]*\}} [1-9]')

    def test_what_was_taken_survives_kill_and_is_sealed(self):
        with Server() as server:
            streams = [
                logs.stream({"app": f"a{s}"}, [logs.entry(NOW + i, b"line %d" % i) for i in range(50)])
                for s in range(20)
            ]
            self.assertEqual(self.push(server, logs.protobuf(streams), PROTOBUF), (204, ""))
            server.kill()
            server.start()
            metrics = server.request("GET", "/-/metrics")[1].decode()
            self.assertRegex(metrics, r"tidegate_ingest_replayed_frames_total [1-9]")
            server.flush()
            self.assertEqual(server.terminate(), 0)
            server.start()
            self.assertEqual(self.push(server, logs.protobuf(streams), PROTOBUF), (204, ""))

    def lines(self, server, query, **parameters):
        """The lines of all streams that a query over the time around NOW gives."""
        parameters = {"query": query, "start": NOW - 10**9, "end": NOW + 10**9} | parameters
        path = "/loki/api/v1/query_range?" + urllib.parse.urlencode(parameters)
        status, answer, _ = server.request("GET", path)
        self.assertEqual(status, 200, answer)
        streams = json.loads(answer)["data"]["result"]
        return [line for stream in streams for _, line in stream["values"]]

    def check_reading(self, server):
        """What test_reads_back pushed."""
        self.assertEqual(
            self.lines(server, '{app="shop"}'), ["took=5ms code=500", "took=2s code=200", "hello"]
        )
        self.assertEqual(self.lines(server, '{app="shop"} |= "code" != "500"'), ["took=2s code=200"])
        self.assertEqual(
            self.lines(server, '{app="shop"} | logfmt | took > 1s | line_format "{{.code}}"'), ["200"]
        )
        self.assertEqual(self.lines(server, '{app="shop"}', limit=1), ["took=5ms code=500"])
        self.assertEqual(self.lines(server, '{app="shop"}', limit=1, direction="forward"), ["hello"])
        query = urllib.parse.urlencode(
            {"query": 'sum by (app) (count_over_time({app="shop"}[1m]))', "time": NOW + 10**9}
        )
        status, answer, _ = server.request("GET", "/loki/api/v1/query?" + query)
        (counted,) = json.loads(answer)["data"]["result"]
        self.assertEqual((counted["metric"], counted["value"][1]), ({"app": "shop"}, "3"))
        status, answer, _ = server.request("GET", "/loki/api/v1/label/app/values")
        self.assertEqual(json.loads(answer)["data"], ["shop"], answer)

    def read_back(self, front, restart):
        entries = [[NOW, "hello"], [NOW + 1, "took=2s code=200"], [NOW + 2, "took=5ms code=500"]]
        # Without discovery of levels all entries share one set of labels.
        text = logs.loki_json([({"app": "shop"}, [e + [{"detected_level": "info"}] for e in entries])])
        self.assertEqual(self.push(front, text, JSON), (204, ""))
        self.check_reading(front)
        restart()
        self.check_reading(front)
        # A sender that repeats its push doubles nothing.
        self.assertEqual(self.push(front, text, JSON), (204, ""))
        self.check_reading(front)

    def test_reads_back(self):
        with Server() as server:

            def restart():
                server.kill()
                server.start()
                self.check_reading(server)
                server.flush()

            self.read_back(server, restart)

    def test_reads_back_through_a_gateway(self):
        with Cluster() as cluster:
            self.read_back(cluster.gateway, lambda: None)

    def test_through_a_gateway(self):
        with Cluster() as cluster:
            text = logs.loki_json([({"app": "a"}, [[NOW, "x"]]), ({}, [[NOW, "lost"]])])
            status, answer = self.push(cluster.gateway, text, JSON)
            self.assertEqual(status, 400)
            self.assertEqual(answer, "error at least one label pair is required per stream")
            self.assertEqual(self.push(cluster.gateway, b"{}", JSON)[0], 422)
            otlp = logs.otlp_json({"service.name": "shop"}, [(NOW, "paid")])
            headers = JSON | {"Content-Encoding": "gzip"}
            status, _ = self.push(cluster.gateway, gzip.compress(otlp), headers, "/otlp/v1/logs")
            self.assertEqual(status, 204)
            self.assertEqual(self.entries(cluster.ingester), 2)

    def test_the_probe(self):
        with Server() as server:
            self.assertEqual(server.request("GET", "/ready")[:2], (200, b"ready\n"))


if __name__ == "__main__":
    unittest.main()
