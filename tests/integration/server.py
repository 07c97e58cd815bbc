"""A Tidegate process under test: started on free ports, killed at will, asked over HTTP."""

import http.client
import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
import urllib.parse

import remote_write

BINARY = os.environ.get("TIDEGATE", "out/tidegate")


class Refused(Exception):
    """An HTTP answer that is not 2xx."""

    def __init__(self, status, body, headers):
        super().__init__(f"{status}: {body[:300]}")
        self.status, self.body, self.headers = status, body, headers


class Server:
    """Owns the process, and the directory unless one is given."""

    def __init__(self, directory=None, flags=(), target="all", env=None):
        self._temporary = None
        if directory is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="tidegate-test-")
            directory = self._temporary.name
        self.directory, self.flags, self.target = directory, list(flags), target
        self.env = dict(os.environ, **(env or {}))
        self.tls = None  # An ssl.SSLContext makes requests go over HTTPS.
        self.http_port = self.grpc_port = 0
        self.process = None
        self.log = []

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.__exit__()  # Nobody else would: the process may run and never get ready.
            raise

    def __exit__(self, *_):
        self.kill()
        if self._temporary:
            self._temporary.cleanup()

    def start(self, extra=(), wait_ready=True):
        """Starts on the ports of the last start, if there was one."""
        command = [
            BINARY,
            f"--target={self.target}",
            f"--http_address=127.0.0.1:{self.http_port}",
            f"--grpc_address=127.0.0.1:{self.grpc_port}",
            f"--storage_dir={self.directory}",
            *self.flags,
            *extra,
        ]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.env
        )
        self.log = []
        self._collectors = [self._collector(self.process.stderr)]
        found = self._read_ports()
        # What is not read would block the process once the pipe is full.
        self._collectors.append(self._collector(self.process.stdout))
        if not found:
            self._reap(30)
            raise RuntimeError(f"did not start ({self.process.returncode}): {self.log_text()}")
        self.http_port = int(found.group(1))
        self.grpc_port = int(found.group(2) or self.grpc_port)
        if wait_ready:
            self.wait_ready()
        return self

    def _read_ports(self):
        """The line with the ports; lines of the log may come before it. None at the end."""
        for line in self.process.stdout:
            self.log.append(line)
            if found := re.search(r"HTTP on [^ ]*:(\d+)(?:, gRPC on [^ ]*:(\d+))?", line):
                return found
        return None

    def _collector(self, pipe):
        thread = threading.Thread(target=self._collect, args=(pipe, self.log), daemon=True)
        thread.start()
        return thread

    @staticmethod
    def _collect(pipe, lines):
        with pipe:
            lines.extend(pipe)

    def log_text(self):
        return "".join(self.log)

    def wait_ready(self, seconds=60):
        deadline = time.monotonic() + seconds
        while True:
            status, body, _ = self.request("GET", "/-/ready")
            if status == 200:
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"not ready after {seconds} s: {body}")
            time.sleep(0.02)

    def kill(self):
        """kill -9; harmless when the process has ended."""
        if self.process and self.process.poll() is None:
            self.process.kill()
        if self.process:
            self._reap(None)

    def terminate(self, seconds=30):
        """SIGTERM, and the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self._reap(seconds)

    def wait(self, seconds):
        """The exit status of a process that ends by itself."""
        return self._reap(seconds)

    def _reap(self, seconds):
        status = self.process.wait(timeout=seconds)
        for collector in self._collectors:
            collector.join(timeout=5)
        return status

    # --- HTTP ---

    def connect(self, timeout=60):
        if self.tls is None:
            return http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=timeout)
        return http.client.HTTPSConnection(
            "127.0.0.1", self.http_port, timeout=timeout, context=self.tls
        )

    def request(self, method, path, body=None, headers=None, timeout=60):
        connection = self.connect(timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            connection.close()

    def get_json(self, path, **parameters):
        query = "?" + urllib.parse.urlencode(parameters, doseq=True) if parameters else ""
        status, body, headers = self.request("GET", path + query)
        if status != 200:
            raise Refused(status, body, headers)
        return json.loads(body)["data"]

    def query(self, expression, at_seconds=None, **parameters):
        if at_seconds is not None:
            parameters["time"] = at_seconds
        return self.get_json("/api/v1/query", query=expression, **parameters)["result"]

    def query_range(self, expression, start, end, step, **parameters):
        return self.get_json(
            "/api/v1/query_range", query=expression, start=start, end=end, step=step, **parameters
        )["result"]

    def push(self, all_series, all_metadata=(), timeout=60):
        """(labels, samples) pairs; raises Refused unless everything was taken."""
        body = remote_write.request(
            [remote_write.series(labels, samples) for labels, samples in all_series], all_metadata
        )
        self.push_body(remote_write.snappy(body), timeout)

    def push_body(self, body, timeout=60):
        headers = {
            "Content-Type": "application/x-protobuf",
            "Content-Encoding": "snappy",
            "X-Prometheus-Remote-Write-Version": "0.1.0",
        }
        status, answer, answer_headers = self.request(
            "POST", "/api/v1/push", body, headers, timeout
        )
        if status // 100 != 2:
            raise Refused(status, answer, answer_headers)

    def flush(self):
        status, body, headers = self.request("POST", "/-/flush", timeout=120)
        if status // 100 != 2:
            raise Refused(status, body, headers)
