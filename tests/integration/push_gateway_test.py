#!/usr/bin/python3
"""The Pushgateway's API against the real program: grouping keys, replacement, deletion, restarts."""

import base64
import time
import unittest

from server import Server


class PushGateway(unittest.TestCase):
    def call(self, server, method, key, body=""):
        status, text, _ = server.request(method, f"/metrics/{key}", body.encode())
        return status, text.decode()

    def values(self, server, expression):
        """Values at the next instant: what was pushed has the time of the push."""
        time.sleep(0.005)
        found = server.query(expression, time.time())
        return sorted((s["metric"].get("step", ""), s["value"][1]) for s in found)

    def test_groups(self):
        with Server() as server:
            body = "# TYPE rows counter\nrows{step=\"read\"} 5\nrows{step=\"write\"} 4\nold 1\n"
            self.assertEqual(self.call(server, "PUT", "job/etl/instance/a", body), (200, ""))
            self.assertEqual(
                self.values(server, 'rows{job="etl",instance="a"}'), [("read", "5"), ("write", "4")]
            )
            self.assertEqual(self.values(server, "old"), [("", "1")])
            self.assertEqual(self.call(server, "POST", "job/etl/instance/a", "rows 9\n")[0], 200)
            self.assertEqual(self.values(server, "rows"), [("", "9")])
            self.assertEqual(self.values(server, "old"), [("", "1")])
            self.assertEqual(self.call(server, "PUT", "job/etl/instance/a", "rows 10\n")[0], 200)
            self.assertEqual(self.values(server, "old"), [])
            pushed = server.query('push_time_seconds{job="etl"}')[0]["value"][1]
            self.assertLess(abs(float(pushed) - time.time()), 60)

            path = base64.urlsafe_b64encode(b"/var/tmp").decode().rstrip("=")
            self.assertEqual(self.call(server, "PUT", f"job/x/path@base64/{path}", "m 1\n")[0], 200)
            self.assertEqual(server.query("m", time.time())[0]["metric"]["path"], "/var/tmp")

            status, text = self.call(server, "PUT", "job/etl/instance/a", "rows 1 1000\n")
            self.assertEqual(status, 400)
            self.assertIn("timestamps", text)
            self.assertEqual(self.call(server, "PUT", "job/etl/instance/a", "rows{ 1\n")[0], 400)
            groups = server.get_json("/api/v1/metrics")
            self.assertEqual(
                [g["labels"] for g in groups],
                [{"instance": "a", "job": "etl"}, {"job": "x", "path": "/var/tmp"}],
            )
            self.assertFalse(groups[0]["last_push_successful"])
            self.assertEqual(groups[0]["rows"]["type"], "UNTYPED")
            self.assertEqual(groups[0]["rows"]["metrics"][0]["value"], "10")

            self.assertEqual(self.call(server, "DELETE", "job/etl/instance/a")[0], 202)
            self.assertEqual(self.values(server, "rows"), [])
            self.assertEqual(len(server.get_json("/api/v1/metrics")), 1)

    def test_groups_are_there_and_sent_after_a_restart(self):
        with Server() as server:
            self.assertEqual(self.call(server, "PUT", "job/kept", "m 7\n")[0], 200)
            before = time.time()
            server.kill()
            server.start()
            self.assertEqual(server.get_json("/api/v1/metrics")[0]["m"]["metrics"][0]["value"], "7")
            deadline = time.time() + 40
            while time.time() < deadline:
                found = server.query("timestamp(m)", time.time())
                if found and float(found[0]["value"][1]) > before + 0.001:
                    return
                time.sleep(0.5)
            self.fail("the group was not sent again")

    def test_own_metrics_are_elsewhere(self):
        with Server() as server:
            self.assertEqual(server.request("PUT", "/metrics", b"m 1\n")[0] // 100, 4)
            # MicroProfile's: scope `job`, name `a`.
            self.assertEqual(self.call(server, "GET", "job/a")[0], 404)


if __name__ == "__main__":
    unittest.main()
