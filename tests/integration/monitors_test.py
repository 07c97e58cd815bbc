#!/usr/bin/python3
# tags: waits
"""Monitors in running servers: posted values, alerts and webhooks over kill -9 and takeovers."""

import http.server
import json
import os
import re
import ssl
import tempfile
import threading
import time
import unittest
import urllib.parse

from certificates import Authority
from rules_test import until
from server import Server
from services_test import Cluster

KILLS = int(os.environ.get("MONITOR_KILLS", "3"))


class Receiver:
    """A web server that keeps what is posted to it, and shows a page."""

    def __init__(self):
        self.posts, receiver = [], self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.posts.append(json.loads(body))
                self.answer(b"")

            def do_GET(self):
                self.answer(receiver.page)

            def answer(self, body):
                self.send_response(receiver.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.status, self.page = 200, b"all is well"
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def statuses(self):
        return [post["alert"]["status"] for post in self.posts]


class Api:
    """The v0 API of a server."""

    def __init__(self, server):
        self.server = server

    def call(self, method, path, body=None):
        body = None if body is None else json.dumps(body)
        status, answer, _ = self.server.request(method, f"/api/v0/{path}", body, {"Content-Type": "application/json"})
        answer = json.loads(answer)
        if status != 200:
            raise AssertionError(f"{method} {path}: {status} {answer}")
        return answer

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body):
        return self.call("POST", path, body)

    def value(self, host, value, name="loadavg5", at=None):
        self.post("tsdb", [{"hostId": host, "name": name, "time": int(at or time.time()), "value": value}])

    def alerts(self, closed=False):
        return self.get("alerts" + ("?withClosed=true" if closed else ""))["alerts"]


LOAD = {"type": "host", "name": "load", "metric": "loadavg5", "duration": 1, "operator": ">", "warning": 5, "critical": 10}


class PostedValues(unittest.TestCase):
    def test_what_hosts_and_services_post_can_be_read(self):
        with Server() as server:
            api, now = Api(server), int(time.time())
            host = api.post("hosts", {"name": "db1", "roleFullnames": ["Blog:db"]})["id"]
            api.post("tsdb", [{"hostId": host, "name": "cpu.user.percentage", "time": now - 60 * i, "value": 10 + i}
                              for i in range(3)] + [{"hostId": host, "name": "loadavg5", "time": now, "value": 0.5}])
            query = urllib.parse.urlencode({"name": "cpu.user.percentage", "from": now - 60, "to": now})
            self.assertEqual(api.get(f"hosts/{host}/metrics?{query}"),
                             {"metrics": [{"time": now - 60, "value": 11}, {"time": now, "value": 10}]})
            self.assertEqual(api.get(f"hosts/{host}/metric-names"), {"names": ["cpu.user.percentage", "loadavg5"]})
            latest = api.get(f"tsdb/latest?hostId={host}&name=loadavg5&name=cpu.user.percentage&name=none")
            self.assertEqual(latest, {"tsdbLatest": {host: {"loadavg5": {"time": now, "value": 0.5},
                                                            "cpu.user.percentage": {"time": now, "value": 10}}}})
            found = server.query(f'{{"cpu.user.percentage",monitored_host="{host}"}}')
            self.assertEqual([float(one["value"][1]) for one in found], [10])
            api.post("services/Blog/tsdb", [{"name": "access.5xx", "time": now, "value": 3}])
            query = urllib.parse.urlencode({"name": "access.5xx", "from": now, "to": now})
            self.assertEqual(api.get(f"services/Blog/metrics?{query}"), {"metrics": [{"time": now, "value": 3}]})
            self.assertEqual(api.get("services/Blog/metric-names"), {"names": ["access.5xx"]})
            query = urllib.parse.urlencode({"name": "access.5xx", "from": 1, "to": 2})
            self.assertEqual(api.get(f"services/Blog/metrics?{query}"), {"metrics": []})
            status, _, _ = server.request("GET", f"/api/v0/services/Blog/metrics?{query}".replace("5xx", "4xx"))
            self.assertEqual(status, 404)
            server.kill()
            server.start()
            self.assertEqual(api.get(f"hosts/{host}")["host"]["roles"], {"Blog": ["db"]})
            self.assertEqual(api.get(f"hosts/{host}/metric-names"), {"names": ["cpu.user.percentage", "loadavg5"]})


class Alerts(unittest.TestCase):
    def test_webhooks_over_kills(self):
        """Each change of each alert is told once, whenever the process is killed."""
        with Receiver() as receiver, Server() as server:
            api = Api(server)
            hosts = [api.post("hosts", {"name": f"h{i}"})["id"] for i in range(3)]
            api.post("channels", {"type": "webhook", "name": "w", "url": receiver.url, "events": ["alert"]})
            api.post("monitors", LOAD)
            for host in hosts:
                api.value(host, 20, at=time.time() - 70)
            until(lambda: len(api.alerts()) == 3, 90)
            until(lambda: len(receiver.posts) == 3, 30)
            for _ in range(KILLS):
                server.kill()
                server.start()
                time.sleep(2)
            self.assertEqual(len(api.alerts()), 3)
            self.assertEqual(receiver.statuses(), ["critical"] * 3)
            self.assertEqual({post["host"]["id"] for post in receiver.posts}, set(hosts))
            api.value(hosts[0], 1)
            api.value(hosts[1], 7)
            server.kill()
            server.start()
            until(lambda: len(receiver.posts) == 5, 150)
            time.sleep(3)
            self.assertEqual(sorted(receiver.statuses()[3:]), ["ok", "warning"])
            warning = next(alert for alert in api.alerts() if alert["status"] == "WARNING")
            closed = api.post(f"alerts/{warning['id']}/close", {"reason": "known"})
            self.assertEqual((closed["status"], closed["reason"]), ("OK", "known"))
            until(lambda: len(receiver.posts) == 6, 30)
            self.assertEqual(receiver.posts[5]["alert"]["trigger"], "manual")
            self.assertEqual(sorted(alert["status"] for alert in api.alerts(closed=True)), ["CRITICAL", "OK", "OK"])

    def test_external_monitors_ask_real_servers(self):
        with Receiver() as receiver, Receiver() as page, Server() as server:
            api = Api(server)
            api.post("services", {"name": "Blog"})
            api.post("channels", {"type": "webhook", "name": "w", "url": receiver.url})
            page.status = 500
            monitor = {"type": "external", "name": "e", "url": page.url, "service": "Blog", "containsString": "well",
                       "responseTimeWarning": 60000, "responseTimeDuration": 1}
            api.post("monitors", monitor)
            until(lambda: receiver.posts, 90)
            self.assertEqual(receiver.posts[0]["message"], "the status is 500")
            self.assertEqual(api.alerts()[0]["type"], "external")
            page.status = 200
            until(lambda: len(receiver.posts) == 2, 90)
            self.assertEqual(receiver.statuses(), ["critical", "ok"])
            self.assertTrue(server.query('{"external.response_time",monitored_service="Blog"}'))


class Certificates(unittest.TestCase):
    def test_an_external_monitor_reads_the_servers_certificate(self):
        with tempfile.TemporaryDirectory() as folder, Receiver() as receiver, Receiver() as page, Server() as server:
            cert, key = Authority(folder, "ca").issue("server", days=20)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(cert, key)
            page.server.socket = context.wrap_socket(page.server.socket, server_side=True)
            api, url = Api(server), page.url.replace("http:", "https:")
            api.post("channels", {"type": "webhook", "name": "w", "url": receiver.url})
            base = {"type": "external", "url": url, "skipCertificateVerification": True}
            api.post("monitors", dict(base, name="far", certificationExpirationCritical=10))
            api.post("monitors", dict(base, name="near", certificationExpirationWarning=30, certificationExpirationCritical=10))
            api.post("monitors", {"type": "external", "url": url, "name": "unknown authority"})
            until(lambda: len(receiver.posts) == 2, 90)
            told = {post["alert"]["monitorName"]: (post["alert"]["status"], post["message"]) for post in receiver.posts}
            self.assertEqual(told["near"][0], "warning")
            self.assertRegex(told["near"][1], "the certificate expires in (19|20) days")
            self.assertEqual(told["unknown authority"][0], "critical")
            self.assertIn("certificate", told["unknown authority"][1])


class TwoControlProcesses(unittest.TestCase):
    def test_one_tells_and_the_other_takes_over(self):
        with Receiver() as receiver, Cluster() as cluster:
            flags = [
                f"--store_address=127.0.0.1:{cluster.store.grpc_port}",
                f"--ingester_address=127.0.0.1:{cluster.ingester.grpc_port}",
                f"--querier_address=127.0.0.1:{cluster.querier.grpc_port}",
            ]
            api = Api(cluster.gateway)
            host = api.post("hosts", {"name": "h"})["id"]
            api.post("channels", {"type": "webhook", "name": "w", "url": receiver.url})
            api.post("monitors", LOAD)
            api.value(host, 20, at=time.time() - 70)
            controls = []
            for _ in range(2):
                control = Server(target="control", flags=flags)
                self.addCleanup(control.__exit__)
                controls.append(control.start())
                until(lambda: receiver.posts, 90)
            self.assertGreater(evaluations(controls[0]), 0)
            self.assertEqual(evaluations(controls[1]), 0)
            controls[0].kill()
            api.value(host, 1)
            until(lambda: len(receiver.posts) == 2, 150)
            time.sleep(2)
            self.assertGreater(evaluations(controls[1]), 0)
            self.assertEqual(receiver.statuses(), ["critical", "ok"])


def evaluations(server):
    _, body, _ = server.request("GET", "/-/metrics")
    found = re.findall(r"^tidegate_monitor_evaluations_total\S* (\S+)$", body.decode(), re.M)
    return sum(map(float, found))


if __name__ == "__main__":
    unittest.main()
