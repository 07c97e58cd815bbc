"""The series that are asked about. Everything follows from a seed; nothing lies on a round time.

A series is (labels with __name__, [(timestamp in ms, value)]), as remote_write.series takes it.
"""

import math
import random
import struct

# 2026-01-14 03:33:20 UTC, give or take: far from midnight and from the edge of a storage block.
END_MS = 1_768_361_600_000

STALE = struct.unpack("<d", struct.pack("<Q", 0x7FF0000000000002))[0]

DEMO_SCRAPE_MS = 5_000
DEMO_SPAN_MS = 100 * 60_000
NODE_SCRAPE_MS = 15_000
NODE_SPAN_MS = 150 * 60_000

DEMO_INSTANCES = [f"demo.promlabs.com:{port}" for port in (10000, 10001, 10002)]
NODE_INSTANCES = [f"node{i}:9100" for i in range(3)]
LATENCY_BOUNDS = ["0.0001", "0.001", "0.01", "0.1", "0.5", "1", "2.5", "10", "+Inf"]


def scrape_times(rng, span_ms, interval_ms):
    """Regular but for a jitter of some milliseconds. Even, so that odd times never meet one."""
    start = END_MS - span_ms + 2 * rng.randrange(interval_ms // 2)
    return [t + 2 * rng.randrange(5) for t in range(start, END_MS, interval_ms)]


def gauge(rng, times, low, high):
    value, out = rng.uniform(low, high), []
    for t in times:
        value = min(high, max(low, value + rng.gauss(0, (high - low) / 50)))
        out.append((t, round(value, 3)))
    return out


def counter(rng, times, per_second, reset_chance=0.0):
    value, out = rng.uniform(0, 1000 * per_second), []
    for before, t in zip([times[0]] + times, times):
        if rng.random() < reset_chance:
            value = 0.0
        value += per_second * rng.uniform(0.2, 1.8) * (t - before) / 1000
        out.append((t, round(value, 4)))
    return out


def constant(times, value):
    return [(t, value) for t in times]


def with_gaps(rng, samples, chance):
    """Gaps of a few scrapes; most begin with a stale marker, as after a failed scrape."""
    out, missing = [], 0
    for t, value in samples:
        if missing == 0 and rng.random() < chance:
            missing = rng.randrange(1, 40)
            if rng.random() < 0.8:
                out.append((t, STALE))
        elif missing:
            missing -= 1
        else:
            out.append((t, value))
    return out


def buckets(rng, times, per_second):
    """One cumulative counter per bound."""
    shares = sorted(rng.random() for _ in LATENCY_BOUNDS[:-1]) + [1.0]
    totals, out = [0.0] * len(shares), [[] for _ in shares]
    for t in times:
        for _ in range(rng.randrange(int(2 * per_second))):
            hit = rng.random()
            for i, share in enumerate(shares):
                totals[i] += hit <= share
        for i, total in enumerate(totals):
            out[i].append((t, total))
    return zip(LATENCY_BOUNDS, out)


def demo(seed):
    """What the compliance queries name: three instances of a demo service, scraped every 5 s."""
    rng, out = random.Random(seed), []

    def add(name, samples, **labels):
        out.append(({"__name__": name, "job": "demo", **labels}, samples))

    for number, instance in enumerate(DEMO_INSTANCES):
        times = scrape_times(rng, DEMO_SPAN_MS, DEMO_SCRAPE_MS)
        add("demo_num_cpus", constant(times, 4.0), instance=instance)
        for kind in ("buffers", "cached", "free", "used"):
            values = [(t, float(round(v))) for t, v in gauge(rng, times, 1e8, 4e9)]
            add("demo_memory_usage_bytes", values, instance=instance, type=kind)
        for mode in ("idle", "system", "user"):
            values = counter(rng, times, 4.0, 0.002)
            add("demo_cpu_usage_seconds_total", values, instance=instance, mode=mode)
        add("demo_disk_usage_bytes", counter(rng, times, 5e4), instance=instance)
        last = [(t, float((t // 60_000 - number) * 60)) for t in times]
        add("demo_batch_last_success_timestamp_seconds", last, instance=instance)
        values = with_gaps(rng, gauge(rng, times, 0, 1), 0.02)
        add("demo_intermittent_metric", values, instance=instance)
        for method, path, status in [("GET", "/api/foo", "200"), ("POST", "/api/bar", "500")]:
            for le, values in buckets(rng, times, 10):
                name = "demo_api_request_duration_seconds_bucket"
                labels = {"method": method, "path": path, "status": status, "le": le}
                add(name, values, instance=instance, **labels)
    return out


def node(seed):
    """Machines as node_exporter shows them, with more trouble: resets, gaps, NaN, infinities."""
    rng, out = random.Random(seed), []
    for number, instance in enumerate(NODE_INSTANCES):
        times = scrape_times(rng, NODE_SPAN_MS, NODE_SCRAPE_MS)

        def add(name, samples, **labels):
            common = {"__name__": name, "instance": instance, "job": "node"}
            out.append(({**common, **labels}, samples))

        _machine(rng, add, number, times)
        _trouble(rng, add, times)
    return out


def _machine(rng, add, number, times):
    add("up", with_gaps(rng, constant(times, 1.0), 0.01))
    add("node_uname_info", constant(times, 1.0), nodename=f"n{number}", release="6.1.0")
    for cpu in ("0", "1"):
        for mode in ("idle", "system", "user", "iowait"):
            samples = counter(rng, times, 0.25, 0.003)
            add("node_cpu_seconds_total", samples, cpu=cpu, mode=mode)
    add("node_memory_MemTotal_bytes", constant(times, float(8 << 30)))
    add("node_memory_MemFree_bytes", [(t, float(int(v))) for t, v in gauge(rng, times, 1e8, 8e9)])
    add("node_load1", gauge(rng, times, 0, 5))
    for device, mountpoint in [("sda1", "/"), ("sdb1", "/srv"), ("tmpfs", "/run")]:
        labels = {"device": device, "mountpoint": mountpoint}
        labels["fstype"] = "tmpfs" if device == "tmpfs" else "ext4"
        add("node_filesystem_size_bytes", constant(times, 5e10 + number), **labels)
        add("node_filesystem_avail_bytes", gauge(rng, times, 1e9, 5e10), **labels)
    for device in ("eth0", "lo"):
        samples = with_gaps(rng, counter(rng, times, 1e5, 0.01), 0.01)
        add("node_network_receive_bytes_total", samples, device=device)
        add("node_network_transmit_bytes_total", counter(rng, times, 2e4), device=device)
    for le, samples in buckets(rng, times, 5):
        add("node_request_duration_seconds_bucket", samples, le=le)


def _trouble(rng, add, times):
    strange = [math.nan, math.inf, -math.inf, 0.0, -0.0, 1e300, -1e300, 1e-300]
    for sensor in ("core0", "core1"):
        samples = [
            (t, rng.choice(strange) if rng.random() < 0.01 else v)
            for t, v in with_gaps(rng, gauge(rng, times, -20, 90), 0.02)
        ]
        add("node_hwmon_temp_celsius", samples, sensor=sensor)
    states = [(t, float(rng.randrange(3))) for t in times]
    add("node_systemd_unit_state", states, unit="ssh.service", state="active")
    add("node_boot_time_seconds", constant(times, (END_MS - rng.randrange(10**10)) / 1000))
    half = len(times) // 2
    add("node_textfile_mtime_seconds", gauge(rng, times[:half], 0, 10), file="old.prom")
