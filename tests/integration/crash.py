"""Load that remembers what was acknowledged, and the check that all of it is there."""

import collections
import http.client
import threading
import time

import logs
from server import Refused


class Load:
    """Pushes from several threads; each owns some series and a log stream and sends samples and
    lines 200 ms apart, in order, from `start_ms` on, some 50 batches a second: a whole series of
    kills stays in the past. A sample or line counts as acknowledged once its push was answered with
    2xx."""

    STEP_MS = 200

    def __init__(self, server, start_ms, threads=3, series=4, batch=5, late_every=4):
        self.server, self.start_ms = server, start_ms
        self.series, self.batch, self.late_every = series, batch, late_every
        self.sent = collections.defaultdict(dict)  # (thread, series) -> {timestamp: value}
        self.acknowledged = collections.defaultdict(dict)
        self.sent_lines = collections.defaultdict(dict)  # worker -> {nanosecond: line}
        self.acknowledged_lines = collections.defaultdict(dict)
        self.threads, self.next_index = threads, [0] * threads
        self._stop = threading.Event()
        self._running = []

    def start(self):
        self._stop.clear()
        self._running = [
            threading.Thread(target=self._run, args=(i,), daemon=True) for i in range(self.threads)
        ]
        for thread in self._running:
            thread.start()

    def stop(self):
        self._stop.set()
        for thread in self._running:
            thread.join(timeout=120)

    def total_acknowledged(self):
        return sum(len(points) for points in self.acknowledged.values())

    def total_acknowledged_lines(self):
        return sum(len(lines) for lines in self.acknowledged_lines.values())

    def _run(self, worker):
        while not self._stop.is_set():
            first = self.next_index[worker]
            self.next_index[worker] += self.batch
            batch = {}
            for s in range(self.series):
                indices = list(range(first, first + self.batch))
                # Every so often the batch comes a minute late, out of order.
                if (first // self.batch) % self.late_every == self.late_every - 1:
                    indices = [i - 60 * self.batch for i in indices] if first > 300 else indices
                points = {
                    self.start_ms + i * self.STEP_MS + 1: float(i * 10 + s) for i in indices if i >= 0
                }
                batch[(worker, s)] = points
                self.sent[(worker, s)].update(points)
            self._push(batch)
            self._push_lines(worker, [i for i in indices if i >= 0])
            time.sleep(0.015)

    def _push(self, batch):
        """One try: a retry would hide a sample that was lost after its acknowledgement."""
        series = [
            ({"__name__": "crash", "worker": str(w), "series": str(s)}, sorted(points.items()))
            for (w, s), points in batch.items()
        ]
        try:
            self.server.push(series, timeout=10)
        except (OSError, http.client.HTTPException, Refused):
            time.sleep(0.01)
            return
        for key, points in batch.items():
            self.acknowledged[key].update(points)

    def _push_lines(self, worker, indices):
        lines = {
            (self.start_ms + i * self.STEP_MS) * 10**6 + worker: f"worker {worker} did step {i}"
            for i in indices
        }
        self.sent_lines[worker].update(lines)
        stream = {"job": "crash", "worker": str(worker)}
        body = logs.loki_json([(stream, sorted(lines.items()))])
        try:
            status, _, _ = self.server.request(
                "POST", "/loki/api/v1/push", body, {"Content-Type": "application/json"}, 10
            )
        except (OSError, http.client.HTTPException):
            time.sleep(0.01)
            return
        if status // 100 == 2:
            self.acknowledged_lines[worker].update(lines)

    def verify(self):
        """Raises AssertionError naming the first sample or line that is lost, doubled or wrong."""
        self._verify_samples()
        self._verify_lines()

    def _verify_lines(self):
        end = (self.start_ms + max(self.next_index) * self.STEP_MS + 3600_000) * 10**6
        for worker, acknowledged in self.acknowledged_lines.items():
            found = logs.read_all(
                self.server, f'{{job="crash", worker="{worker}"}}', self.start_ms * 10**6, end
            )
            by_time = dict(found)
            assert len(by_time) == len(found), f"worker {worker}: a line came twice"
            for timestamp, line in acknowledged.items():
                got = by_time.get(timestamp)
                assert got == line, f"line at {timestamp}: acknowledged {line}, found {got}"
            for timestamp, line in by_time.items():
                sent = self.sent_lines[worker].get(timestamp)
                assert sent == line, f"line at {timestamp}: found {line}, sent {sent}"

    def _verify_samples(self):
        end = (self.start_ms + max(self.next_index) * self.STEP_MS) / 1000 + 3600
        span = int(end - self.start_ms / 1000) + 3600
        found = {}
        for series in self.server.query(f"crash[{span}s]", end):
            key = (int(series["metric"]["worker"]), int(series["metric"]["series"]))
            values = series["values"]
            points = {round(t * 1000): float(v) for t, v in values}
            assert len(points) == len(values), f"{key}: a sample came twice"
            found[key] = points
        for key, points in self.acknowledged.items():
            for timestamp, value in points.items():
                got = found.get(key, {}).get(timestamp)
                assert got == value, f"{key} at {timestamp}: acknowledged {value}, found {got}"
        for key, points in found.items():
            for timestamp, value in points.items():
                sent = self.sent[key].get(timestamp)
                assert sent == value, f"{key} at {timestamp}: found {value}, sent {sent}"
