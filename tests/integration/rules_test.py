#!/usr/bin/python3
"""Rules in a running server: from files and through the ruler API, over reloads and kill -9."""

import os
import random
import re
import tempfile
import time
import unittest
import urllib.parse

from peers import free_port
from server import Refused, Server
from services_test import Cluster

GROUP = """name: g
interval: 1s
rules:
- record: doubled
  expr: 2 * source
- alert: High
  expr: doubled > 10
  for: 1s
  labels: {severity: page}
  annotations: {summary: "{{ $labels.instance }} at {{ $value }}"}
"""
RULES = "/prometheus/config/v1/rules"
KILLS = int(os.environ.get("RULE_KILLS", "4"))


def until(check, seconds=30):
    """What check() returns once it is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if found := check():
                return found
        except Refused as refused:  # While one process takes over from another.
            if refused.status != 503:
                raise
        time.sleep(0.1)
    raise AssertionError("did not happen in time")


def push(server, value):
    server.push([({"__name__": "source", "instance": "a"}, [(int(time.time() * 1000), value)])])


class Rules(unittest.TestCase):
    def test_groups_of_the_ruler_api(self):
        with Server() as server:
            self.assertEqual(server.request("GET", RULES)[0], 404)
            self.assertEqual(server.get_json("/api/v1/rules"), {"groups": []})
            push(server, 7)
            status, body, _ = server.request("POST", RULES + "/team%2Fa", GROUP.encode())
            self.assertEqual(status, 202, body)
            until(lambda: server.query("doubled"))
            alert = until(lambda: server.get_json("/api/v1/alerts")["alerts"])[0]
            self.assertEqual(alert["labels"]["alertname"], "High")
            self.assertEqual(alert["annotations"], {"summary": "a at 14"})
            until(lambda: server.query('ALERTS{alertstate="firing",severity="page"}'))
            group = server.get_json("/prometheus/api/v1/rules")["groups"][0]
            self.assertEqual((group["file"], group["name"]), ("team/a", "g"))
            self.assertEqual([rule["health"] for rule in group["rules"]], ["ok", "ok"])

            server.kill()
            server.start()
            until(lambda: server.get_json("/api/v1/alerts")["alerts"])
            status, body, _ = server.request("GET", RULES + "/team%2Fa/g")
            self.assertEqual(status, 200)
            self.assertIn(b"doubled > 10", body)

            self.assertEqual(server.request("DELETE", RULES + "/team%2Fa")[0], 202)
            until(lambda: not server.get_json("/api/v1/rules")["groups"])
            until(lambda: not server.query("doubled"))

    def test_files_are_followed(self):
        with tempfile.TemporaryDirectory(prefix="tidegate-rules-") as directory:
            rules = os.path.join(directory, "rules.yml")
            config = os.path.join(directory, "config.yaml")
            with open(config, "w", encoding="utf-8") as file:
                file.write("rule_files: [{file: 'rules*.yml'}]\n")
            with Server(flags=[f"--config={config}"]) as server:
                push(server, 7)
                self.write(rules, "first")
                until(lambda: server.query("first"))
                self.write(rules, "second")
                until(lambda: server.query("second"))
                until(lambda: not server.query("first"))
                with open(rules, "w", encoding="utf-8") as file:
                    file.write("groups: [{name: g, rules: [{record: a, expr: 'sum('}]}]")
                until(lambda: "unclosed left parenthesis" in server.log_text())
                names = [r["name"] for r in server.get_json("/api/v1/rules")["groups"][0]["rules"]]
                self.assertEqual(names, ["second"])

    @staticmethod
    def write(path, name):
        with open(path, "w", encoding="utf-8") as file:
            file.write(
                f"groups:\n- name: g\n  interval: 1s\n  rules:\n  - record: {name}\n    expr: source\n"
            )

    def test_rules_over_logs(self):
        with Server() as server:
            now = time.time_ns()
            body = (
                '{"streams":[{"stream":{"app":"x"},"values":[["%d","error one"],["%d","fine"]]}]}'
                % (now, now + 1)
            )
            status, answer, _ = server.request(
                "POST", "/loki/api/v1/push", body, {"Content-Type": "application/json"}
            )
            self.assertEqual(status, 204, answer)
            group = (
                "name: logs\ninterval: 1s\nrules:\n- record: errors\n"
                '  expr: sum by (app) (count_over_time({app="x"} |= "error" [5m]))\n'
            )
            status, answer, _ = server.request("POST", "/loki/api/v1/rules/ns", group)
            self.assertEqual(status, 202, answer)
            found = until(lambda: server.query("errors"))
            self.assertEqual(found[0]["metric"], {"__name__": "errors", "app": "x"})
            self.assertEqual(found[0]["value"][1], "1")

    def test_mistakes_are_told(self):
        with Server() as server:
            bad = "name: g\nrules:\n- {record: a, expr: 'sum('}\n"
            status, body, _ = server.request("POST", RULES + "/ns", bad)
            self.assertEqual(status, 400)
            self.assertIn(b"could not parse expression", body)
            query = urllib.parse.urlencode({"type": "x"})
            self.assertEqual(server.request("GET", "/api/v1/rules?" + query)[0], 400)


class Kills(unittest.TestCase):
    def test_no_point_is_lost_or_doubled(self):
        group = "name: g\ninterval: 500ms\nrules: [{record: now, expr: vector(time())}]\n"
        with Server() as server:
            self.assertEqual(server.request("POST", RULES + "/ns", group)[0], 202)
            until(lambda: server.query("now"))
            for _ in range(KILLS):
                time.sleep(random.uniform(0.1, 2))
                server.kill()
                time.sleep(random.uniform(0, 2))
                server.start()
                restarted = time.time()
                until(lambda: any(at > restarted for at in times_of(server, "now")))
            assert_gapless(self, server, "now", 0.5)
            for at, value in samples_of(server, "now"):
                self.assertEqual(at, float(value))


class TwoControlProcesses(unittest.TestCase):
    def test_one_evaluates_and_the_other_takes_over(self):
        ports = [free_port(), free_port()]
        addresses = ",".join(f"127.0.0.1:{port}" for port in ports)
        with Cluster(gateway_flags=[f"--control_address={addresses}"]) as cluster:
            flags = [
                f"--store_address=127.0.0.1:{cluster.store.grpc_port}",
                f"--ingester_address=127.0.0.1:{cluster.ingester.grpc_port}",
                f"--querier_address=127.0.0.1:{cluster.querier.grpc_port}",
            ]
            push(cluster.gateway, 7)
            self.assertEqual(cluster.gateway.request("POST", RULES + "/ns", GROUP)[0], 202)
            controls = []
            for port in ports:
                control = Server(target="control", flags=flags)
                control.grpc_port = port
                self.addCleanup(control.__exit__)
                controls.append(control.start())
                until(lambda: cluster.gateway.query("doubled"))
            until(lambda: cluster.gateway.get_json("/api/v1/alerts")["alerts"])
            self.assertGreater(evaluations(controls[0]), 0)
            self.assertEqual(evaluations(controls[1]), 0)
            controls[0].kill()
            died = time.time()
            until(lambda: evaluations(controls[1]) > 1, 20)
            self.assertLess(time.time() - died, 15)
            groups = until(lambda: cluster.gateway.get_json("/api/v1/rules")["groups"])
            self.assertEqual(groups[0]["rules"][0]["health"], "ok")
            assert_gapless(self, cluster.gateway, "doubled", 1)


def samples_of(server, metric):
    found = server.query(metric + "[1h]")
    return found[0]["values"] if found else []


def times_of(server, metric):
    return [at for at, _ in samples_of(server, metric)]


def assert_gapless(test, server, metric, interval):
    times = times_of(server, metric)
    steps = [round(b - a, 3) for a, b in zip(times, times[1:])]
    test.assertEqual(steps, [interval] * (len(times) - 1))


def evaluations(server):
    _, body, _ = server.request("GET", "/-/metrics")
    found = re.findall(r"^tidegate_rule_evaluations_total\S* (\S+)$", body.decode(), re.M)
    return sum(map(float, found))


if __name__ == "__main__":
    unittest.main()
