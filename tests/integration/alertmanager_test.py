#!/usr/bin/python3
"""A real Alertmanager receives, shows and resolves an alert; another that is away holds up nothing."""

import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.request

from peers import free_port
from server import Server

BINARY = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")

CONFIG = """route: {receiver: nobody}
receivers: [{name: nobody}]
"""

GROUP = """name: g
interval: 1s
rules:
- alert: High
  expr: source > 10
  labels: {severity: page, noise: "yes"}
  annotations: {summary: "{{ $labels.instance }} is high"}
- alert: Dropped
  expr: source > 10
"""


def until(check, seconds=60):
    """What check() returns once it is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := check():
            return found
        time.sleep(0.2)
    raise AssertionError("did not happen in time")


class Alertmanager:
    """Owns the process and its directory."""

    def __enter__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="tidegate-alertmanager-")
        config = os.path.join(self.directory.name, "alertmanager.yml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(CONFIG)
        self.port = free_port()
        self.process = subprocess.Popen(
            [
                BINARY,
                f"--config.file={config}",
                f"--storage.path={self.directory.name}",
                f"--web.listen-address=127.0.0.1:{self.port}",
                "--cluster.listen-address=",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            until(self.is_ready)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.directory.cleanup()

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def alerts(self):
        """The active ones."""
        url = f"http://127.0.0.1:{self.port}/api/v2/alerts"
        with urllib.request.urlopen(url, timeout=5) as answer:
            return json.load(answer)


@unittest.skipUnless(BINARY, "prometheus-alertmanager is not installed")
class RealAlertmanager(unittest.TestCase):
    def test_shows_and_resolves_an_alert(self):
        with Alertmanager() as alertmanager, tempfile.TemporaryDirectory() as directory:
            config = os.path.join(directory, "config.yaml")
            with open(config, "w", encoding="utf-8") as file:
                file.write(
                    f"""
ruler: {{resend_delay: 2s, external_url: 'http://tidegate.example.org'}}
alerting:
- alertmanagers: ['http://127.0.0.1:{free_port()}', 'http://127.0.0.1:{alertmanager.port}/']
  external_labels: {{region: eu, severity: other}}
  alert_relabel_configs:
  - {{source_labels: [alertname], regex: Dropped, action: drop}}
  - {{regex: noise, action: labeldrop}}
"""
                )
            with Server(flags=[f"--config={config}"]) as server:
                self.push(server, 11)
                status, body, _ = server.request("POST", "/config/v1/rules/ns", GROUP)
                self.assertEqual(status, 202, body)
                alert = until(alertmanager.alerts)[0]
                self.assertEqual(
                    alert["labels"],
                    {"alertname": "High", "instance": "a", "region": "eu", "severity": "page"},
                )
                self.assertEqual(alert["annotations"], {"summary": "a is high"})
                self.assertIn("http://tidegate.example.org/graph?g0.expr=", alert["generatorURL"])
                urls = server.get_json("/api/v1/alertmanagers")["activeAlertmanagers"]
                self.assertEqual(len(urls), 2)
                self.assertTrue(urls[1]["url"].endswith("/api/v2/alerts"))
                _, metrics, _ = server.request("GET", "/-/metrics")
                self.assertIn(b"tidegate_alert_send_failures_total", metrics)
                self.push(server, 1)
                until(lambda: not alertmanager.alerts())

    @staticmethod
    def push(server, value):
        now = int(time.time() * 1000)
        server.push([({"__name__": "source", "instance": "a"}, [(now, value)])])


if __name__ == "__main__":
    unittest.main()
