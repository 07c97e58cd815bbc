#!/usr/bin/python3
"""deploy/: the unit is sound, dashboards and alert rules ask for metrics that exist, in queries that parse."""

import glob
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.parse

import server

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
DEPLOY = os.path.join(ROOT, "deploy")
RULES = os.path.join(DEPLOY, "alerts", "tidegate.yaml")
RULES_TEST = os.path.join(DEPLOY, "alerts", "tidegate_test.yaml")
DASHBOARDS = sorted(glob.glob(os.path.join(DEPLOY, "grafana", "*.json")))
SUFFIXES = re.compile("_(bucket|sum|count)$")


def read(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return file.read()


def documented_metrics():
    table = read(ROOT, "docs", "operations.md").split("## Own metrics\n")[1]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return set(re.findall(r"`((?:tidegate|process)_\w+)`", "".join(rows)))


def metrics_in(query):
    names = re.findall(r"\b((?:tidegate|process)_\w+)", query)
    return {SUFFIXES.sub("", name) for name in names}


def queries_of(dashboard):
    """(panel, query) of all panels and variables, as Grafana would send them."""
    values = {"job": "tidegate", "instance": ".*", "__rate_interval": "5m"}
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            query = target["expr"]
            for name, value in values.items():
                query = query.replace(f"${name}", value)
            yield panel["title"], query


class Unit(unittest.TestCase):
    def setUp(self):
        if shutil.which("systemd-analyze") is None:
            self.skipTest("systemd-analyze is not installed")

    def unit(self, folder):
        text = read(DEPLOY, "systemd", "tidegate.service")
        path = os.path.join(folder, "tidegate.service")
        with open(path, "w", encoding="utf-8") as file:  # Its binary has to exist for the check.
            file.write(text.replace("/usr/bin/tidegate", os.path.abspath(server.BINARY)))
        return path

    def test_is_valid(self):
        with tempfile.TemporaryDirectory() as folder:
            checked = subprocess.run(["systemd-analyze", "verify", self.unit(folder)],
                                     capture_output=True, text=True)
        self.assertEqual((checked.returncode, checked.stderr), (0, ""))

    def test_has_few_rights(self):
        with tempfile.TemporaryDirectory() as folder:
            checked = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20",
                                      "--no-pager", self.unit(folder)], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stdout[-300:])

    def test_flags_exist(self):
        known = subprocess.run([server.BINARY, "--help"], capture_output=True, text=True).stdout
        for flag in re.findall(r" --(\w+)=", read(DEPLOY, "systemd", "tidegate.service")):
            self.assertIn(f"--{flag}=", known)


class Dashboards(unittest.TestCase):
    def test_queries_are_answered(self):
        self.assertGreater(len(DASHBOARDS), 2)
        asked = 0
        with server.Server() as tidegate:
            for path in DASHBOARDS:
                for panel, query in queries_of(json.loads(read(path))):
                    self.assertNotIn("$", query, panel)
                    status, body, _ = tidegate.request(
                        "GET", "/api/v1/query?" + urllib.parse.urlencode({"query": query}))
                    self.assertEqual(status, 200, f"{path}, {panel}: {query}: {body}")
                    asked += 1
        self.assertGreater(asked, 50)

    def test_metrics_exist(self):
        known = documented_metrics()
        for path in DASHBOARDS:
            for panel, query in queries_of(json.loads(read(path))):
                self.assertTrue(metrics_in(query), f"{path}, {panel}: {query}")
                self.assertLessEqual(metrics_in(query), known, f"{path}, {panel}")

    def test_what_grafana_needs(self):
        uids = set()
        for path in DASHBOARDS:
            dashboard = json.loads(read(path))
            uids.add(dashboard["uid"])
            ids = [panel["id"] for panel in dashboard["panels"]]
            self.assertEqual(len(ids), len(set(ids)), path)
            variables = {v["name"] for v in dashboard["templating"]["list"]}
            for name in re.findall(r"\$\{?(\w+)", read(path)):
                self.assertIn(name, variables | {"__rate_interval", "__all"}, path)
            for panel in dashboard["panels"]:
                place = panel["gridPos"]
                self.assertLessEqual(place["x"] + place["w"], 24, f"{path}, {panel['title']}")
        self.assertEqual(len(uids), len(DASHBOARDS))
        named = read(DEPLOY, "grafana", "kustomization.yaml")
        for path in DASHBOARDS:
            self.assertIn(os.path.basename(path), named)


class Alerts(unittest.TestCase):
    def checkers(self):
        yield [server.BINARY]
        if shutil.which("promtool"):
            yield ["promtool"]

    def test_rules_are_valid(self):
        for checker in self.checkers():
            checked = subprocess.run([*checker, "check", "rules", RULES], capture_output=True, text=True)
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_they_fire_when_they_should(self):
        for checker in self.checkers():
            checked = subprocess.run([*checker, "test", "rules", RULES_TEST], capture_output=True, text=True)
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_metrics_exist(self):
        known = documented_metrics()
        expressions = re.sub(r"(?m)^ *(#|runbook:|- name:|summary:).*$", "", read(RULES))
        self.assertGreater(len(metrics_in(expressions)), 10)
        self.assertLessEqual(metrics_in(expressions), known)

    def test_each_has_a_runbook_and_a_unit_test(self):
        headings = set(re.findall(r"(?m)^## (\w+)$", read(ROOT, "docs", "runbooks.md")))
        alerts = re.findall(r"(?m)^      - alert: (\w+)$", read(RULES))
        self.assertEqual(set(alerts), headings)
        runbooks = re.findall(r"(?m)^          runbook: docs/runbooks.md#(\w+)$", read(RULES))
        self.assertEqual(runbooks, [alert.lower() for alert in alerts])
        self.assertEqual(set(re.findall(r"alertname: (\w+)", read(RULES_TEST))), set(alerts))


if __name__ == "__main__":
    unittest.main()
