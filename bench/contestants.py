"""The servers that are measured: how each is started, filled, sealed and told apart on disk.

One process each, on a free loopback port and an empty directory of its own, with the defaults of
its makers except: no retention, and what remote write and freshly written data need to be visible
(bench/README.md says why).
"""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Contestant:
    """One server. Use as a context: leaving it kills the process and removes the directory."""

    name = None
    aside_folders = ()  # Logs and caches: what lies in these is not data at rest.

    def __init__(self, binary, label):
        self.binary, self.label = binary, label
        self.process = None
        self._connection = None

    def __enter__(self):
        self._temporary = tempfile.TemporaryDirectory(prefix=f"bench-{self.name}-")
        self.directory = f"{self._temporary.name}/data"
        self.start()
        self.wait_ready()
        return self

    def __exit__(self, *_):
        self.kill()
        self._temporary.cleanup()

    # --- The process ---

    def command(self):
        raise NotImplementedError

    def start(self):
        self.port = free_port()  # Somebody may have taken that of an earlier start.
        with open(f"{self._temporary.name}/log", "ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log)

    def wait_ready(self, seconds=60):
        deadline = time.monotonic() + seconds
        while True:
            if self.process.poll() is not None or time.monotonic() > deadline:
                with open(f"{self._temporary.name}/log", encoding="utf-8") as log:
                    raise RuntimeError(f"{self.label} does not start: {log.read()[-2000:]}")
            try:
                if self.request("GET", self.ready_path)[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.01)

    ready_path = "/-/ready"

    def kill(self):
        self._forget_connection()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def terminate(self, seconds=120):
        self._forget_connection()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=seconds)
        if status != 0:
            raise RuntimeError(f"{self.label}: exit status {status} after SIGTERM")

    # --- What it costs ---

    def cpu_seconds(self):
        """User and system time of all threads, ended ones too: the sum that /proc/PID/stat has in
        steps of 10 ms, here in nanoseconds from the process's CPU clock (clock_getcpuclockid)."""
        return time.clock_gettime((~self.process.pid << 3) | 2)

    def memory_bytes(self):
        """Resident now, and at most so far."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            text = status.read()
        return tuple(
            int(re.search(rf"^{key}:\s+(\d+) kB", text, re.M).group(1)) * 1024
            for key in ("VmRSS", "VmHWM")
        )

    def disk_bytes(self):
        """Blocks in use: (data at rest, logs and caches)."""
        data = aside = 0
        for folder, _, files in os.walk(self.directory):
            folders = os.path.relpath(folder, self.directory).split("/")
            is_aside = any(name in self.aside_folders for name in folders)
            for file in files:
                used = os.stat(f"{folder}/{file}").st_blocks * 512
                data, aside = (data, aside + used) if is_aside else (data + used, aside)
        return data, aside

    # --- HTTP, over one kept connection ---

    def request(self, method, path, body=None, headers=None):
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            self._connection.request(method, path, body, headers or {})
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._forget_connection()
            raise OSError(str(error)) from error

    def _forget_connection(self):
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    push_path = "/api/v1/write"
    query_parameters = {}

    def ask_bytes(self, path, parameters):
        text = urllib.parse.urlencode({**parameters, **self.query_parameters}, doseq=True)
        status, body = self.request("GET", f"{path}?{text}")
        if status != 200:
            raise RuntimeError(f"{self.label}: {status} for {path}?{text}: {body[:300]}")
        return body

    def ask(self, path, parameters):
        return json.loads(self.ask_bytes(path, parameters))["data"]

    def show_new(self):
        """Makes what was just written visible to queries, where that takes a call."""

    def seal(self):
        """Brings everything into its form at rest, where there is a call for that."""


class Tidegate(Contestant):
    name = "tidegate"
    aside_folders = ("log",)

    def command(self):
        return [
            self.binary,
            "--target=all",
            f"--http_address=127.0.0.1:{self.port}",
            "--grpc_address=127.0.0.1:0",
            f"--storage_dir={self.directory}",
        ]

    def seal(self):
        status, body = self.request("POST", "/-/flush")
        if status // 100 != 2:
            raise RuntimeError(f"flush: {status} {body[:300]}")


class Prometheus(Contestant):
    name = "prometheus"
    aside_folders = ("wal", "wbl", "chunks_head")

    def command(self):
        config = f"{self._temporary.name}/prometheus.yml"
        with open(config, "w", encoding="ascii") as file:
            file.write("{}\n")
        return [
            self.binary,
            f"--config.file={config}",
            f"--storage.tsdb.path={self.directory}",
            f"--web.listen-address=127.0.0.1:{self.port}",
            "--storage.tsdb.retention.time=100y",
            "--web.enable-remote-write-receiver",
            "--web.enable-admin-api",
            "--log.level=warn",
        ]

    def seal(self):
        """A snapshot writes the head as a block, as the cut every two hours would."""
        status, body = self.request("POST", "/api/v1/admin/tsdb/snapshot")
        if status != 200:
            raise RuntimeError(f"snapshot: {status} {body[:300]}")


class VictoriaMetrics(Contestant):
    name = "victoria-metrics"
    ready_path = "/health"
    aside_folders = ("cache",)  # Written on SIGTERM, built again when it is not there.
    query_parameters = {"nocache": "1"}

    def command(self):
        return [
            self.binary,
            f"-storageDataPath={self.directory}",
            f"-httpListenAddr=127.0.0.1:{self.port}",
            "-retentionPeriod=100y",
            "-search.latencyOffset=0s",
            "-loggerLevel=ERROR",
        ]

    def show_new(self):
        self.request("GET", "/internal/force_flush")

    def seal(self):
        self.request("GET", "/internal/force_flush")
        self.request("GET", "/internal/force_merge")


KINDS = {kind.name: kind for kind in (Tidegate, Prometheus, VictoriaMetrics)}


def version(kind, binary):
    """The first number with dots that the binary says about itself, else its package's."""
    flag = "-version" if kind is VictoriaMetrics else "--version"
    said = subprocess.run([binary, flag], capture_output=True, text=True, check=False, timeout=20)
    text = said.stdout + said.stderr
    if not re.search(VERSION, text) and shutil.which("dpkg-query"):
        owner = _output("dpkg-query", "-S", os.path.realpath(binary)).split(":")[0]
        text = _output("dpkg-query", "-W", "-f", "${Version}", owner) if owner else ""
    found = re.search(VERSION, text)
    return found.group(0) if found else ""


VERSION = r"\d+\.\d+(\.\d+)*"


def _output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
