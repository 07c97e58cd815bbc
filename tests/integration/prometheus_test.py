#!/usr/bin/python3
"""A real Prometheus writes in, and both answer 60 queries alike: same series, same gaps, values
within 1e-9. Short form: 40 s of scraping, all in one process. prometheus_long_test.py scrapes for two
minutes and repeats it with four processes."""

import collections
import math
import time
import unittest

from peers import REQUIRED, Peers, available
from server import Server
from services_test import Cluster

# W is a window well inside the data; F is two thirds of it. Instant queries, then range queries.
INSTANT = [
    "up",
    'up{job="node"}',
    'up{job=~"n.*|demo"}',
    'up{job!="node"}',
    'count({__name__=~"node_.+"})',
    'count by (__name__) ({job="demo"})',
    "rate(node_cpu_seconds_total[W])",
    "sum by (mode) (rate(node_cpu_seconds_total[W]))",
    'avg without (cpu) (irate(node_cpu_seconds_total{mode!="idle"}[W]))',
    "increase(demo_latency_seconds_count[W])",
    "histogram_quantile(0.9, rate(demo_latency_seconds_bucket[W]))",
    "histogram_quantile(0.5, sum by (le) (rate(demo_latency_seconds_bucket[W])))",
    "node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes",
    "topk(3, node_filesystem_size_bytes)",
    "bottomk(2, go_goroutines)",
    "quantile(0.7, scrape_duration_seconds)",
    "stddev(scrape_samples_scraped)",
    "stdvar by (job) (scrape_samples_scraped)",
    "count_values(\"v\", up)",
    "group by (job) (up)",
    "max_over_time(node_load1[W])",
    "min_over_time(go_goroutines[W])",
    "avg_over_time(go_memstats_alloc_bytes[W])",
    "quantile_over_time(0.25, go_goroutines[W])",
    "stddev_over_time(process_resident_memory_bytes[W])",
    "changes(demo_resets_total[W])",
    "resets(demo_resets_total[W])",
    "delta(node_memory_MemFree_bytes[W])",
    "deriv(node_memory_MemFree_bytes[W])",
    "predict_linear(node_memory_MemFree_bytes[W], 60)",
    "label_replace(up, \"host\", \"$1\", \"instance\", \"(.*):.*\")",
    'label_join(up, "both", "-", "job", "instance")',
    "absent(nothing_like_this)",
    "absent_over_time(demo_gone[W])",
    "present_over_time(demo_gone[W])",
    "up offset F",
    "rate(node_cpu_seconds_total[F] offset -5s)",
    "up and on (instance) scrape_samples_scraped > 100",
    "up unless on (job) node_load1",
    "node_load1 or demo_resets_total",
    "scrape_duration_seconds * on (instance, job) group_left () up",
    "clamp(node_load1, 0.1, 0.2)",
    "round(node_load1, 0.25)",
    "sort_desc(scrape_samples_scraped)",
    "scalar(node_load1) + vector(1)",
    "-node_load1 ^ 2",
    "timestamp(up)",
]
RANGE = [
    "up",
    "demo_gone",
    'demo_gone{path="/a b"}',
    "sum(rate(demo_resets_total[W]))",
    "rate(demo_latency_seconds_sum[W]) / rate(demo_latency_seconds_count[W])",
    "sum by (mode) (rate(node_cpu_seconds_total[F]))",
    "max_over_time(sum(rate(node_cpu_seconds_total[F]))[W:2s])",
    "avg_over_time((node_load1 > 0)[W:1s])",
    "node_memory_MemFree_bytes @ end()",
    "sum_over_time(up[F] offset F)",
    "node_load1 > bool 0.5",
    "hour() + minute()",
    "histogram_quantile(0.99, rate(demo_latency_seconds_bucket[F]))",
]

# Seconds after the evaluation time that the queries above look at (the negative offset).
AHEAD = 5


def close(a, b):
    a, b = float(a), float(b)
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return a == b or abs(a - b) <= 1e-9 * max(abs(a), abs(b))


def by_labels(data):
    if data["resultType"] in ("scalar", "string"):
        return {(): [data["result"]]}
    return {
        tuple(sorted(s["metric"].items())): s.get("values") or [s["value"]] for s in data["result"]
    }


def difference(ours, theirs):
    """What differs between two answers, or nothing."""
    if ours["resultType"] != theirs["resultType"]:
        return f"{ours['resultType']} instead of {theirs['resultType']}"
    mine, other = by_labels(ours), by_labels(theirs)
    if mine.keys() != other.keys():
        return f"series: {sorted(mine.keys() ^ other.keys())[:4]}"
    for labels, points in other.items():
        got = mine[labels]
        if [p[0] for p in got] != [p[0] for p in points]:
            return f"{labels}: other timestamps: {len(got)} points instead of {len(points)}"
        for (t, a), (_, b) in zip(got, points):
            if not close(a, b):
                return f"{labels} at {t}: {a} instead of {b}"
    return None


@unittest.skipUnless(available(*REQUIRED), "Debian's prometheus is not installed")
class RealPrometheus(unittest.TestCase):
    SECONDS = 40

    def test_all_in_one(self):
        with Server() as server:
            self.compare(server)

    def compare(self, server):
        peers = Peers([f"http://127.0.0.1:{server.http_port}/api/v1/push"])
        self.addCleanup(peers.close)
        # A target goes away for a while: stale markers must arrive as well.
        time.sleep(self.SECONDS * 0.4)
        peers.stop_node()
        time.sleep(self.SECONDS * 0.15)
        peers.start_node()
        time.sleep(self.SECONDS * 0.45)
        end = self.common_end(server, peers)
        failures = self.ask_both(server, peers, end)
        server.flush()
        failures += [f"after sealing: {f}" for f in self.ask_both(server, peers, end)]
        self.assertEqual(failures, [])
        self.check_metadata_and_exemplars(server, peers, end)

    def common_end(self, server, peers):
        """A time that both have all data for, AHEAD included, and that no scrape's timestamp comes
        near: samples on a window's edge belong to it in Prometheus 2.42 and not in 3.x."""
        deadline = time.monotonic() + 30
        now = time.time()
        while True:
            stamps = [float(s["value"][1]) for s in server.query("timestamp(up)", now + 5)]
            # Shards of remote write run apart: a second later the others are there as well.
            if len(stamps) == 3 and min(stamps) > now + 1:
                break
            self.assertLess(time.monotonic(), deadline, "remote write does not catch up")
            time.sleep(0.2)
        scrapes = server.query(f"up[{self.SECONDS * 2}s]", now + 5)
        taken = collections.Counter(
            (round(t * 1000) + d) % 100 for s in scrapes for t, _ in s["values"] for d in (-1, 0, 1)
        )
        # Windows are whole seconds and steps whole tenths: the hundredths decide for all edges. Not 0:
        # subqueries are evaluated at whole seconds, which must not be an edge either.
        quietest = min(range(1, 100), key=lambda f: taken[f])
        return math.floor(now) - 1 - AHEAD + quietest / 1000

    def ask_both(self, server, peers, end):
        window, fraction = f"{self.SECONDS // 4}s", f"{self.SECONDS // 6}s"
        failures = []
        for text in INSTANT + RANGE:
            query = text.replace("[W", f"[{window}").replace("[F", f"[{fraction}")
            query = query.replace("offset F", f"offset {fraction}")
            calls = [("/api/v1/query", {"time": end})] if text in INSTANT else []
            if text in RANGE:
                start = end - self.SECONDS * 0.7
                calls.append(("/api/v1/query_range", {"start": start, "end": end, "step": 1.7}))
            for path, parameters in calls:
                ours = server.get_json(path, query=query, **parameters)
                theirs = peers.get_json(path, query=query, **parameters)
                wrong = difference(ours, theirs)
                if wrong:
                    failures.append(f"{query}: {wrong}")
        return failures

    def check_metadata_and_exemplars(self, server, peers, end):
        metadata = server.get_json("/api/v1/metadata", metric="demo_latency_seconds")
        self.assertEqual(
            metadata,
            {
                "demo_latency_seconds": [
                    {"type": "histogram", "help": "How long things take.", "unit": "seconds"}
                ]
            },
        )
        parameters = {
            "query": "demo_latency_seconds_bucket",
            "start": end - self.SECONDS,
            "end": end,
        }
        ours = server.get_json("/api/v1/query_exemplars", **parameters)
        theirs = peers.get_json("/api/v1/query_exemplars", **parameters)
        key = lambda answer: {
            (tuple(sorted(s["seriesLabels"].items())), e["labels"]["trace_id"], e["timestamp"])
            for s in answer
            for e in s["exemplars"]
        }
        self.assertEqual(key(ours), key(theirs))
        self.assertTrue(key(ours))


if __name__ == "__main__":
    unittest.main()
