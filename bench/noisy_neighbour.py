#!/usr/bin/python3
"""What one tenant's queries of death do to the latency of another's small queries.

Legs alternate: the quiet tenant alone, then beside clients of the other tenant that ask deadly
queries without a pause. One connection, one small query after the other. What is compared are the
medians of the legs' percentiles."""

import argparse
import collections
import json
import multiprocessing
import os
import socket
import statistics
import sys
import tempfile
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))

import remote_write  # noqa: E402
from server import Server  # noqa: E402

STEP_MS = 15_000
NOW = int(time.time() * 1000) // 1000 * 1000
END = NOW / 1000

SMALL = [
    ("query", {"query": 'sum by (host) (rate(requests_total{job="shop"}[5m]))', "time": END}),
    ("query", {"query": 'requests_total{host="h1"}', "time": END}),
    (
        "query_range",
        {"query": 'sum(rate(requests_total{job="shop"}[5m]))', "start": END - 600, "end": END, "step": 15},
    ),
    ("query", {"query": "count(requests_total)", "time": END}),
]
DEADLY = [
    ("query_range", {"query": '{__name__=~".+"}', "start": END - 3000, "end": END, "step": 1}),
    (
        "query_range",
        {"query": 'max_over_time(rate({__name__=~".+"}[5m])[1h:1s])', "start": END - 600, "end": END, "step": 1},
    ),
    (
        "query_range",
        {
            "query": 'label_replace({__name__=~".+"}, "a", "$1$1$1$1", "pad", "(.*)")',
            "start": END - 3000,
            "end": END,
            "step": 1,
        },
    ),
    (
        "query_range",
        {"query": 'sum(max_over_time(rate({__name__=~"m.*"}[5m])[10m:5s]))', "start": END - 600, "end": END, "step": 1},
    ),
    ("query_range", {"query": 'count_values("v", {__name__=~".+"})', "start": END - 3000, "end": END, "step": 1}),
    ("query", {"query": 'topk(5, quantile_over_time(0.9, {__name__=~".+"}[1h]))', "time": END}),
]


def request_bytes(tenant, call):
    path, parameters = call
    target = f"/prometheus/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
    return f"GET {target} HTTP/1.1\r\nHost: bench\r\nX-Scope-OrgID: {tenant}\r\n\r\n".encode()


class Connection:
    """A kept connection; answers are read to their end, whole or in chunks."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=180)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb", buffering=1 << 16)

    def ask(self, request):
        self.socket.sendall(request)
        status = int(self.file.readline().split()[1])
        length = None
        while (line := self.file.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if length is not None:
            self.file.read(length)
            return status
        while size := int(self.file.readline().split(b";")[0], 16):
            self.file.read(size + 2)
        self.file.readline()
        return status


def fill(server, tenant, series, samples):
    """The metrics of one tenant; `samples` of them, the last one now."""
    times = [NOW - (samples - 1 - i) * STEP_MS for i in range(samples)]
    for begin in range(0, len(series), 1000):
        body = remote_write.request(
            [
                remote_write.series(labels, [(t, float(n + i)) for i, t in enumerate(times)])
                for n, labels in enumerate(series[begin : begin + 1000])
            ]
        )
        headers = {
            "Content-Type": "application/x-protobuf",
            "Content-Encoding": "snappy",
            "X-Scope-OrgID": tenant,
        }
        status, text, _ = server.request(
            "POST", "/api/v1/push", remote_write.snappy(body), headers, timeout=60
        )
        if status != 204:
            raise SystemExit(f"push refused: {status} {text[:200]}")


def attack(port, first, stop, outcomes):
    """A client of the noisy tenant. Counts how its queries end."""
    os.nice(19)  # It stands for another machine: reading its answers must not cost anybody here.
    connection, ends, i = Connection(port), collections.Counter(), first
    while not stop.is_set():
        try:
            ends[connection.ask(request_bytes("noisy", DEADLY[i % len(DEADLY)]))] += 1
        except (OSError, ValueError, IndexError):
            ends["connection"] += 1
            connection = Connection(port)
        i += 1
    outcomes.put(dict(ends))


class Attackers:
    def __init__(self, port, clients):
        self.stop, self.outcomes = multiprocessing.Event(), multiprocessing.Queue()
        self.processes = [
            multiprocessing.Process(target=attack, args=(port, i, self.stop, self.outcomes), daemon=True)
            for i in range(clients)
        ]

    def __enter__(self):
        for process in self.processes:
            process.start()
        time.sleep(1)  # They are at work.
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.ends = collections.Counter()
        for _ in self.processes:
            self.ends.update(self.outcomes.get())
        for process in self.processes:
            process.join()


def leg(connection, requests):
    """Milliseconds of each small query, sorted."""
    small = [request_bytes("quiet", call) for call in SMALL]
    waits = []
    for i in range(requests):
        begin = time.perf_counter()
        status = connection.ask(small[i % len(small)])
        waits.append((time.perf_counter() - begin) * 1000)
        if status != 200:
            raise SystemExit(f"a small query got {status}")
    return sorted(waits)


def percentile(waits, p):
    return waits[min(len(waits) - 1, int(len(waits) * p / 100))]


def measure(server, options):
    alone, beside, ends = [], [], collections.Counter()
    connection = Connection(server.http_port)
    leg(connection, 200)
    for number in range(options.legs):
        alone.append(leg(connection, options.requests))
        with Attackers(server.http_port, options.attackers) as attackers:
            beside.append(leg(connection, options.requests))
        ends.update(attackers.ends)
        if options.verbose:
            for name, waits in (("alone", alone[-1]), ("beside", beside[-1])):
                figures = " ".join(f"p{p} {percentile(waits, p):.2f}" for p in (50, 90, 99, 99.9))
                print(f"leg {number} {name}: {figures} ms")
    return alone, beside, ends


def report(alone, beside, ends, options):
    print(
        f"{options.legs} legs of {options.requests} small queries, {options.attackers} clients with"
        f" deadly ones, {options.series} series x {options.samples} samples, {os.cpu_count()} CPUs"
    )
    print(f"deadly queries by status: {dict(ends)}")
    ratios = {}
    for p in (50, 90, 99):
        quiet = statistics.median(percentile(waits, p) for waits in alone)
        noisy = statistics.median(percentile(waits, p) for waits in beside)
        ratios[p] = noisy / quiet
        print(f"p{p}: alone {quiet:.2f} ms, beside {noisy:.2f} ms, ratio {ratios[p]:.2f}")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"alone": alone, "beside": beside, "ratios": ratios}, file)
    return ratios[99]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--legs", type=int, default=5, help="of each kind")
    parser.add_argument("--requests", type=int, default=2000, help="of a leg")
    parser.add_argument("--attackers", type=int, default=8, help="clients of the noisy tenant")
    parser.add_argument("--series", type=int, default=20000, help="of the noisy tenant")
    parser.add_argument("--samples", type=int, default=60, help="of each of its series")
    parser.add_argument("--flag", action="append", default=[], help="for the server")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--json", help="a file for all latencies")
    return parser.parse_args()


def main():
    options = parse_arguments()
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
        config.write("trust_org_id: true\n")
        config.flush()
        with Server(flags=[f"--config={config.name}", *options.flag]) as server:
            fill(
                server,
                "noisy",
                [
                    {"__name__": f"m{i % 50}", "host": f"h{i // 50}", "pad": "x" * 60}
                    for i in range(options.series)
                ],
                options.samples,
            )
            fill(
                server,
                "quiet",
                [
                    {"__name__": "requests_total", "job": "shop", "host": f"h{i}"}
                    for i in range(20)
                ],
                60,
            )
            sys.exit(0 if report(*measure(server, options), options) < 2 else 1)


if __name__ == "__main__":
    main()
