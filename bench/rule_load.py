#!/usr/bin/python3
"""What 2,000 rules of 50 shapes over 100,000 series cost each minute.

The series are there before and reach into the near future, so that nothing but rules is at work while it is
measured. Printed is the processor time per evaluation of all rules, queries and stored samples included."""

import argparse
import os
import re
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))

METRICS = 100
HOSTS = 1000
STEP_MS = 15_000

# Each is about one metric, of HOSTS series.
SHAPES = [
    "sum(rate({m}[2m]))",
    "sum by (job) (rate({m}[2m]))",
    "sum by (job, cluster) (rate({m}[2m]))",
    "avg by (cluster) (rate({m}[2m]))",
    "max by (job) ({m})",
    "min by (job) ({m})",
    "count by (cluster) ({m})",
    "topk(5, rate({m}[2m]))",
    "quantile by (job) (0.9, {m})",
    "stddev by (job) ({m})",
    "sum by (job) (increase({m}[2m]))",
    "avg_over_time({m}{{job=\"job1\"}}[2m])",
    "max_over_time({m}{{job=\"job2\"}}[2m])",
    "delta({m}{{job=\"job3\"}}[2m])",
    "deriv({m}{{job=\"job4\"}}[2m])",
    "sum by (job) ({m}) / count by (job) ({m})",
    "sum(rate({m}[2m])) by (job) / on () group_left () sum(rate({m}[2m]))",
    "{m}{{cluster=\"c1\"}} > 10",
    "rate({m}[2m]) > 5",
    "{m} == 0",
    "absent({m})",
    "absent({m}{{host=\"none\"}})",
    "changes({m}{{job=\"job5\"}}[2m])",
    "resets({m}{{job=\"job6\"}}[2m])",
    "sum by (job) (clamp_max({m}, 10))",
]
# The same as alerts that nobody gets and that fire for a few series.
SHAPES += [f"({shape}) > 1e9" for shape in SHAPES[:20]] + [
    "{m}{{host=\"host7\"}} > 0",
    "sum by (job) (rate({m}[2m])) < 0",
    "{m} unless on (host) {m}{{job!=\"job1\"}}",
    "count({m} > 20) > 100000",
    "label_replace(sum by (job) ({m}), \"team\", \"$1\", \"job\", \"job(.*)\") > 1e9",
]


def labels_of(metric, host):
    return {
        "__name__": f"metric{metric}",
        "cluster": f"c{host % 5}",
        "host": f"host{host}",
        "job": f"job{host % 10}",
    }


def load(server, remote_write, now):
    """From three minutes ago to nine ahead, as far as a tenant may push."""
    times = [now + at * STEP_MS for at in range(-12, 37)]
    for metric in range(METRICS):
        body = remote_write.request(
            [
                remote_write.series(
                    labels_of(metric, host),
                    [(at, float(i * (host % 7) + metric)) for i, at in enumerate(times)],
                )
                for host in range(HOSTS)
            ]
        )
        server.push_body(remote_write.snappy(body))


def rules(count):
    text = "groups:\n"
    for rule in range(count):
        if rule % 40 == 0:
            text += f"- name: g{rule // 40}\n  interval: 1m\n  rules:\n"
        shape = rule % len(SHAPES)
        expr = SHAPES[shape].format(m=f"metric{rule % METRICS}").replace("'", "''")
        kind = "record" if shape < 25 else "alert"
        text += f"  - {kind}: r{rule}\n    expr: '{expr}'\n"
    return text


def counter(server, name):
    _, body, _ = server.request("GET", "/-/metrics")
    return sum(float(v) for v in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", body.decode(), re.M))


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, default=2000)
    parser.add_argument("--minutes", type=float, default=2)
    arguments = parser.parse_args()
    import remote_write
    from server import Server

    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(directory, "rules.yml"), "w", encoding="utf-8") as file:
            file.write(rules(arguments.rules))
        config = os.path.join(directory, "config.yaml")
        with open(config, "w", encoding="utf-8") as file:
            file.write("rule_files: []\n")
        with Server(flags=[f"--config={config}"]) as server:
            load(server, remote_write, int(time.time() * 1000))
            server.flush()
            with open(config, "w", encoding="utf-8") as file:
                file.write("rule_files: [{file: rules.yml}]\n")
            while counter(server, "tidegate_rule_evaluations_total") < arguments.rules:
                time.sleep(0.5)
            before = (time.time(), cpu_seconds(server.process.pid))
            evaluated = counter(server, "tidegate_rule_evaluations_total")
            time.sleep(60 * arguments.minutes)
            seconds = cpu_seconds(server.process.pid) - before[1]
            done = counter(server, "tidegate_rule_evaluations_total") - evaluated
            failed = counter(server, "tidegate_rule_evaluation_failures_total")
            missed = counter(server, "tidegate_rule_group_iterations_missed_total")
            print(
                f"{arguments.rules} rules, {len(SHAPES)} shapes, {METRICS * HOSTS} series: "
                f"{seconds / done * arguments.rules:.2f} s of one core for each evaluation of all "
                f"({done:.0f} evaluations in {time.time() - before[0]:.0f} s, "
                f"{failed:.0f} failed, {missed:.0f} points missed)"
            )


if __name__ == "__main__":
    main()
