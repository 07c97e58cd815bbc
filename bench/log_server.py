#!/usr/bin/python3
"""Logs through whole servers: text per CPU second, memory, disk, and how long queries take.

    bench/log_server.py --tidegate out/tidegate --bodies BODIES --lines LINES [--loki BINARY] [--victorialogs BINARY]

BODIES is what //bench:log_bodies made of LINES. On the same text it also runs `zstd -1` and `grep -c`. Only figures of
one run on one machine compare."""

import argparse
import http.client
import json
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.parse

from contestants import free_port

LOKI_CONFIG = """
auth_enabled: false
server: {{http_listen_port: {port}, grpc_listen_port: {grpc}, log_level: error}}
common:
  path_prefix: {dir}
  replication_factor: 1
  ring: {{instance_addr: 127.0.0.1, kvstore: {{store: inmemory}}}}
  storage: {{filesystem: {{chunks_directory: {dir}/chunks, rules_directory: {dir}/rules}}}}
schema_config:
  configs: [{{from: 2020-01-01, store: tsdb, object_store: filesystem, schema: v13, index: {{prefix: i_, period: 24h}}}}]
limits_config:
  ingestion_rate_mb: 10000
  ingestion_burst_size_mb: 10000
  per_stream_rate_limit: 1GB
  per_stream_rate_limit_burst: 1GB
  reject_old_samples: false
"""


def tidegate_command(binary, directory, port):
    return [
        binary,
        f"--http_address=127.0.0.1:{port}",
        f"--grpc_address=127.0.0.1:{free_port()}",
        f"--storage_dir={directory}",
    ]


def loki_command(binary, directory, port):
    config = f"{directory}.yaml"
    with open(config, "w", encoding="utf-8") as file:
        file.write(LOKI_CONFIG.format(port=port, grpc=free_port(), dir=directory))
    return [binary, f"-config.file={config}"]


def victorialogs_command(binary, directory, port):
    return [
        binary,
        f"-httpListenAddr=127.0.0.1:{port}",
        f"-storageDataPath={directory}",
        "-retentionPeriod=100y",
    ]


# name -> (command, path of the readiness probe, path of pushes)
SERVERS = {
    "tidegate": (tidegate_command, "/-/ready", "/loki/api/v1/push"),
    "loki": (loki_command, "/ready", "/loki/api/v1/push"),
    "victorialogs": (victorialogs_command, "/health", "/insert/loki/api/v1/push"),
}

QUERY_RUNS = 5

LOGQL = {
    "needle": '{app=~".+"} |= "no-such-needle-7f3a"',
    "regex": '{app=~".+"} |~ "fail(ed|ure) .*[0-9]{5}"',
    "regex without a text": 'sum(count_over_time({app=~".+"} |~ "[0-9]{7} .*x" [1h]))',
    "regex that all decide": 'sum(count_over_time({app=~".+"} |~ "[0-9]{3}.* [a-z]+$" [1h]))',
    "absent identifier": '{app=~".+"} |= "f0f1e2d3c4b5a6"',
    "absent number": '{app=~".+"} |= "98761234567"',
    "absent address": '{app=~".+"} |= "172.16.254.31"',
    "count by app": 'sum by (app) (count_over_time({app=~".+"}[1m]))',
    "count error": 'sum(count_over_time({app=~".+"} |= "error" [1h]))',
    "bytes by namespace": 'sum by (namespace) (bytes_over_time({app=~".+"}[1h]))',
}
LOGSQL = {
    "needle": '"no-such-needle-7f3a"',
    "regex": '~"fail(ed|ure) .*[0-9]{5}"',
    "regex without a text": '~"[0-9]{7} .*x" | stats count()',
    "regex that all decide": '~"[0-9]{3}.* [a-z]+$" | stats count()',
    "absent identifier": '~"f0f1e2d3c4b5a6"',
    "absent number": '~"98761234567"',
    "absent address": '"172.16.254.31"',
    "count by app": "* | stats by (_time:1m, app) count()",
    "count error": '"error" | stats count()',
    "bytes by namespace": "* | stats by (namespace) sum_len(_msg)",
}


class Server:
    def __init__(self, name, binary):
        self.name, self.binary = name, binary
        self.make_command, self.ready_path, self.push_path = SERVERS[name]

    def __enter__(self):
        self.temporary = tempfile.TemporaryDirectory(prefix=f"bench-{self.name}-")
        self.directory = f"{self.temporary.name}/data"
        os.mkdir(self.directory)
        self.port = free_port()
        command = self.make_command(self.binary, self.directory, self.port)
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 90
        while self.ask("GET", self.ready_path)[0] != 200:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} does not get ready")
            time.sleep(0.1)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.temporary.cleanup()

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except OSError:
            return 0, b""
        finally:
            connection.close()

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mib(self, key):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            for line in file:
                if line.startswith(key + ":"):
                    return int(line.split()[1]) / 1024
        return 0

    def push(self, bodies):
        headers = {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        for body in bodies:
            connection.request("POST", self.push_path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status // 100 != 2:
                raise RuntimeError(f"{self.name}: {answer.status} {text[:300]}")
        connection.close()

    def query(self, kind):
        """Milliseconds of the first run and of the fastest, CPU milliseconds of each, or None when it is not served."""
        end = time.time_ns()
        start = end - 2 * 3600 * 10**9
        if self.name == "victorialogs":
            parameters = {"query": LOGSQL[kind], "start": start, "end": end}
            path = "/select/logsql/query?"
        else:
            parameters = {"query": LOGQL[kind], "start": start, "end": end, "step": "60", "limit": 100}
            path = "/loki/api/v1/query_range?"
        best = first = None
        cpu = self.cpu_seconds()
        for _ in range(QUERY_RUNS):
            begin = time.monotonic()
            status, _ = self.ask("GET", path + urllib.parse.urlencode(parameters))
            elapsed = (time.monotonic() - begin) * 1000
            if status != 200:
                return None
            first = elapsed if first is None else first
            best = elapsed if best is None else min(best, elapsed)
        return first, best, (self.cpu_seconds() - cpu) * 1000 / QUERY_RUNS

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=120)

    def disk_bytes(self):
        return sum(
            os.lstat(os.path.join(folder, name)).st_blocks * 512
            for folder, _, names in os.walk(self.directory)
            for name in names
        )


def read_bodies(path):
    bodies = []
    with open(path, "rb") as file:
        while size := file.read(4):
            bodies.append(file.read(int.from_bytes(size, "little")))
    return bodies


def child_cpu(command):
    # Into a pipe: grep stops at the first match when it writes to /dev/null.
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(name, binary, bodies, text_bytes):
    with Server(name, binary) as server:
        cpu = server.cpu_seconds()
        server.push(bodies)
        if name == "tidegate":
            server.ask("POST", "/-/flush")
        pushed = server.cpu_seconds() - cpu
        result = {
            "server": name,
            "text_mb_per_cpu_second": round(text_bytes / 1e6 / max(pushed, 0.01), 1),
            "rss_mib": round(server.memory_mib("VmRSS"), 1),
            "peak_rss_mib": round(server.memory_mib("VmHWM"), 1),
        }
        for kind in LOGQL:
            measured = server.query(kind)
            result[f"{kind}, first ms"] = measured and round(measured[0], 1)
            result[f"{kind}, ms"] = measured and round(measured[1], 1)
            result[f"{kind}, CPU ms"] = measured and round(measured[2], 1)
            if measured and kind.startswith("regex"):
                result[f"{kind}, text MB per CPU second"] = round(text_bytes / 1e3 / max(measured[2], 1))
        server.stop()
        result["text_bytes_per_disk_byte"] = round(text_bytes / server.disk_bytes(), 2)
        return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bodies", required=True)
    parser.add_argument("--lines", required=True)
    for name in SERVERS:
        parser.add_argument(f"--{name}")
    flags = vars(parser.parse_args())
    bodies = read_bodies(flags["bodies"])
    text_bytes = os.path.getsize(flags["lines"])
    for name in SERVERS:
        if flags[name]:
            print(json.dumps(measure(name, flags[name], bodies, text_bytes)))
    for tool in (["zstd", "-1", "-q", "-c"], ["grep", "-c", "error"]):
        if shutil.which(tool[0]):
            seconds = child_cpu([*tool, flags["lines"]])
            print(json.dumps({"tool": " ".join(tool[:2]), "mb_per_cpu_second": round(text_bytes / 1e6 / seconds)}))


if __name__ == "__main__":
    main()
