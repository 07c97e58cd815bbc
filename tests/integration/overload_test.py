#!/usr/bin/python3
"""Queries that are too large, and too many of them: refused or queued, and nobody else is hurt."""

import json
import os
import socket
import threading
import time
import unittest
import urllib.parse

from server import Refused, Server
from services_test import Cluster, eventually

NOW = int(time.time() * 1000) // 1000 * 1000


def fill(server, series=20000, samples=20):
    for begin in range(0, series, 2000):
        server.push(
            [
                (
                    {"__name__": f"m{i % 50}", "host": f"h{i // 50}", "pad": "x" * 60},
                    [(NOW - (samples - 1 - s) * 15000, float(i + s)) for s in range(samples)],
                )
                for i in range(begin, begin + 2000)
            ]
        )


def resident_bytes(server):
    with open(f"/proc/{server.process.pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def processor_seconds(*servers):
    """Used so far, by all threads of the processes."""
    total = 0
    for server in servers:
        with open(f"/proc/{server.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def range_path(query, seconds=1000, step=1):
    parameters = {"query": query, "start": NOW / 1000 - seconds, "end": NOW / 1000, "step": step}
    return "/api/v1/query_range?" + urllib.parse.urlencode(parameters)


def ask_without_waiting(server, path):
    client = socket.create_connection(("127.0.0.1", server.http_port))
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return client


def used_until_quiet(*servers):
    """Processor time from now until the processes rest; how long that takes does not count."""
    begin = last = processor_seconds(*servers)
    for _ in range(200):
        time.sleep(0.2)
        now = processor_seconds(*servers)
        if now - last < 0.03:
            break
        last = now
    return now - begin


def active_queries(server):
    _, body, _ = server.request("GET", "/api/v1/status/active_queries")
    return [query["query"] for query in json.loads(body)["data"]]


LONG = 'sum(max_over_time(rate({__name__=~"m.*"}[5m])[30m:2s]))'


class Overload(unittest.TestCase):
    def test_queries_of_death_end_with_422_within_the_bound(self):
        bound = 64 << 20
        with Server(flags=[f"--max_query_memory={bound}"]) as server:
            fill(server)
            before = resident_bytes(server)
            end = NOW / 1000
            deadly = [
                ('{__name__=~".+"}', end - 3000, end, 1),
                ('max_over_time(rate({__name__=~".+"}[5m])[1h:1s])', end - 600, end, 1),
                ('label_replace({__name__=~".+"}, "a", "$1$1$1$1", "pad", "(.*)")', end - 3000, end, 1),
                ('count_values("v", {__name__=~".+"})', end - 3000, end, 1),
            ]
            outcomes = []

            def ask(query, start, stop, step):
                try:
                    server.query_range(query, start, stop, step)
                    outcomes.append((query, 200))
                except Refused as refused:
                    outcomes.append((query, refused.status))

            threads = [threading.Thread(target=ask, args=q) for q in deadly * 3]
            for thread in threads:
                thread.start()
            highest = 0
            while any(thread.is_alive() for thread in threads):
                highest = max(highest, resident_bytes(server))
                time.sleep(0.005)
            self.assertEqual({status for _, status in outcomes}, {422}, outcomes)
            # What is counted is an estimate: twice the bound is the promise.
            self.assertLess(highest - before, 2 * bound)
            self.assertEqual(server.query("count(m0)", end)[0]["value"][1], "400")

    def test_slow_readers_hold_up_neither_pushes_nor_probes(self):
        with Server(flags=["--max_concurrent_queries=2", "--http_workers=8"]) as server:
            fill(server, series=2000, samples=200)
            query = urllib.parse.urlencode(
                {"query": '{__name__=~"m.*"}', "start": NOW / 1000 - 2900, "end": NOW / 1000, "step": 5}
            )
            readers = []
            for _ in range(12):  # They ask for megabytes and read nothing.
                reader = socket.create_connection(("127.0.0.1", server.http_port))
                reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                reader.sendall(f"GET /api/v1/query_range?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                readers.append(reader)
            time.sleep(0.3)
            for i in range(50):  # Held up, they would wait for as long as the readers do.
                server.push([({"__name__": "fresh"}, [(NOW + i, 1.0)])], timeout=20)
                self.assertEqual(server.request("GET", "/-/ready", timeout=20)[0], 200)
            for reader in readers:
                reader.close()
            # Their turns come back.
            self.assertEqual(len(server.query("fresh", (NOW + 49) / 1000)), 1)

    def test_who_hangs_up_stops_the_query(self):
        with Server(flags=["--max_concurrent_queries=1"]) as server:
            fill(server, series=20000, samples=20)
            query = urllib.parse.urlencode(
                {
                    "query": 'sum(max_over_time(rate({__name__=~"m.*"}[5m])[30m:2s]))',
                    "start": NOW / 1000 - 1000,
                    "end": NOW / 1000,
                    "step": 1,
                }
            )
            path = f"/api/v1/query_range?{query}"
            # Left alone it computes for much longer than what is asserted below. Processor time is
            # what others on the machine cannot stretch.
            before = processor_seconds(server)
            self.assertEqual(server.request("GET", path)[0], 200)
            self.assertGreater(processor_seconds(server) - before, 0.4)
            used = []
            for _ in range(7):
                client = ask_without_waiting(server, path)
                eventually(lambda: self.assertEqual(len(active_queries(server)), 1))
                time.sleep(0.05)
                before = processor_seconds(server)
                client.close()
                server.query("vector(1)", NOW / 1000)  # The one place is free again.
                used.append(processor_seconds(server) - before)
            self.assertLess(sorted(used)[len(used) // 2], 0.1, used)

    def test_who_hangs_up_in_the_queue_leaves_it(self):
        with Server(flags=["--max_concurrent_queries=1"]) as server:
            fill(server, series=20000, samples=20)
            in_the_way = " + ".join(LONG.replace("30m", f"{minutes}m") for minutes in range(30, 40))
            running = ask_without_waiting(server, range_path(in_the_way))
            eventually(lambda: self.assertEqual(active_queries(server), [in_the_way]))
            for i in range(5):
                waiting = ask_without_waiting(server, range_path(f"vector({i})"))
                eventually(lambda: self.assertIn(f"vector({i})", active_queries(server)))
                waiting.close()
                # Left alone it would wait for the one before it, which still runs.
                eventually(lambda: self.assertEqual(active_queries(server), [in_the_way]))
            running.close()

    def test_who_hangs_up_stops_the_work_of_all_services(self):
        with Cluster(querier_flags=["--max_concurrent_queries=1"]) as cluster:
            services = (cluster.querier, cluster.ingester, cluster.store)
            fill(cluster.gateway, series=20000, samples=20)
            for sealed in (False, True):
                if sealed:
                    cluster.gateway.flush()
                # The first reads for long, the other one computes.
                for query in ('count({__name__=~".+"}) + count({host!=""})', LONG):
                    path = range_path(query)
                    begin, before = time.monotonic(), processor_seconds(*services)
                    self.assertEqual(cluster.gateway.request("GET", path)[0], 200)
                    alone = time.monotonic() - begin
                    cost = processor_seconds(*services) - before
                    used = []
                    for part in (0.1, 0.3, 0.5):
                        client = ask_without_waiting(cluster.gateway, path)
                        time.sleep(part * alone)
                        client.close()
                        used.append(used_until_quiet(*services))
                    # A tenth of a second for the news to travel, on two processors.
                    self.assertLess(sorted(used)[1], 0.2 + 0.1 * cost, (query, sealed, cost, used))
                    # And the one place is free.
                    cluster.gateway.query("vector(1)", NOW / 1000)


if __name__ == "__main__":
    unittest.main()
