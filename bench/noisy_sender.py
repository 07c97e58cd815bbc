#!/usr/bin/python3
"""What a tenant that pushes ten times what it may does to the pushes and queries of another.

Legs alternate: the quiet tenant alone, then beside senders of the other tenant, which together offer
ten times its ingestion_rate and come back at once when they are refused. One connection of the quiet
tenant pushes and asks in turn. What is compared are the medians of the legs' percentiles."""

import argparse
import collections
import multiprocessing
import os
import statistics
import sys
import tempfile
import time

import noisy_neighbour
from noisy_neighbour import NOW, SMALL, fill, percentile, request_bytes

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))

import remote_write  # noqa: E402
from server import Server  # noqa: E402


class Connection(noisy_neighbour.Connection):
    """One that also takes answers without a body."""

    def ask(self, request):
        self.socket.sendall(request)
        status = int(self.file.readline().split()[1])
        length = None if status != 204 else 0
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


LIMIT = 20_000  # Samples a second of the noisy tenant.
BATCH = 2_000


def push_bytes(tenant, series, at):
    body = remote_write.snappy(
        remote_write.request([remote_write.series(labels, [(at, float(at % 1000))]) for labels in series])
    )
    head = (
        f"POST /api/v1/push HTTP/1.1\r\nHost: bench\r\nX-Scope-OrgID: {tenant}\r\n"
        f"Content-Type: application/x-protobuf\r\nContent-Encoding: snappy\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def attack(port, number, senders, bodies, stop, outcomes):
    """Offers its part of ten times the limit; one body after the other, whatever the answers are."""
    os.nice(19)  # It stands for another machine.
    connection, ends, i = Connection(port), collections.Counter(), number
    pause = BATCH * senders / (10 * LIMIT)
    due = time.perf_counter()
    while not stop.is_set():
        ends[connection.ask(bodies[i % len(bodies)])] += 1
        i += 1
        due = max(due + pause, time.perf_counter() - 1)
        time.sleep(max(0, due - time.perf_counter()))
    outcomes.put(dict(ends))


def leg(connection, requests, state):
    """Milliseconds of each push and of each query, sorted."""
    small = [request_bytes("quiet", call) for call in SMALL]
    series = [{"__name__": "requests_total", "job": "shop", "host": f"h{i}"} for i in range(20)]
    waits = {"push": [], "query": []}
    for i in range(requests):
        kind = "push" if i % 2 else "query"
        state["at"] += 1
        request = push_bytes("quiet", series, state["at"]) if kind == "push" else small[i // 2 % len(small)]
        begin = time.perf_counter()
        status = connection.ask(request)
        waits[kind].append((time.perf_counter() - begin) * 1000)
        if status not in (200, 204):
            raise SystemExit(f"a {kind} of the quiet tenant got {status}")
    return {kind: sorted(of_kind) for kind, of_kind in waits.items()}


def beside_senders(server, options, bodies, run):
    stop, outcomes = multiprocessing.Event(), multiprocessing.Queue()
    senders = [
        multiprocessing.Process(
            target=attack, args=(server.http_port, i, options.senders, bodies, stop, outcomes), daemon=True
        )
        for i in range(options.senders)
    ]
    for sender in senders:
        sender.start()
    time.sleep(1)
    result = run()
    stop.set()
    ends = collections.Counter()
    for _ in senders:
        ends.update(outcomes.get())
    for sender in senders:
        sender.join()
    return result, ends


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--legs", type=int, default=5, help="of each kind")
    parser.add_argument("--requests", type=int, default=2000, help="of a leg, half of them pushes")
    parser.add_argument("--senders", type=int, default=4, help="connections of the noisy tenant")
    options = parser.parse_args()
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
        config.write(
            f"trust_org_id: true\ntenants:\n  - name: quiet\n"
            f"  - {{name: noisy, limits: {{ingestion_rate: {LIMIT}, ingestion_burst_size: {2 * LIMIT}}}}}\n"
        )
        config.flush()
        with Server(flags=[f"--config={config.name}"]) as server:
            fill(server, "quiet", [{"__name__": "requests_total", "job": "shop", "host": f"h{i}"} for i in range(20)], 60)
            noisy = [{"__name__": f"m{i % 50}", "host": f"h{i // 50}", "pad": "x" * 60} for i in range(BATCH)]
            bodies = [push_bytes("noisy", noisy, NOW + i) for i in range(64)]
            connection, state = Connection(server.http_port), {"at": NOW}
            leg(connection, 200, state)
            alone, beside, ends = [], [], collections.Counter()
            for _ in range(options.legs):
                alone.append(leg(connection, options.requests, state))
                result, answers = beside_senders(
                    server, options, bodies, lambda: leg(connection, options.requests, state)
                )
                beside.append(result)
                ends.update(answers)
    print(f"{options.legs} legs of {options.requests} requests; pushes of the noisy tenant by status: {dict(ends)}")
    worst = 0
    for kind in ("push", "query"):
        for p in (50, 90, 99):
            quiet = statistics.median(percentile(one[kind], p) for one in alone)
            noisy = statistics.median(percentile(one[kind], p) for one in beside)
            worst = max(worst, noisy / quiet) if p == 99 else worst
            print(f"{kind} p{p}: alone {quiet:.2f} ms, beside {noisy:.2f} ms, ratio {noisy / quiet:.2f}")
    sys.exit(0 if worst <= 1.5 else 1)


if __name__ == "__main__":
    main()
