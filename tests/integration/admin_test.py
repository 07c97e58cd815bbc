#!/usr/bin/python3
"""Deleting and snapshots as an operator meets them: over HTTP, over restarts, over processes."""

import json
import os
import time
import unittest
import urllib.parse

from server import Refused, Server
from services_test import Cluster, eventually

NOW = int(time.time() * 1000) // 1000 * 1000
STEP = 1000
COUNT = 300


def samples(first=0.0):
    return [(NOW - (COUNT - 1 - i) * STEP, first + i) for i in range(COUNT)]


def push(server, first=0.0, names=("kept", "gone")):
    server.push([({"__name__": name, "job": "a"}, samples(first)) for name in names])


def post(server, action, **parameters):
    path = f"/api/v1/admin/tsdb/{action}"
    query = "?" + urllib.parse.urlencode(parameters, doseq=True) if parameters else ""
    status, body, headers = server.request("POST", path + query, timeout=120)
    if status // 100 != 2:
        raise Refused(status, body, headers)
    return json.loads(body)["data"] if body else None


def values(server, name):
    result = server.query(f"{name}[10m]", NOW / 1000)
    return [float(v) for _, v in result[0]["values"]] if result else []


ALL = [float(i) for i in range(COUNT)]
HALF = ALL[: COUNT // 2]


def delete_second_half(server):
    post(server, "delete_series", **{"match[]": "gone", "start": (NOW - (COUNT // 2 - 1) * STEP) / 1000})


class StoreMetrics(unittest.TestCase):
    def test_what_is_sealed_shows_in_the_metrics(self):
        with Server(flags=["--maintenance_interval=100ms"]) as server:
            push(server)
            server.flush()

            def check():
                text = server.request("GET", "/-/metrics")[1].decode()
                self.assertRegex(text, rf"tidegate_store_points {2 * COUNT}\n")
                self.assertRegex(text, r"tidegate_store_bytes [1-9]")
                self.assertRegex(text, r"tidegate_store_damaged_pages 0\n")

            eventually(check)


class Deleting(unittest.TestCase):
    def check(self, server, gone):
        self.assertEqual(values(server, "kept"), ALL)
        self.assertEqual(values(server, "gone"), gone)

    def test_unsealed_and_sealed_data_over_kills_and_merges(self):
        with Server(flags=["--maintenance_interval=1s"]) as server:
            push(server)
            delete_second_half(server)
            self.check(server, HALF)
            server.kill()
            server.start()
            self.check(server, HALF)
            # The rest goes too, and what is pushed again is there.
            post(server, "delete_series", **{"match[]": ['{__name__="gone"}', "never"]})
            self.check(server, [])
            self.assertEqual(server.get_json("/api/v1/label/__name__/values"), ["kept"])
            push(server, names=("gone",))
            self.check(server, ALL)
            server.flush()
            post(server, "clean_tombstones")
            self.check(server, ALL)
            server.kill()
            server.start()
            self.check(server, ALL)
            self.assertEqual(server.terminate(), 0)

    def test_over_four_processes(self):
        with Cluster() as cluster:
            push(cluster.gateway)
            delete_second_half(cluster.gateway)
            self.check(cluster.gateway, HALF)
            cluster.store.kill()
            with self.assertRaises(Refused) as refused:
                delete_second_half(cluster.gateway)
            self.assertEqual(refused.exception.status, 503)
            cluster.store.start()
            eventually(lambda: self.check(cluster.gateway, HALF))
            self.assertTrue(eventually(lambda: post(cluster.gateway, "snapshot")["name"]))

    def test_mistakes(self):
        with Server() as server:
            push(server)
            for parameters in ({}, {"match[]": "{}"}, {"match[]": "gone", "start": "soon"}):
                with self.assertRaises(Refused) as refused:
                    post(server, "delete_series", **parameters)
                self.assertEqual(refused.exception.status, 400)
            self.assertEqual(server.request("GET", "/api/v1/admin/tsdb/delete_series")[0], 405)
            self.check(server, ALL)


class Snapshots(unittest.TestCase):
    def test_a_snapshot_opens_as_a_directory_while_pushes_go_on(self):
        with Server() as server:
            push(server)
            delete_second_half(server)
            name = post(server, "snapshot")["name"]
            push(server, first=1000.0, names=("later",))
            post(server, "delete_series", **{"match[]": '{__name__=~".+"}'})
            post(server, "clean_tombstones")
            self.assertEqual(values(server, "kept"), [])
            directory = os.path.join(server.directory, "snapshots", name)
            with Server(directory=directory) as copy:
                self.assertEqual(values(copy, "kept"), ALL)
                self.assertEqual(values(copy, "gone"), HALF)
                self.assertEqual(values(copy, "later"), [])
                push(copy, names=("later",))
                self.assertEqual(values(copy, "later"), ALL)
                self.assertEqual(copy.terminate(), 0)

    def test_without_what_is_not_sealed(self):
        with Server() as server:
            push(server, names=("sealed",))
            server.flush()
            push(server, names=("open",))
            name = post(server, "snapshot", skip_head="true")["name"]
            with Server(directory=os.path.join(server.directory, "snapshots", name)) as copy:
                self.assertEqual(values(copy, "sealed"), ALL)
                self.assertEqual(values(copy, "open"), [])


if __name__ == "__main__":
    unittest.main()
