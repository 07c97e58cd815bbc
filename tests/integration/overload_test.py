#!/usr/bin/python3
"""Queries that are too large, and too many of them: refused or queued, and nobody else is hurt."""

import os
import socket
import threading
import time
import unittest
import urllib.parse

from server import Refused, Server

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
            worst = 0
            for i in range(50):
                begin = time.monotonic()
                server.push([({"__name__": "fresh"}, [(NOW + i, 1.0)])], timeout=5)
                self.assertEqual(server.request("GET", "/-/ready", timeout=5)[0], 200)
                worst = max(worst, time.monotonic() - begin)
            self.assertLess(worst, 2)
            for reader in readers:
                reader.close()
            # Their turns come back at once.
            begin = time.monotonic()
            self.assertEqual(len(server.query("fresh", (NOW + 49) / 1000)), 1)
            self.assertLess(time.monotonic() - begin, 2)

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
            # Left alone it runs for much longer than what is asserted below.
            begin = time.monotonic()
            self.assertEqual(server.request("GET", path)[0], 200)
            self.assertGreater(time.monotonic() - begin, 0.5)
            waits = []
            for _ in range(7):
                client = socket.create_connection(("127.0.0.1", server.http_port))
                client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                time.sleep(0.1)  # It runs.
                client.close()
                begin = time.monotonic()
                server.query("vector(1)", NOW / 1000)  # The one place is free again.
                waits.append(time.monotonic() - begin)
            # The median, because others may use the processors too.
            self.assertLess(sorted(waits)[len(waits) // 2], 0.1, waits)


if __name__ == "__main__":
    unittest.main()
