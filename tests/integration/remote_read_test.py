#!/usr/bin/python3
"""A real Prometheus without data of its own reads everything from Tidegate by remote read.

PROMETHEUS names another binary than the one in the path; 3.x asks for streamed chunks, 2.x for samples."""

import http.server
import json
import os
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

import remote_write
from peers import free_port
from server import Server

PROMETHEUS = os.environ.get("PROMETHEUS", "prometheus")
NOW = int(time.time() * 1000) - 7
STEP = 15000
SAMPLES = 400  # More than one chunk holds.

QUERIES = [
    "demo_total",
    'demo_total{host=~"h[02]"}',
    "sum by (host) (rate(demo_total[5m]))",
    "demo_gauge - demo_gauge offset 10m",
    "count_over_time(demo_gone[1h])",
]
# The client in 2.x does not read native histograms.
NATIVE_QUERIES = [
    "histogram_quantile(0.9, rate(demo_native[10m]))",
    "histogram_count(demo_native)",
    "histogram_sum(increase(demo_native[20m]))",
]


def push(server):
    times = [NOW - (SAMPLES - 1 - i) * STEP for i in range(SAMPLES)]
    body = []
    for host in range(4):
        labels = {"host": f"h{host}", "job": "demo"}
        counter = [(t, float(i * (host + 1) % 300)) for i, t in enumerate(times)]
        gauge = [(t, (i - 50.5) * 1.1**host / 7) for i, t in enumerate(times)]
        body.append(remote_write.series({"__name__": "demo_total", **labels}, counter))
        body.append(remote_write.series({"__name__": "demo_gauge", **labels}, gauge))
    body.append(remote_write.series({"__name__": "demo_gone"}, [(t, 1.0) for t in times[::3]]))
    native = remote_write.series({"__name__": "demo_native"}, [])
    for i, t in enumerate(times, start=10000):  # Far from zero, where 3.x changed the extrapolation.
        first, second = 3 * i, 2 * i
        native += remote_write.histogram(t, 1, first + second + i, 7.5 * i, [first, second - first], i)
    server.push_body(remote_write.snappy(remote_write.request(body + [native])))


class Reader:
    """A Prometheus whose only source is Tidegate."""

    def __init__(self, tidegate_port):
        self.folder = tempfile.TemporaryDirectory(prefix="tidegate-reader-")
        self.port = free_port()
        url = f"http://127.0.0.1:{tidegate_port}/prometheus/api/v1/read"
        with open(f"{self.folder.name}/prometheus.yml", "w", encoding="utf-8") as file:
            json.dump({"remote_read": [{"url": url, "read_recent": True}]}, file)
        self.process = subprocess.Popen(
            [
                PROMETHEUS,
                f"--config.file={self.folder.name}/prometheus.yml",
                f"--storage.tsdb.path={self.folder.name}/data",
                f"--web.listen-address=127.0.0.1:{self.port}",
                "--enable-feature=native-histograms",
                "--log.level=warn",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while True:
            try:
                self.ask("/-/ready")
                return
            except (OSError, urllib.error.URLError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def ask(self, path, **parameters):
        url = f"http://127.0.0.1:{self.port}{path}?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.read()

    def range(self, query, start, end, step):
        body = self.ask("/api/v1/query_range", query=query, start=start, end=end, step=step)
        return json.loads(body)["data"]["result"]

    def reads_native_histograms(self):
        version = json.loads(self.ask("/api/v1/status/buildinfo"))["data"]["version"]
        return int(version.split(".")[0]) >= 3

    def close(self):
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()


class Proxy(http.server.ThreadingHTTPServer):
    """What stands before a server and says who asks: Prometheus 2.x adds no headers to remote reads."""

    def __init__(self, server, headers):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer, fields = server.request("POST", self.path, body, {**self.headers, **headers})
                self.send_response(status)
                for name in ("Content-Type", "Content-Encoding"):
                    if name in fields:
                        self.send_header(name, fields[name])
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class RemoteRead(unittest.TestCase):
    def check_all(self, server, reader):
        # Off the windows' edges, where 2.x and 3.x count differently.
        end = NOW / 1000 - 3.3
        native = NATIVE_QUERIES if reader.reads_native_histograms() else []
        for query in QUERIES + native:
            ours = server.query_range(query, end - 4800, end, 60)
            theirs = reader.range(query, end - 4800, end, 60)
            self.assertTrue(ours, query)
            self.assertEqual([s["metric"] for s in ours], [s["metric"] for s in theirs], query)
            for our_series, their_series in zip(ours, theirs):
                kind = "values" if "values" in our_series else "histograms"
                self.assertEqual(len(our_series[kind]), len(their_series[kind]), query)
                for (t1, v1), (t2, v2) in zip(our_series[kind], their_series[kind]):
                    self.assertEqual(t1, t2, query)
                    self.assertAlmostEqual(float(v1), float(v2), delta=1e-9 * abs(float(v1)) + 1e-12)

    def test_before_and_after_sealing(self):
        with Server() as server:
            push(server)
            reader = Reader(server.http_port)
            self.addCleanup(reader.close)
            self.check_all(server, reader)
            server.flush()
            self.check_all(server, reader)

    def test_several_tenants_at_once(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
            config.write("trust_org_id: true\ntenants: [{name: a}, {name: b}, {name: c}]\n")
            config.flush()
            with Server(flags=[f"--config={config.name}"]) as server:
                for value, tenant in enumerate("abc"):
                    labels = {"__name__": "demo", "__tenant_id__": "own"} if tenant == "b" else {"__name__": "demo"}
                    body = remote_write.request([remote_write.series(labels, [(NOW, float(value))])])
                    headers = {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy", "X-Scope-OrgID": tenant}
                    self.assertEqual(server.request("POST", "/api/v1/push", remote_write.snappy(body), headers)[0], 204)
                proxy = Proxy(server, {"X-Scope-OrgID": "a|b"})
                self.addCleanup(proxy.shutdown)
                reader = Reader(proxy.server_port)
                self.addCleanup(reader.close)

                def read(query):
                    body = json.loads(reader.ask("/api/v1/query", query=query, time=NOW / 1000))
                    return [({k: v for k, v in s["metric"].items() if k != "__name__"}, s["value"][1]) for s in body["data"]["result"]]

                self.assertEqual(read("demo"), [({"__tenant_id__": "a"}, "0"),
                                                ({"__tenant_id__": "b", "original___tenant_id__": "own"}, "1")])
                self.assertEqual(read('demo{__tenant_id__="b"}'), [({"__tenant_id__": "b", "original___tenant_id__": "own"}, "1")])
                self.assertEqual(read('demo{__tenant_id__="c"}'), [])


if __name__ == "__main__":
    unittest.main()
