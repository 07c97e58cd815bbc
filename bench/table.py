"""The side-by-side table: one column a server, one row a figure, medians over the repeats."""

import datetime
import os
import statistics

import queries


def median(result, figure):
    return statistics.median(figure(repeat) for repeat in result["repeats"])


def rows_of_load(fleet):
    """(title, function of a server's result giving text)."""

    def per_cpu_second(key):
        return lambda r: f"{fleet.samples / median(r, lambda m: m['load'][key]) / 1000:,.0f} k"

    def plain(pattern, figure):
        return lambda r: pattern.format(median(r, figure))

    return [
        ("samples per CPU s: load", per_cpu_second("cpu_s")),
        ("  and background until quiet", per_cpu_second("cpu_quiet_s")),
        ("  and sealing all of it", per_cpu_second("cpu_sealed_s")),
        ("load, wall s", plain("{:.2f}", lambda m: m["load"]["wall_s"])),
        ("acknowledgement p50 ms", plain("{:.2f}", lambda m: m["load"]["ack_p50_ms"])),
        ("acknowledgement p99 ms", plain("{:.2f}", lambda m: m["load"]["ack_p99_ms"])),
        ("RSS MB after the load", plain("{:.0f}", lambda m: m["rss_bytes"] / 1e6)),
        ("peak RSS MB", plain("{:.0f}", lambda m: m["peak_rss_bytes"] / 1e6)),
        ("RSS bytes per series", plain("{:,.0f}", lambda m: m["rss_bytes"] / fleet.series)),
        ("acknowledged, not found", plain("{:,.0f}", lambda m: m["missing"])),
        ("  after SIGTERM and start", plain("{:,.0f}", lambda m: m["missing_restarted"])),
        ("stop on SIGTERM, s", plain("{:.2f}", lambda m: m["stop_s"])),
        ("start after SIGTERM, s", plain("{:.2f}", lambda m: m["start_s"])),
        ("bytes per sample: data", plain("{:.2f}", lambda m: m["data_bytes"] / fleet.samples)),
        ("bytes per sample: log, caches", plain("{:.2f}", lambda m: m["aside_bytes"] / fleet.samples)),
        ("kill -9: complete answer, s", lambda r: f"{r['crash']['restart_s']:.2f}"),
        ("kill -9: samples missing", lambda r: f"{r['crash']['missing']:,}"),
    ]


def rows_of_queries(state, which):
    def cost(title):
        def text(result):
            cpu = median(result, lambda m: m[state][title][which]["cpu_ms"])
            wall = median(result, lambda m: m[state][title][which]["wall_ms"])
            return f"{cpu:.2f} ({wall:.2f})"

        return text

    return [(title, cost(title)) for title in queries.TITLES]


def block(heading, rows, results, labels):
    yield ""
    yield f"{heading:<34}" + "".join(f"{label:>26}" for label in labels)
    for title, text in rows:
        yield f"{title:<34}" + "".join(f"{text(results[label]):>26}" for label in labels)


def render(options, fleet, results, differences):
    labels = list(results)
    yield (
        f"{datetime.date.today()}: {fleet.series:,} series, {fleet.samples:,} samples "
        f"({options.hosts} hosts, {options.rounds} scrapes, {options.step:g} s apart), "
        f"{len(fleet.bodies)} pushes over {options.connections} connection(s), "
        f"{sum(map(len, fleet.bodies)) / fleet.samples:.1f} bytes a sample on the wire, "
        f"{os.cpu_count()} CPUs, median of {options.repeats}"
    )
    yield from block("load and disk", rows_of_load(fleet), results, labels)
    for heading, state, which in (
        ("query CPU ms (wall ms): fresh", "fresh", "later"),
        ("the same: restarted, first ask", "restarted", "first"),
        ("the same: restarted, asked again", "restarted", "later"),
    ):
        yield from block(heading, rows_of_queries(state, which), results, labels)
    yield ""
    if differences is None:
        yield "answers: not compared"
    elif not differences:
        yield "answers: Tidegate's equal Prometheus' within 1e-9, fresh and restarted"
    for line in differences or ():
        yield f"answers DIFFER: {line}"
