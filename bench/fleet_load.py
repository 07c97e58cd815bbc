"""The generated fleet as remote-write bodies, and sending them over kept connections."""

import http.client
import json
import struct
import subprocess
import threading
import time

HEADERS = {
    "Content-Type": "application/x-protobuf",
    "Content-Encoding": "snappy",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
    "User-Agent": "tidegate-bench",
}


HEADERS_2 = dict(
    HEADERS,
    **{
        "Content-Type": "application/x-protobuf;proto=io.prometheus.write.v2.Request",
        "X-Prometheus-Remote-Write-Version": "2.0.0",
    },
)


class Fleet:
    """All bodies in memory, so that reading them costs nothing while a server is measured."""

    def __init__(self, generator, path, hosts, rounds, step_ms, end_ms, capture, version=1, flags=()):
        self.headers = HEADERS_2 if version == 2 else HEADERS
        self.hosts, self.rounds, self.step_ms = hosts, rounds, step_ms
        # Even, as all timestamps of the fleet then are; queries are asked at odd milliseconds.
        self.start_ms = (end_ms - rounds * step_ms) // 2 * 2
        self.end_ms = self.start_ms + rounds * step_ms
        command = [
            generator,
            f"--out={path}",
            f"--hosts={hosts}",
            f"--rounds={rounds}",
            f"--step_ms={step_ms}",
            f"--start_ms={self.start_ms}",
            f"--version={version}",
            *flags,
        ]
        if capture:
            command.append(f"--capture={capture}")
        made = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        self.series, self.samples, self.raw_bytes = made["series"], made["samples"], made["raw_bytes"]
        self.bodies = list(self._read(path))
        self.bodies_per_round = len(self.bodies) // rounds

    @staticmethod
    def _read(path):
        with open(path, "rb") as file:
            while size := file.read(4):
                yield file.read(struct.unpack("<I", size)[0])

    def parts(self, connections):
        """The bodies for each connection, in order. The same series always travel on the same
        connection, so that their samples stay in order."""
        connections = min(connections, self.bodies_per_round)
        parts = [[] for _ in range(connections)]
        for i, body in enumerate(self.bodies):
            parts[i % self.bodies_per_round % connections].append(body)
        return parts


class Sender(threading.Thread):
    """Sends one part; a refused push ends it."""

    def __init__(self, port, path, bodies, headers=HEADERS):
        super().__init__(daemon=True)
        self.port, self.path, self.bodies, self.headers = port, path, bodies, headers
        self.latencies, self.error = [], None

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            for body in self.bodies:
                start = time.perf_counter()
                connection.request("POST", self.path, body, self.headers)
                answer = connection.getresponse()
                text = answer.read()
                self.latencies.append(time.perf_counter() - start)
                if answer.status // 100 != 2:
                    raise RuntimeError(f"push refused: {answer.status} {text[:300]}")
        except (OSError, http.client.HTTPException, RuntimeError) as error:
            self.error = error
        finally:
            connection.close()


def send(fleet, server, connections):
    """Sends everything and returns the seconds that each acknowledgement took."""
    senders = [
        Sender(server.port, server.push_path, bodies, fleet.headers)
        for bodies in fleet.parts(connections)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    for sender in senders:
        if sender.error:
            raise RuntimeError(f"{server.label}: {sender.error}")
    return [latency for sender in senders for latency in sender.latencies]
