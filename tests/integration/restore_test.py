#!/usr/bin/python3
"""A restore drill as docs/operations.md describes it: snapshot, copy, the loss of everything, restore;
the answers are those of before."""

import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.parse

import logs
import remote_write
from server import BINARY, Server

NOW = int(time.time()) // 60 * 60
MINUTES = 180


def points(factor):
    return [((NOW - 60 * (MINUTES - i)) * 1000, factor * i * 1.1) for i in range(MINUTES)]


def fill(server):
    """Everything that a tenant can have: samples, histograms, exemplars, metadata, logs, rules, a workspace."""
    server.push([({"__name__": "requests_total", "code": c}, points(f)) for c, f in (("200", 3), ("500", 1))],
                [remote_write.metadata("requests_total", 1, "How many.", "")])
    last = NOW * 1000
    extra = remote_write.series({"__name__": "latency"}, [])
    extra += remote_write.histogram(last, 3, 6, 20.5, [1, 1, 1])
    more = remote_write.series({"__name__": "requests_total", "code": "200"}, [(last, 999.0)])
    more += remote_write.exemplar({"trace_id": "abc"}, 7.5, last)
    server.push_body(remote_write.snappy(remote_write.request([extra, more])))
    lines = [[(NOW - 60 * i) * 10**9, f"level=info order={i}"] for i in range(60, 0, -1)]
    status, body, _ = server.request("POST", "/loki/api/v1/push", logs.loki_json([({"app": "shop"}, lines)]),
                                     {"Content-Type": "application/json"})
    assert status == 204, body
    rules = "name: g\ninterval: 1h\nrules:\n- record: r\n  expr: sum(requests_total)\n"
    status, body, _ = server.request("POST", "/prometheus/config/v1/rules/n", rules.encode())
    assert status == 202, body
    status, body, _ = server.request("PUT", "/api/v1/admin/tenants/team-a", b'{"retention": "30d"}',
                                     {"Content-Type": "application/json"})
    assert status in (200, 201), body


def answers(server):
    """By question: what is asked of the past only, so that time does not change it."""
    start, end = NOW - 60 * MINUTES, NOW
    window = {"start": start, "end": end}
    questions = [
        ("/api/v1/query_range", {"query": "sum by (code) (rate(requests_total[10m]))", "step": 60, **window}),
        ("/api/v1/query_range", {"query": "requests_total", "step": 60, **window}),
        ("/api/v1/query", {"query": "latency", "time": end}),
        ("/api/v1/query", {"query": "histogram_quantile(0.9, latency)", "time": end}),
        ("/api/v1/query_exemplars", {"query": "requests_total", **window}),
        ("/api/v1/metadata", {}),
        ("/api/v1/series", {"match[]": '{__name__=~".+"}', **window}),
        ("/api/v1/labels", window),
        ("/loki/api/v1/query_range", {"query": '{app="shop"} | logfmt | order > 30', "limit": 1000, **window}),
        ("/loki/api/v1/query_range", {"query": 'sum(count_over_time({app="shop"}[5m]))', "step": 60, **window}),
        ("/prometheus/config/v1/rules", {}),
        ("/api/v1/admin/tenants/team-a", {}),
    ]
    found = {}
    for path, parameters in questions:
        target = path + "?" + urllib.parse.urlencode(parameters)
        status, body, _ = server.request("GET", target)
        assert status == 200, (target, body)
        if body.startswith(b"{"):
            answer = json.loads(body)
            data = answer.get("data")
            if isinstance(data, dict):
                data.pop("stats", None)  # How long it took.
            body = json.dumps(answer, sort_keys=True)
        found[target] = body
    return found


class Restore(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="tidegate-restore-")
        self.addCleanup(temporary.cleanup)
        self.data = os.path.join(temporary.name, "data")
        self.backup = os.path.join(temporary.name, "backup")
        os.mkdir(self.data)

    def drill(self, seal):
        with Server(directory=self.data) as server:
            fill(server)
            if seal:
                server.flush()
            before = answers(server)
            for target, body in before.items():
                self.assertNotRegex(str(body), r'"(result|data)": (\[\]|\{\})', target)
            _, body, _ = server.request("POST", "/api/v1/admin/tsdb/snapshot")
            name = json.loads(body)["data"]["name"]
            shutil.copytree(os.path.join(self.data, "snapshots", name), self.backup)
            server.push([({"__name__": "too_late"}, points(1))])
            server.kill()
        shutil.rmtree(self.data)
        checked = subprocess.run([BINARY, "check", "storage", self.backup], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stdout)
        shutil.copytree(self.backup, self.data)
        with Server(directory=self.data) as server:
            self.assertEqual(answers(server), before)
            self.assertEqual(server.query("count_over_time(too_late[1d])", NOW), [])
            server.push([({"__name__": "after"}, points(1))])
            self.assertEqual(len(server.query("count_over_time(after[1d])", NOW)), 1)
            self.assertEqual(server.terminate(), 0)
        with Server(directory=self.data) as server:
            self.assertEqual({k: v for k, v in answers(server).items() if "rate(" in k},
                             {k: v for k, v in before.items() if "rate(" in k})

    def test_what_is_sealed(self):
        self.drill(seal=True)

    def test_what_is_in_the_log_only(self):
        self.drill(seal=False)


if __name__ == "__main__":
    unittest.main()
