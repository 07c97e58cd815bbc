#!/usr/bin/python3
"""What 2,000 monitors cost each minute, beside the rules of rule_load.py where --rules says so.

Two tenants with half of the monitors each: of hosts (plain, averaged, in percent, in scopes), services, expressions,
queries and connectivity, over the values that 100 hosts post each minute. The values are there before and reach into
the near future, so that nothing but evaluation is at work while it is measured. Printed is the processor time per
minute of everything that is evaluated."""

import argparse
import json
import os
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))
sys.path.insert(0, os.path.join(ROOT, "bench"))

import rule_load  # noqa: E402

TENANTS = ("north", "south")
HOSTS = 100
METRICS = 50
SERVICES = 10
PARTS = ["cpu.user.percentage", "cpu.system.percentage", "cpu.idle.percentage", "memory.total", "memory.used",
         "filesystem.sda.size", "filesystem.sda.used"]


def monitor(i):
    base = {"name": f"m{i}", "operator": ">", "warning": 1e9, "critical": 1e10}
    metric, service = f"custom.app.m{i % METRICS}", f"service{i % SERVICES}"
    role = f"{service}:app"
    kinds = [
        {"type": "host", "metric": metric, "duration": 1 + i % 10},
        {"type": "host", "metric": metric, "duration": 5, "scopes": [service], "maxCheckAttempts": 3},
        {"type": "host", "metric": ["cpu%", "memory%", "disk%"][i // 10 % 3], "duration": 3, "warning": 99.9, "critical": 100},
        {"type": "service", "service": service, "metric": f"access.m{i % METRICS}", "duration": 1 + i % 10},
        {"type": "service", "service": service, "metric": f"access.m{i % METRICS}", "duration": 1,
         "missingDurationWarning": 60},
        {"type": "expression", "expression": f"avg(roleSlots('{role}', '{metric}'))"},
        {"type": "expression",
         "expression": f"diff(max(role('{role}', '{metric}')), timeShift(max(role('{role}', '{metric}')), 3m))"},
        {"type": "query", "query": f"sum by (monitored_host) (rate({metric}[3m]))", "legend": ""},
        {"type": "query", "query": f"avg({metric})", "legend": ""},
        {"type": "connectivity", "scopes": [service]},
    ]
    chosen = dict(base, **kinds[i % len(kinds)])
    if chosen["type"] == "connectivity":
        for name in ("operator", "warning", "critical"):
            del chosen[name]
    return chosen


class Tenant:
    def __init__(self, server, name):
        self.server, self.name = server, name

    def call(self, method, path, body):
        status, answer, _ = self.server.request(method, f"/api/v0/{path}", json.dumps(body), {"X-Scope-OrgID": self.name})
        assert status == 200, answer
        return json.loads(answer)

    def fill(self, remote_write, now, monitors):
        hosts = [self.call("POST", "hosts", {"name": f"h{i}", "roleFullnames": [f"service{i % SERVICES}:app"]})["id"]
                 for i in range(HOSTS)]
        self.call("POST", "tsdb", [{"hostId": host, "name": "loadavg5", "time": now // 1000, "value": 1} for host in hosts])
        times = [now + 60_000 * at for at in range(-30, 9)]
        names = [f"custom.app.m{i}" for i in range(METRICS)] + PARTS + ["monitored_host_post"]
        for host in hosts:
            self.push(remote_write, [({"__name__": name, "monitored_host": host}, times) for name in names])
        for i in range(SERVICES):
            self.push(remote_write, [({"__name__": f"access.m{m}", "monitored_service": f"service{i}"}, times)
                                     for m in range(METRICS)])
        for i in range(monitors):
            self.call("POST", "monitors", monitor(i))

    def push(self, remote_write, series):
        body = remote_write.snappy(remote_write.request(
            [remote_write.series(labels, [(at, float(at // 60_000 % 7 + 1)) for at in times]) for labels, times in series]))
        status, answer, _ = self.server.request("POST", "/api/v1/push", body, {
            "Content-Type": "application/x-protobuf", "Content-Encoding": "snappy", "X-Scope-OrgID": self.name})
        assert status == 204, answer


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--monitors", type=int, default=2000)
    parser.add_argument("--rules", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=2)
    arguments = parser.parse_args()
    import remote_write
    from server import Server

    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(directory, "rules.yml"), "w", encoding="utf-8") as file:
            file.write(rule_load.rules(arguments.rules))
        config = os.path.join(directory, "config.yaml")
        text = "trust_org_id: true\ntenants: [{name: north}, {name: south}]\n"
        if arguments.rules:
            text += "rule_files: [{file: rules.yml}]\n"
        with open(config, "w", encoding="utf-8") as file:
            file.write(text)
        with Server(flags=[f"--config={config}"]) as server:
            now = int(time.time()) * 1000
            if arguments.rules:
                rule_load.load(server, remote_write, now)
            for name in TENANTS:
                Tenant(server, name).fill(remote_write, now, arguments.monitors // len(TENANTS))
            evaluations = "tidegate_monitor_evaluations_total"
            while rule_load.counter(server, evaluations) < arguments.monitors:
                time.sleep(0.5)
            while int(time.time()) % 60 != 55:  # Between two rounds.
                time.sleep(0.5)
            evaluated = rule_load.counter(server, evaluations)
            before = rule_load.cpu_seconds(server.process.pid)
            time.sleep(60 * arguments.minutes)
            seconds = rule_load.cpu_seconds(server.process.pid) - before
            done = rule_load.counter(server, evaluations) - evaluated
            failed = rule_load.counter(server, "tidegate_monitor_evaluation_failures_total")
            missed = rule_load.counter(server, "tidegate_monitor_rounds_missed_total")
            print(f"{arguments.monitors} monitors over {len(TENANTS) * HOSTS} hosts, {arguments.rules} rules: "
                  f"{seconds / arguments.minutes:.2f} s of one core a minute ({done:.0f} monitors evaluated in "
                  f"{arguments.minutes:g} minutes, {failed:.0f} failed, {missed:.0f} rounds missed)")


if __name__ == "__main__":
    main()
