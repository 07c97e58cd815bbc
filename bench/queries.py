"""Twenty questions that dashboards ask of a fleet, what they cost, and whether two answers agree."""

import math
import statistics
import time

RELATIVE_ERROR = 1e-9

# Title, expression, and whether it is asked over a range. "HOST" becomes the name of one host.
EXPRESSIONS = [
    ("sum by (mode) of rate", "sum by (mode) (rate(node_cpu_seconds_total[5m]))", True),
    (
        "avg by (instance, mode) of rate",
        "avg by (instance, mode) (rate(node_cpu_seconds_total[1m]))",
        True,
    ),
    (
        "ratio of two rates, joined",
        "rate(node_disk_read_time_seconds_total[5m]) / rate(node_disk_reads_completed_total[5m])",
        True,
    ),
    ("max over an hour", "max_over_time(node_load1[1h])", True),
    ("quantile of rates", "quantile(0.99, rate(node_context_switches_total[5m]))", True),
    (
        "one host's CPU panel",
        "100 - 100 * avg by (instance)"
        ' (rate(node_cpu_seconds_total{mode="idle",instance="HOST"}[5m]))',
        True,
    ),
    (
        "top 5 by memory, instant",
        "topk(5, 100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes))",
        False,
    ),
    (
        "histogram_quantile by le",
        "histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))",
        True,
    ),
    (
        "network traffic by host, irate",
        "sum by (instance) (irate(node_network_receive_bytes_total[5m])) * 8",
        True,
    ),
    (
        "file systems, used percent",
        "100 - 100 * node_filesystem_avail_bytes / node_filesystem_size_bytes",
        True,
    ),
    (
        "subquery over half an hour",
        "max_over_time(sum by (cluster) (rate(node_context_switches_total[5m]))[30m:1m])",
        True,
    ),
    ("quantile over half an hour", "quantile_over_time(0.95, node_load5[30m])", True),
    ("deviation by cluster", "stddev by (cluster) (node_load1)", True),
    (
        "names by regular expression, instant",
        'sum by (__name__) ({__name__=~"node_memory_(Mem|Swap).*"})',
        False,
    ),
    ("full in four hours", "predict_linear(node_filesystem_avail_bytes[1h], 14400)", True),
    (
        "load per CPU, joined",
        "node_load1 / on (instance) group_left ()"
        ' count by (instance) (node_cpu_seconds_total{mode="idle"})',
        True,
    ),
    (
        "top 3 by traffic",
        "topk(3, sum by (instance) (rate(node_network_transmit_bytes_total[5m])))",
        True,
    ),
    (
        "changes and resets",
        "sum(changes(node_procs_running[15m])) + sum(resets(node_forks_total[15m]))",
        True,
    ),
    ("count by (__name__), instant", 'count by (__name__) ({cluster="cluster-1"})', False),
    ("label values", None, False),
]
TITLES = [title for title, _, _ in EXPRESSIONS]


def seconds(milliseconds):
    return f"{milliseconds / 1000:.3f}"


def requests(fleet, points=240):
    """(title, path, parameters) of all of them. The times are odd milliseconds and all samples and
    windows are even: no sample lies on the edge of a window, where versions differ by design."""
    end_ms = fleet.end_ms - 1
    step_ms = max((fleet.end_ms - fleet.start_ms) // points // 2 * 2, 1000)
    start_ms = end_ms - step_ms * (points - 1)
    for title, expression, is_range in EXPRESSIONS:
        times = {"start": seconds(start_ms), "end": seconds(end_ms)}
        if expression is None:
            yield title, "/api/v1/label/instance/values", times
            continue
        query = expression.replace("HOST", "node-00001.example.net:9100")
        if is_range:
            yield title, "/api/v1/query_range", {"query": query, "step": seconds(step_ms), **times}
        else:
            yield title, "/api/v1/query", {"query": query, "time": seconds(end_ms)}


def measure(server, fleet, runs):
    """By title: CPU and wall milliseconds of the first call and of later ones, and the answer."""
    results = {}
    for title, path, parameters in requests(fleet):
        start, cpu = time.perf_counter(), server.cpu_seconds()
        server.ask_bytes(path, parameters)
        first = {
            "cpu_ms": (server.cpu_seconds() - cpu) * 1e3,
            "wall_ms": (time.perf_counter() - start) * 1e3,
        }
        walls, cpu = [], server.cpu_seconds()
        for _ in range(runs):
            start = time.perf_counter()
            server.ask_bytes(path, parameters)
            walls.append((time.perf_counter() - start) * 1e3)
        later = {
            "cpu_ms": (server.cpu_seconds() - cpu) / runs * 1e3,
            "wall_ms": statistics.median(walls),
        }
        answer = server.ask(path, parameters)
        results[title] = {"first": first, "later": later, "answer": answer}
    return results


def count_samples(server, fleet):
    """All samples of the fleet that queries see: one count per metric name, since counting removes
    names and series of different names would collide."""
    window = f"[{(fleet.end_ms - fleet.start_ms) // 1000 + 2}s]"
    at = seconds(fleet.end_ms - 1)
    times = {"start": seconds(fleet.start_ms - 1000), "end": at}
    total = 0
    for name in server.ask("/api/v1/label/__name__/values", times):
        total += count(server, f"sum(count_over_time({name}{{job=\"node\"}}{window}))", at)
    return total


def count(server, query, at):
    result = server.ask("/api/v1/query", {"query": query, "time": at})["result"]
    return int(float(result[0]["value"][1])) if result else 0


# --- Comparing answers ---


def difference(ours, theirs):
    """None if two answers are the same, or the first thing that differs."""
    if isinstance(ours, list) or isinstance(theirs, list):
        return None if ours == theirs else "other values"
    left, right = _points(ours), _points(theirs)
    if left.keys() != right.keys():
        return f"{len(left)} series, {len(right)} expected, or other labels"
    for labels, points in left.items():
        expected = right[labels]
        if [at for at, _ in points] != [at for at, _ in expected]:
            return f"other timestamps of {dict(labels)}"
        for (at, value), (_, wanted) in zip(points, expected):
            if not _same(float(value), float(wanted)):
                return f"{value} instead of {wanted} at {at} for {dict(labels)}"
    return None


def _points(answer):
    return {
        tuple(sorted(series["metric"].items())): series.get("values") or [series["value"]]
        for series in answer["result"]
    }


def _same(value, wanted):
    if math.isnan(value) or math.isnan(wanted):
        return math.isnan(value) and math.isnan(wanted)
    return value == wanted or abs(value - wanted) <= RELATIVE_ERROR * abs(wanted)
