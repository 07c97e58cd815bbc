#!/usr/bin/python3
"""`tidegate check rules` and `tidegate test rules` agree with promtool, file by file."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

from server import BINARY

PROMTOOL = shutil.which("promtool")

GOOD_RULES = """groups:
- name: g
  interval: 30s
  limit: 10
  rules:
  - record: job:up:sum
    expr: sum by (job) (up)
    labels: {team: a}
  - alert: Down
    expr: up == 0
    for: 2m
    labels: {severity: "{{ if eq $labels.job \\"web\\" }}page{{ else }}mail{{ end }}"}
    annotations: {summary: "{{ $labels.instance }} of {{ $externalLabels.region }} is {{ humanize $value }}"}
"""

# One mistake each; every one is a file of its own.
BAD_RULES = {
    "not_yaml": "groups: [\n",
    "unknown_key": "groups: [{name: g, rules: [{record: a, expr: b, fore: 5m}]}]",
    "unknown_group_key": "groups: [{name: g, every: 5m}]",
    "expression": "groups: [{name: g, rules: [{record: a, expr: 'sum('}]}]",
    "both": "groups: [{name: g, rules: [{record: a, alert: b, expr: c}]}]",
    "no_name": "groups: [{name: g, rules: [{expr: c}]}]",
    "no_expression": "groups: [{name: g, rules: [{record: a}]}]",
    "for_of_record": "groups: [{name: g, rules: [{record: a, expr: b, for: 5m}]}]",
    "annotations_of_record": "groups: [{name: g, rules: [{record: a, expr: b, annotations: {c: d}}]}]",
    "group_twice": "groups: [{name: g, rules: []}, {name: g, rules: []}]",
    "no_group_name": "groups: [{name: '', rules: []}]",
    "label_name": "groups: [{name: g, rules: [{record: a, expr: b, labels: {__name__: c}}]}]",
    "template": "groups: [{name: g, rules: [{alert: a, expr: b, annotations: {c: '{{ $nothing }}'}}]}]",
    "duration": "groups: [{name: g, interval: 1x, rules: []}]",
    "limit": "groups: [{name: g, limit: many, rules: []}]",
    "rules_no_list": "groups: [{name: g, rules: 7}]",
}

# Values that each field of a rule, of a group and of the file is given.
VALUES = ["", "null", "~", "5", "0", "-1", "1.5", "true", "yes", "'x'", "5m", "1h30m", "1h 30m", "5M", "1y2w3d4h5m6s7ms",
          "0s", "-5m", "5.5m", "'{{ $labels.a }}'", "'{{ .Labels.a }}'", "'{{ $value | humanize }}'",
          "'{{ query \"up\" | first | value }}'", "'{{ nothing }}'", "'{{'", "[a]", "[]", "{}", "{a: b}", "{a: 5}", "{a: null}",
          "{a: [b]}", "{'a-b': c}", "{'': c}", "{__name__: c}", "{alertname: c}", "{a: '{{ $labels.b }}'}", "{a: '{{ nope }}'}",
          "'sum(up)'", "'rate(up[5m])'", "'rate(up)'", "'up{a=~\"*\"}'", "'up + on(a) group_left(b) down'", "'1'", "'\"x\"'",
          "'a:b:c'", "'a b'", "'9a'", "'up[5m]'", "'up offset 5m'", "'up @ end()'", "'histogram_quantile(0.9, x)'",
          "'absent(nope'", "'foo(up)'", "|\n      up\n      + down", "'time()'", "1e3", "0x10", "1_000", "010", ".inf",
          "2001-01-01", "!!str 5", "&a x", "*a", "'\\n'", "99999999999999999999"]

# Why Debian's promtool, which is older than the Prometheus that we follow, refuses what is right since:
# any UTF-8 in names, durations and underscores in numbers.
NEWER = ("invalid recording rule name", "invalid label name", "invalid annotation name", "unexpected duration", "bad number or duration syntax")


def many_files():
    """Rule files, most of them wrong in one place."""
    for field in ("expr", "record", "alert", "for", "keep_firing_for", "labels", "annotations", "nonsense"):
        for base in ("record: r", "alert: A"):
            rule = {"expr": base, "record": "expr: up", "alert": "expr: up"}.get(field, f"{base}\n    expr: up")
            for value in VALUES:
                yield f"groups:\n- name: g\n  rules:\n  - {rule}\n    {field}: {value}\n"
    for field in ("interval", "limit", "partial_response_strategy", "rules", "name"):
        start = "  rules: [{record: r, expr: up}]\n" if field != "rules" else ""
        name = "  name: g\n" if field != "name" else ""
        for value in VALUES:
            yield f"groups:\n- {field}: {value}\n{name}{start}"
    for value in VALUES:
        yield f"groups: {value}\n"
        yield f"{value}\n"
    yield from ("groups: [{name: g, name: h, rules: []}]", "groups: []\ngroups: []\n", "\ufeffgroups: []", "groups:\n\t- name: g",
                '{"groups": []}', "groups: [{rules: []}]", "groups: [{name: g}]", "groups: [{name: g, rules: [{}]}]",
                "groups: [{name: g, rules: [{record: r, expr: up}, {record: r, expr: up}]}]")


TEST = """rule_files: [rules.yml]
evaluation_interval: 1m
tests:
- interval: 1m
  external_labels: {region: eu}
  input_series:
  - series: 'up{job="web", instance="a"}'
    values: '1+0x3 0x10'
  - series: 'up{job="db", instance="b"}'
    values: '1 1 _ stale 0 0 0 0 0'
  alert_rule_test:
  - eval_time: 5m
    alertname: Down
    exp_alerts: []
  - eval_time: 7m
    alertname: Down
    exp_alerts: %s
  promql_expr_test:
  - expr: job:up:sum
    eval_time: 1m
    exp_samples:
    - {labels: 'job:up:sum{job="web", team="a"}', value: %s}
    - {labels: 'job:up:sum{job="db", team="a"}', value: 1}
"""

ALERTS = """
    - exp_labels: {instance: a, job: web, severity: page}
      exp_annotations: {summary: a of eu is 0}
    - exp_labels: {instance: b, job: db, severity: mail}
      exp_annotations: {summary: b of eu is 0}
"""

TESTS = {
    "as_expected": (TEST % (ALERTS, 1), True),
    "another_value": (TEST % (ALERTS, 2), False),
    "no_alerts": (TEST % ("[]", 1), False),
    "another_annotation": (TEST % (ALERTS.replace("a of eu", "a of us"), 1), False),
    "unknown_key": (TEST % (ALERTS, 1) + "wrong: 1\n", False),
    "bad_series": ((TEST % (ALERTS, 1)).replace("1+0x3", "1+x"), False),
    "no_such_rule_file": ((TEST % (ALERTS, 1)).replace("rules.yml", "none.yml"), False),
    "no_alert_expected_early": ((TEST % (ALERTS, 1)).replace("eval_time: 5m", "eval_time: 6m"), False),
}


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


@unittest.skipUnless(PROMTOOL, "promtool is not installed")
class Promtool(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="tidegate-promtool-")
        self.addCleanup(self.directory.cleanup)

    def write(self, name, text):
        path = os.path.join(self.directory.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def both(self, *words):
        """Exit codes and outputs of promtool and of ours."""
        return run(PROMTOOL, *words), run(BINARY, *words)

    def test_good_rules(self):
        for text in (GOOD_RULES, "", "groups: []\n"):
            theirs, ours = self.both("check", "rules", self.write("rules.yml", text))
            self.assertEqual((theirs[0], ours[0]), (0, 0), ours[1])
            found = re.compile(r"SUCCESS: \d+ rules found")
            self.assertEqual(found.findall(ours[1]), found.findall(theirs[1]))

    def test_bad_rules(self):
        for name, text in BAD_RULES.items():
            with self.subTest(name):
                theirs, ours = self.both("check", "rules", self.write(name + ".yml", text))
                self.assertNotEqual(theirs[0], 0)
                self.assertEqual(ours[0], theirs[0], ours[1])
                self.assertIn("FAILED", ours[1])

    @staticmethod
    def verdicts(binary, paths):
        """By file: empty for a good one, or what is wrong. Both streams in the order of their writing."""
        done = subprocess.run([binary, "check", "rules", *paths], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False, timeout=120)
        found = {}
        for part in re.split(r"^Checking ", done.stdout, flags=re.M)[1:]:
            name, _, rest = part.partition("\n")
            found[os.path.basename(name)] = "" if "SUCCESS" in rest else rest.strip()
        return found

    def test_a_thousand_files(self):
        """One verdict for each, good or bad, but for what is right since a newer Prometheus."""
        files = {f"{i:04}.yml": text for i, text in enumerate(many_files())}
        self.assertGreater(len(files), 1000)
        paths = [self.write(name, text) for name, text in files.items()]
        theirs, ours = ({}, {})
        for i in range(0, len(paths), 200):
            theirs.update(self.verdicts(PROMTOOL, paths[i:i + 200]))
            ours.update(self.verdicts(BINARY, paths[i:i + 200]))
        self.assertEqual(set(ours), set(theirs))
        newer = 0
        for name, text in files.items():
            if (theirs[name] == "") == (ours[name] == ""):
                continue
            if any(reason in theirs[name] for reason in NEWER):
                newer += 1
                continue
            # A null is an expression or a name to them, and none to us.
            self.assertRegex(text, r": (null|~)\n", f"{name}: theirs {theirs[name]!r}, ours {ours[name]!r}")
        self.assertLess(newer, 200)

    def test_one_bad_file_of_two_fails(self):
        good = self.write("good.yml", GOOD_RULES)
        bad = self.write("bad.yml", BAD_RULES["expression"])
        theirs, ours = self.both("check", "rules", good, bad)
        self.assertEqual((theirs[0], ours[0]), (1, 1))
        self.assertIn("SUCCESS: 2 rules found", ours[1])
        self.assertIn("parse error: unclosed left parenthesis", ours[1])

    def test_unit_tests(self):
        self.write("rules.yml", GOOD_RULES)
        for name, (text, passes) in TESTS.items():
            with self.subTest(name):
                theirs, ours = self.both("test", "rules", self.write(name + ".yml", text))
                self.assertEqual(theirs[0] == 0, passes, theirs[1])
                self.assertEqual(ours[0], theirs[0], theirs[1] + ours[1])
                self.assertIn("SUCCESS" if passes else "FAILED", ours[1])


if __name__ == "__main__":
    unittest.main()
