#!/usr/bin/python3
"""What series cost rather than samples: many, new, replaced and with long labels; each server in a
leg of its own from the first push to the end of its process, so that work put off counts too.

    ./dev build && bazel build -c opt //bench:fleet && cp bazel-bin/bench/fleet out/
    bench/many_series.py --victoria-metrics victoria-metrics --prometheus prometheus
    bench/many_series.py --workloads new --repeats 3 --json figures.json

For each workload two legs a server. In the first everything is pushed, one round to register and
then the rest, and the process stopped by SIGTERM: its CPU time is that of wait4. In the second the
process dies by SIGKILL right after the last acknowledgement and is started again: the time until it
is ready, and how many of the series of the last round an instant query then finds.
"""

import argparse
import json
import os
import statistics
import tempfile
import time

import contestants
import fleet_load

# name: (title, hosts of about 470 series, rounds, flags of the generator)
WORKLOADS = {
    "steady": ("94 k series, 60 scrapes", 200, 60, ()),
    "labels": ("the same with 18 labels a series, 30 scrapes", 200, 30, ("--extra_labels=14",)),
    "churn": ("94 k series, 5 % of the hosts new in each of 60 scrapes", 200, 60, ("--churn=0.05",)),
    "new": ("985 k series, 6 scrapes", 2100, 6, ()),
    "small": ("100 k series, 20 scrapes", 213, 20, ()),
    "large": ("2 M series, 3 scrapes", 4260, 3, ()),
}


def rounds_of(fleet, first, last):
    """The rounds [first, last) alone, for sending."""
    part = object.__new__(fleet_load.Fleet)
    part.__dict__.update(fleet.__dict__)
    part.rounds = last - first
    part.bodies = fleet.bodies[first * fleet.bodies_per_round : last * fleet.bodies_per_round]
    return part


def stopped_cpu_seconds(server):
    """Ends the process and returns the CPU time of its whole life."""
    server._forget_connection()
    server.process.terminate()
    _, status, usage = os.wait4(server.process.pid, 0)
    server.process.returncode = status
    return usage.ru_utime + usage.ru_stime


def measure_load(server, fleet, connections):
    idle = server.memory_bytes()[0]
    before = server.cpu_seconds()
    fleet_load.send(rounds_of(fleet, 0, 1), server, connections)
    registered = server.cpu_seconds()
    fleet_load.send(rounds_of(fleet, 1, fleet.rounds), server, connections)
    loaded = server.cpu_seconds()
    rss, peak = server.memory_bytes()
    total = stopped_cpu_seconds(server)
    later = fleet.samples * (fleet.rounds - 1) / fleet.rounds
    data, aside = server.disk_bytes()
    return {
        "samples_per_cpu_s": fleet.samples / (total - before),
        "first_round_us_a_series": (registered - before) * 1e6 / (fleet.samples / fleet.rounds),
        "later_us_a_sample": (loaded - registered) * 1e6 / later,
        "rss_mb": rss / 1e6,
        "peak_rss_mb": peak / 1e6,
        "rss_bytes_a_series": (rss - idle) / fleet.series,
        "disk_bytes_a_sample": (data + aside) / fleet.samples,
    }


def measure_kill(server, fleet, connections):
    fleet_load.send(fleet, server, connections)
    server.kill()
    start = time.monotonic()
    server.start()
    server.wait_ready()
    ready = time.monotonic() - start
    server.show_new()
    answer = server.ask(
        "/api/v1/query", {"query": 'count({job="node"})', "time": fleet.end_ms / 1000 + 0.001}
    )["result"]
    found = int(answer[0]["value"][1]) if answer else 0
    return {"ready_s": ready, "series_found": found}


FIGURES = {
    "samples_per_cpu_s": ("samples per CPU second, stop included", "{:,.0f}"),
    "first_round_us_a_series": ("CPU us a series, first scrape", "{:.2f}"),
    "later_us_a_sample": ("CPU us a sample, later scrapes", "{:.3f}"),
    "rss_mb": ("RSS MB after the load", "{:.0f}"),
    "peak_rss_mb": ("peak RSS MB", "{:.0f}"),
    "rss_bytes_a_series": ("RSS bytes a series, without the idle process", "{:.0f}"),
    "disk_bytes_a_sample": ("disk bytes a sample after the stop", "{:.2f}"),
    "ready_s": ("ready after kill -9, s", "{:.2f}"),
    "series_found": ("series of the last scrape found then", "{:,.0f}"),
}


def medians(runs):
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def print_table(title, results):
    labels = list(results)
    print(f"\n{title:<46}" + "".join(f"{label:>28}" for label in labels))
    for key, (name, pattern) in FIGURES.items():
        cells = "".join(f"{pattern.format(results[label][key]):>28}" for label in labels)
        print(f"{name:<46}{cells}", flush=True)


def servers(arguments):
    chosen = {contestants.Tidegate: arguments.tidegate}
    if arguments.victoria_metrics:
        chosen[contestants.VictoriaMetrics] = arguments.victoria_metrics
    if arguments.prometheus:
        chosen[contestants.Prometheus] = arguments.prometheus
    for kind, binary in chosen.items():
        yield kind, binary, f"{kind.name} {contestants.version(kind, binary)}"


def run(arguments, name, folder):
    title, hosts, rounds, flags = WORKLOADS[name]
    end_ms = int(time.time() * 1000) - 60_000
    fleet = fleet_load.Fleet(
        arguments.fleet, f"{folder}/{name}", hosts, rounds, 15000, end_ms, None, flags=flags
    )
    results = {}
    for _ in range(arguments.repeats):
        for kind, binary, label in servers(arguments):
            with kind(binary, label) as server:
                one = measure_load(server, fleet, arguments.connections)
            with kind(binary, label) as server:
                one |= measure_kill(server, fleet, arguments.connections)
            results.setdefault(label, []).append(one)
    results = {label: medians(runs) for label, runs in results.items()}
    print_table(f"{name}: {title}", results)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tidegate", default="out/tidegate")
    parser.add_argument("--victoria-metrics", help="binary; not measured when absent")
    parser.add_argument("--prometheus", help="binary; not measured when absent")
    parser.add_argument("--fleet", default="out/fleet", help="the generator, //bench:fleet")
    parser.add_argument("--workloads", default=",".join(WORKLOADS), help="of: %(default)s")
    parser.add_argument("--connections", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--json", metavar="FILE", help="write all figures there")
    arguments = parser.parse_args()
    figures = {}
    with tempfile.TemporaryDirectory(prefix="bench-fleets-") as folder:
        for name in arguments.workloads.split(","):
            figures[name] = run(arguments, name, folder)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=2)


if __name__ == "__main__":
    main()
