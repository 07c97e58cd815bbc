#!/usr/bin/python3
"""Pushes of logs that outrun sealing: they wait or are refused, what was acknowledged is there once,
and samples come in meanwhile."""

import re
import threading
import time
import unittest

import logs
from server import Server

START = (time.time_ns() // 10**9 - 600) * 10**9
PROTOBUF = {"Content-Type": "application/x-protobuf"}
LINES = 2000  # Of a push: about 2 MB, so that a few of them pass the bound.
FLAGS = ["--max_head_log_memory=8MB", "--log_level=warning"]


class Sender(threading.Thread):
    """Pushes until it is told to stop, and again what was refused, as senders of logs do."""

    def __init__(self, server, number, stop):
        super().__init__()
        self.server, self.number, self.stop = server, number, stop
        self.acknowledged, self.refused, self.wrong = 0, 0, []

    def run(self):
        batch = 0
        while not self.stop.is_set():
            if self.push(batch):
                batch += 1

    def push(self, batch):
        pad = b"%08x " * 110
        entries = [
            logs.entry(START + batch * LINES + i, b"batch %d line %d " % (batch, i) + pad)
            for i in range(LINES)
        ]
        body = logs.protobuf([logs.stream({"app": f"s{self.number}"}, entries)])
        status, answer, headers = self.server.request("POST", "/loki/api/v1/push", body, PROTOBUF)
        if status == 429 and b"faster than they are sealed" in answer and "Retry-After" in headers:
            self.refused += 1
            return False
        if status != 204:
            self.wrong.append((status, answer[:200]))
            self.stop.set()
            return False
        self.acknowledged += LINES
        return True


class LogPace(unittest.TestCase):
    def metric(self, server, name):
        text = server.request("GET", "/-/metrics")[1].decode()
        return float(re.search(rf"^{name} (\S+)$", text, re.M).group(1))

    def test_the_head_stays_small_and_nothing_is_lost(self):
        stop = threading.Event()
        with Server(flags=FLAGS) as server:
            senders = [Sender(server, number, stop) for number in range(8)]
            for sender in senders:
                sender.start()
            most, slowest = 0, 0
            end = time.monotonic() + 60
            samples = 0
            while time.monotonic() < end and not stop.is_set():
                begin = time.monotonic()
                server.push([({"__name__": "up"}, [(START // 10**6 + samples, 1.0)])])
                slowest = max(slowest, time.monotonic() - begin)
                samples += 1
                most = max(most, self.metric(server, "tidegate_ingest_head_entry_bytes"))
                waited = self.metric(server, "tidegate_ingest_waited_log_pushes_total")
                if samples >= 50 and waited > 3 and sum(s.refused for s in senders) > 0:
                    stop.set()
                time.sleep(0.02)
            stop.set()
            for sender in senders:
                sender.join()
                self.assertEqual(sender.wrong, [])
            refused = sum(sender.refused for sender in senders)
            self.assertGreater(refused, 0)
            self.assertEqual(self.metric(server, "tidegate_ingest_refused_log_pushes_total"), refused)
            self.assertGreater(self.metric(server, "tidegate_ingest_waited_log_pushes_total"), 0)
            # Pushes that were admitted at the bound come on top: at most one a worker.
            self.assertLess(most, 50e6)
            self.assertLess(slowest, 4, "a sample waited for logs")
            self.assertEqual(
                server.query("count_over_time(up[1h])", START / 10**9 + 60)[0]["value"][1],
                str(samples),
            )
            server.kill()
            server.start()
            for sender in senders:
                found = self.count(server, sender.number)
                self.assertEqual(found, sender.acknowledged)

    def count(self, server, number):
        path = "/loki/api/v1/query?query=sum(count_over_time(%7Bapp%3D%22s{}%22%7D%5B2h%5D))&time={}"
        status, body, _ = server.request("GET", path.format(number, START + 3600 * 10**9))
        self.assertEqual(status, 200, body)
        found = re.search(rb'"value":\[[^,]*,"(\d+)"\]', body)
        return int(found.group(1)) if found else 0


if __name__ == "__main__":
    unittest.main()
