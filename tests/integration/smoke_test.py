#!/usr/bin/python3
"""The shortest walk through the product: push, ask, restart, ask again."""

import subprocess
import time
import unittest

from server import BINARY, Refused, Server

NOW = int(time.time() * 1000) // 1000 * 1000


def fleet(hosts, first, count):
    """`count` samples, 15 s apart and ending at NOW, for each host; sample i has the value i."""
    start = NOW - (first + count) * 15000
    return [
        (
            {"__name__": "requests_total", "host": f"h{h}"},
            [(start + i * 15000, float(i)) for i in range(first, first + count)],
        )
        for h in range(hosts)
    ]


class Smoke(unittest.TestCase):
    def test_push_query_restart(self):
        with Server() as server:
            server.push([({"__name__": "up", "job": "a"}, [(NOW - 1000, 1.0), (NOW, 2.0)])])
            self.check_up(server)
            server.kill()
            server.start()
            self.check_up(server)
            self.assertEqual(server.terminate(), 0)
            server.start()
            self.check_up(server)
            server.flush()
            self.check_up(server)

    def check_up(self, server):
        result = server.query("up", NOW / 1000)
        self.assertEqual(len(result), 1)
        self.assertEqual(result[0]["metric"], {"__name__": "up", "job": "a"})
        self.assertEqual(result[0]["value"], [NOW / 1000, "2"])
        result = server.query("count_over_time(up[1m])", NOW / 1000)
        self.assertEqual(result[0]["value"][1], "2")

    def test_answers_are_the_same_before_and_after_sealing(self):
        with Server() as server:
            server.push(fleet(hosts=20, first=0, count=200))
            asks = [
                ("sum(rate(requests_total[5m]))", {}),
                ("sum by (host) (increase(requests_total[10m]))", {}),
                ("max_over_time(requests_total[30m])", {}),
            ]
            end = NOW / 1000
            before = [server.query_range(q, end - 2400, end, 60) for q, _ in asks]
            self.assertTrue(all(before))
            server.flush()
            self.assertEqual(before, [server.query_range(q, end - 2400, end, 60) for q, _ in asks])
            server.kill()
            server.start()
            self.assertEqual(before, [server.query_range(q, end - 2400, end, 60) for q, _ in asks])

    def test_resend_is_success_and_conflict_is_400(self):
        with Server() as server:
            server.push([({"__name__": "m"}, [(NOW, 1.0)])])
            server.push([({"__name__": "m"}, [(NOW, 1.0)])])
            with self.assertRaises(Refused) as refused:
                server.push([({"__name__": "m"}, [(NOW, 2.0)]), ({"__name__": "n"}, [(NOW, 3.0)])])
            self.assertEqual(refused.exception.status, 400)
            self.assertIn(b"duplicate sample for timestamp", refused.exception.body)
            # The good series of a bad push is there.
            self.assertEqual(server.query("n", NOW / 1000)[0]["value"][1], "3")
            self.assertEqual(server.query("m", NOW / 1000)[0]["value"][1], "1")

    def test_late_and_very_old_samples_are_kept(self):
        with Server() as server:
            server.push([({"__name__": "m"}, [(NOW, 1.0)])])
            server.push([({"__name__": "m"}, [(NOW - 30000, 2.0)])])
            server.push([({"__name__": "m"}, [(0, 3.0), (86400000, 4.0)])])
            server.flush()
            server.push([({"__name__": "m"}, [(1000, 5.0)])])
            self.assertEqual(server.query("m", (NOW - 20000) / 1000)[0]["value"][1], "2")
            self.assertEqual(server.query("m", 1)[0]["value"][1], "5")
            self.assertEqual(server.query("m", 0.5)[0]["value"][1], "3")
            self.assertEqual(server.query("m", 86400)[0]["value"][1], "4")

    def test_labels_and_series(self):
        with Server() as server:
            server.push(fleet(hosts=3, first=0, count=10))
            for _ in range(2):
                self.assertEqual(server.get_json("/api/v1/labels"), ["__name__", "host"])
                self.assertEqual(
                    server.get_json("/api/v1/label/host/values"), ["h0", "h1", "h2"]
                )
                self.assertEqual(
                    server.get_json("/api/v1/series", **{"match[]": 'requests_total{host="h1"}'}),
                    [{"__name__": "requests_total", "host": "h1"}],
                )
                server.flush()

    def test_two_processes_on_one_directory(self):
        with Server() as server:
            second = Server(directory=server.directory)
            with self.assertRaises(RuntimeError) as refused:
                second.start()
            self.assertIn("process", str(refused.exception))

    def test_help_names_every_flag(self):
        text = subprocess.run([BINARY, "--help"], capture_output=True, text=True, check=True).stdout
        for flag in ("--target=all", "--http_address=127.0.0.1:9009", "--grpc_address=127.0.0.1:9095"):
            self.assertIn(flag, text)


if __name__ == "__main__":
    unittest.main()
