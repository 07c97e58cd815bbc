"""Real programs from Debian's packages, on free loopback ports: Prometheus, node_exporter, and a
small exporter of our own for what those do not expose (exemplars, a histogram that moves)."""

import http.server
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def available(*programs):
    return all(shutil.which(program) for program in programs)


class Exporter:
    """Serves OpenMetrics with a histogram whose buckets carry exemplars, a counter that is reset now
    and then, and a gauge that comes and goes."""

    def __init__(self):
        self.started = time.monotonic()
        exporter = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = exporter.body().encode()
                self.send_response(200)
                self.send_header(
                    "Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8"
                )
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def body(self):
        age = time.monotonic() - self.started
        count = int(age * 50)
        lines = [
            "# HELP demo_latency_seconds How long things take.",
            "# TYPE demo_latency_seconds histogram",
            "# UNIT demo_latency_seconds seconds",
        ]
        bounds = [("0.1", 0.5), ("0.5", 0.8), ("1.0", 0.95), ("+Inf", 1.0)]
        for le, share in bounds:
            lines.append(
                f'demo_latency_seconds_bucket{{le="{le}"}} {int(count * share)}'
                f' # {{trace_id="t{count}"}} 0.05'
            )
        lines += [f"demo_latency_seconds_sum {count * 0.21}", f"demo_latency_seconds_count {count}"]
        lines += [
            "# HELP demo_resets A counter that starts again every 15 s.",
            "# TYPE demo_resets counter",
            f"demo_resets_total {age % 15 * 3}",
            "# HELP demo_gone A gauge that is there every other 10 s.",
            "# TYPE demo_gone gauge",
        ]
        if int(age / 10) % 2 == 0:
            lines.append(f'demo_gone{{path="/a b",kind="\\"x\\""}} {age}')
        return "\n".join(lines + ["# EOF", ""])

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Peers:
    """Prometheus scraping itself, node_exporter and the exporter at 1 s, remote-writing to `urls`."""

    def __init__(self, urls):
        self.folder = tempfile.TemporaryDirectory(prefix="tidegate-peers-")
        self.exporter = Exporter()
        self.node_port, self.port = free_port(), free_port()
        self.node = self.prometheus = None
        self.start_node()
        self._write_config(urls)
        self.prometheus = subprocess.Popen(
            [
                "prometheus",
                f"--config.file={self.folder.name}/prometheus.yml",
                f"--storage.tsdb.path={self.folder.name}/data",
                f"--web.listen-address=127.0.0.1:{self.port}",
                "--enable-feature=exemplar-storage,promql-at-modifier,promql-negative-offset",
                "--log.level=warn",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _write_config(self, urls):
        remote = [
            {
                "url": url,
                "send_exemplars": True,
                "queue_config": {"batch_send_deadline": "500ms", "max_backoff": "1s"},
                "metadata_config": {"send": True, "send_interval": "2s"},
            }
            for url in urls
        ]
        jobs = {
            "prometheus": self.port,
            "node": self.node_port,
            "demo": self.exporter.port,
        }
        config = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
            "scrape_configs": [
                {"job_name": job, "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}
                for job, port in jobs.items()
            ],
            "remote_write": remote,
        }
        with open(f"{self.folder.name}/prometheus.yml", "w", encoding="utf-8") as file:
            json.dump(config, file)  # JSON is YAML.

    def start_node(self):
        self.node = subprocess.Popen(
            ["prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{self.node_port}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stop_node(self):
        self.node.kill()
        self.node.wait()

    def get_json(self, path, **parameters):
        url = f"http://127.0.0.1:{self.port}{path}?{urllib.parse.urlencode(parameters, doseq=True)}"
        with urllib.request.urlopen(url, timeout=60) as answer:
            return json.loads(answer.read())["data"]

    def close(self):
        for process in (self.prometheus, self.node):
            if process:
                process.kill()
                process.wait()
        self.exporter.close()
        self.folder.cleanup()


# Programs must exist for these tests; ./dev test installs them.
REQUIRED = ("prometheus", "prometheus-node-exporter")
os.environ.setdefault("PATH", "/usr/bin:/bin")
