#!/usr/bin/python3
"""Deleting log entries through Loki's API: in one process and in four, over restarts and merges."""

import json
import time
import unittest
import urllib.parse

import logs
from server import Server
from services_test import Cluster, eventually

SECOND = 10**9
START = (time.time_ns() // SECOND - 600) * SECOND
LINES = 200
PROTOBUF = {"Content-Type": "application/x-protobuf"}


def text(number):
    return f"{'error' if number % 3 == 0 else 'info'} of line {number}"


def push(server, app, first=0, count=LINES):
    entries = [logs.entry(START + (first + i) * SECOND // 4, text(first + i).encode()) for i in range(count)]
    status, body, _ = server.request(
        "POST", "/loki/api/v1/push", logs.protobuf([logs.stream({"app": app}, entries)]), PROTOBUF
    )
    assert status == 204, body


def call(server, method, **parameters):
    path = "/loki/api/v1/delete?" + urllib.parse.urlencode(parameters)
    return server.request(method, path, timeout=120)


def delete(test, server, query, **parameters):
    parameters = {"start": START // SECOND} | parameters
    status, body, headers = call(server, "POST", query=query, **parameters)
    test.assertEqual((status, body), (204, b""))
    return headers["X-Delete-Request-ID"]


def requests(server):
    status, body, _ = call(server, "GET")
    assert status == 200, body
    return json.loads(body)


def lines(server, selector):
    found = logs.read_all(server, selector, START, START + 3600 * SECOND)
    return [line for _, line in found]


ALL = [text(i) for i in range(LINES)]
WITHOUT_ERRORS = [line for line in ALL if "error" not in line]


class LogDelete(unittest.TestCase):
    def whole_way(self, front, restart):
        push(front, "shop")
        push(front, "till")
        # The first is not sealed, and the second neither: both are concerned.
        delete(self, front, '{app="shop"} |= "error"')
        self.assertEqual(lines(front, '{app="shop"}'), WITHOUT_ERRORS)
        self.assertEqual(lines(front, '{app="till"}'), ALL)
        restart()
        self.assertEqual(lines(front, '{app="shop"}'), WITHOUT_ERRORS)
        self.assertEqual(lines(front, '{app="shop"} |= "error"'), [])
        push(front, "shop", first=0, count=4)  # Again: it came later.
        back = sorted(WITHOUT_ERRORS + [ALL[0], ALL[3]])
        self.assertEqual(sorted(lines(front, '{app="shop"}')), back)
        front.flush()
        self.assertEqual(sorted(lines(front, '{app="shop"}')), back)

        whole = delete(self, front, '{app="till"}')
        self.assertEqual(lines(front, '{app="till"}'), [])
        listed = requests(front)
        self.assertEqual([one["query"] for one in listed], ['{app="shop"} |= "error"', '{app="till"}'])
        self.assertEqual(listed[1]["request_id"], whole)
        self.assertEqual(listed[1]["status"], "received")
        self.assertEqual(listed[1]["start_time"], START // SECOND)
        self.assertEqual(call(front, "DELETE", request_id=whole)[0], 204)
        self.assertEqual(lines(front, '{app="till"}'), ALL)
        self.assertEqual(call(front, "DELETE", request_id=whole)[0], 404)
        self.assertEqual(len(requests(front)), 1)

    def test_in_one_process(self):
        with Server() as server:

            def restart():
                server.kill()
                server.start()

            self.whole_way(server, restart)

    def test_in_four(self):
        with Cluster() as cluster:

            def restart():
                for process in (cluster.store, cluster.ingester):
                    process.kill()
                for process in (cluster.store, cluster.ingester):
                    process.start()
                eventually(lambda: lines(cluster.gateway, '{app="till"}'))

            self.whole_way(cluster.gateway, restart)

    def test_what_is_final_is_removed(self):
        flags = ["--delete_request_cancel_period=0", "--maintenance_interval=100ms"]
        with Server(flags=flags) as server:
            push(server, "shop")
            number = delete(self, server, '{app="shop"} |~ "error .* [0-9]+"')
            self.assertEqual(requests(server)[0]["status"], "processed")
            status, body, _ = call(server, "DELETE", request_id=number)
            self.assertEqual(status, 400)
            self.assertIn(b"already processed", body)
            status, _, _ = server.request("POST", "/api/v1/admin/tsdb/clean_tombstones", timeout=120)
            self.assertEqual(status, 204)

            def stored():
                metrics = server.request("GET", "/-/metrics")[1].decode()
                self.assertIn(f"tidegate_store_points {len(WITHOUT_ERRORS)}\n", metrics)

            eventually(stored)
            self.assertEqual(lines(server, '{app="shop"}'), WITHOUT_ERRORS)

    def test_kill_right_after_the_answer(self):
        with Server() as server:
            left = set(range(LINES))
            push(server, "shop")
            for number in range(0, LINES, 40):
                delete(self, server, '{app="shop"} |~ " %d$"' % number)
                server.kill()
                server.start()
                left.discard(number)
                self.assertEqual(lines(server, '{app="shop"}'), [text(i) for i in sorted(left)])

    def test_refusals(self):
        with Server() as server:
            push(server, "shop")
            for parameters, expected in [
                ({}, b"query not set"),
                ({"query": '{app="shop"}'}, b"start time not set"),
                ({"query": "nonsense", "start": START // SECOND}, b"invalid query expression"),
                ({"query": '{app="shop"} | json', "start": START // SECOND}, b"only the line filters"),
                ({"query": '{app="shop"}', "start": START // SECOND, "end": 9999999999}, b"in the future"),
            ]:
                status, body, _ = call(server, "POST", **parameters)
                self.assertEqual(status, 400)
                self.assertIn(expected, body)
            self.assertEqual(lines(server, '{app="shop"}'), ALL)
            self.assertEqual(requests(server), [])


if __name__ == "__main__":
    unittest.main()
