#!/usr/bin/python3
"""A real Alertmanager receives, shows and resolves an alert; another that is away holds up nothing."""

import base64
import crypt
import json
import os
import shutil
import ssl
import subprocess
import tempfile
import time
import unittest
import urllib.request

from certificates import Authority
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
    """Owns the process and its directory. With an authority it speaks TLS, to clients with one of
    its certificates that log in as u with the password p."""

    def __init__(self, authority=None, prefix=""):
        self.authority, self.prefix = authority, prefix

    def web_config(self):
        """The flags for TLS and logins."""
        if self.authority is None:
            self.scheme, self.context, self.headers = "http", None, {}
            return []
        self.scheme = "https"
        cert, key = self.authority.issue("alertmanager")
        self.client = self.authority.issue("client")
        self.context = ssl.create_default_context(cafile=self.authority.cert)
        self.context.load_cert_chain(*self.client)
        self.headers = {"Authorization": "Basic " + base64.b64encode(b"u:p").decode()}
        path = os.path.join(self.directory.name, "web.yml")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"tls_server_config": {"cert_file": cert, "key_file": key, "client_ca_file": self.authority.cert,
                                             "client_auth_type": "RequireAndVerifyClientCert"},
                       "basic_auth_users": {"u": crypt.crypt("p", crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=16))}},
                      file)
        return [f"--web.config.file={path}"]

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
                f"--web.route-prefix={self.prefix or '/'}",
                *self.web_config(),
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

    def get(self, path):
        url = f"{self.scheme}://127.0.0.1:{self.port}{self.prefix}{path}"
        request = urllib.request.Request(url, headers=self.headers)
        with urllib.request.urlopen(request, timeout=5, context=self.context) as answer:
            return answer.read()

    def is_ready(self):
        try:
            return self.get("/-/ready") is not None
        except OSError:
            return False

    def alerts(self):
        """The active ones."""
        return json.loads(self.get("/api/v2/alerts"))


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

    def test_with_tls_login_prefix_and_discovery(self):
        """As Prometheus' own section says it; who does not log in, or is not trusted, delivers nothing."""
        with tempfile.TemporaryDirectory() as directory:
            authority = Authority(directory, "ca")
            with Alertmanager(authority, "/am") as alertmanager:
                cert, key = (os.path.basename(path) for path in alertmanager.client)
                targets, config = os.path.join(directory, "am.json"), os.path.join(directory, "config.yaml")
                secret = os.path.join(directory, "secret")
                client = (f"scheme: https, path_prefix: /am, tls_config: {{ca_file: ca.pem, cert_file: {cert}, key_file: {key}}}, "
                          "basic_auth: {username: u, password_file: secret}")
                with open(config, "w", encoding="utf-8") as file:
                    file.write(f"""
ruler: {{resend_delay: 1s}}
alerting:
  alertmanagers:
  - {{{client}, file_sd_configs: [{{files: ["am*.json"]}}],
     relabel_configs: [{{source_labels: [use], regex: "no", action: drop}}]}}
""")
                with open(targets, "w", encoding="utf-8") as file:
                    json.dump([{"targets": ["127.0.0.1:1"], "labels": {"use": "no"}}], file)
                with open(secret, "w", encoding="utf-8") as file:
                    file.write("wrong\n")
                with Server(flags=[f"--config={config}"]) as server:
                    self.push(server, 11)
                    server.request("POST", "/config/v1/rules/ns", GROUP)
                    shown = server.get_json("/api/v1/alertmanagers")
                    self.assertEqual(shown["activeAlertmanagers"], [])
                    self.assertEqual(shown["droppedAlertmanagers"], [{"url": "https://127.0.0.1:1/am/api/v2/alerts"}])
                    with open(targets, "w", encoding="utf-8") as file:
                        json.dump([{"targets": [f"127.0.0.1:{alertmanager.port}"]}], file)
                    until(lambda: server.get_json("/api/v1/alertmanagers")["activeAlertmanagers"])
                    until(lambda: self.lost(server))
                    self.assertEqual(alertmanager.alerts(), [])
                    with open(secret, "w", encoding="utf-8") as file:
                        file.write("p\n")
                    self.push(server, 12)
                    alert = until(alertmanager.alerts)[0]
                    self.assertEqual(alert["labels"]["instance"], "a")
                    self.push(server, 1)
                    until(lambda: not alertmanager.alerts())

    @staticmethod
    def lost(server):
        """Whether an Alertmanager has refused something."""
        _, metrics, _ = server.request("GET", "/-/metrics")
        return any(float(line.split()[-1]) > 0 for line in metrics.decode().splitlines()
                   if line.startswith("tidegate_alerts_lost_total{"))

    @staticmethod
    def push(server, value):
        now = int(time.time() * 1000)
        server.push([({"__name__": "source", "instance": "a"}, [(now, value)])])


if __name__ == "__main__":
    unittest.main()
