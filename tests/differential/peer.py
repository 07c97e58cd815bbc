"""Prometheus as the reference: $PROMETHEUS, or the one on the PATH, fed by remote write."""

import functools
import http.client
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))

import peers  # noqa: E402
import remote_write  # noqa: E402

PROGRAM = os.environ.get("PROMETHEUS") or shutil.which("prometheus")

# Tidegate always runs with both; a release that does not know one ignores it with a warning.
EXPERIMENTAL, DELAYED_NAMES = "promql-experimental-functions", "promql-delayed-name-removal"

# Any age is taken, in any order, as Tidegate does: the data lie at a fixed time in the past.
CONFIGURATION = "storage: {tsdb: {out_of_order_time_window: 1000w}}\n"


@functools.cache
def version(program=PROGRAM):
    """(major, minor); (0, 0) if there is no program."""
    if not program:
        return 0, 0
    run = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"version (\d+)\.(\d+)", run.stdout + run.stderr)
    return int(found.group(1)), int(found.group(2))


class Prometheus:
    """A process with an empty store in a temporary directory. Nothing is scraped."""

    def __init__(self, program=PROGRAM, delayed_names=True):
        self._folder = tempfile.TemporaryDirectory(prefix="tidegate-differential-")
        self.http_port = peers.free_port()
        features = EXPERIMENTAL + (f",{DELAYED_NAMES}" if delayed_names else "")
        configuration = os.path.join(self._folder.name, "prometheus.yml")
        with open(configuration, "w", encoding="utf-8") as file:
            file.write(CONFIGURATION)
        self._process = subprocess.Popen(
            [
                program,
                f"--config.file={configuration}",
                f"--storage.tsdb.path={self._folder.name}/data",
                "--storage.tsdb.retention.time=100y",
                f"--web.listen-address=127.0.0.1:{self.http_port}",
                "--web.enable-remote-write-receiver",
                f"--enable-feature={features}",
                "--log.level=error",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()


def push(port, path, all_series):
    """Sends (labels, samples) pairs; tries again while the server is starting."""
    body = remote_write.snappy(
        remote_write.request([remote_write.series(*one) for one in all_series])
    )
    deadline = time.monotonic() + 60
    while True:
        status, answer = _post(port, path, body)
        if status // 100 == 2:
            return
        if status not in (0, 503) or time.monotonic() > deadline:
            raise RuntimeError(f"push to port {port}: {status} {answer[:300]}")
        time.sleep(0.1)


def _post(port, path, body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Content-Type": "application/x-protobuf",
        "Content-Encoding": "snappy",
        "X-Prometheus-Remote-Write-Version": "0.1.0",
    }
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except ConnectionRefusedError:
        return 0, b"not listening yet"
    finally:
        connection.close()
