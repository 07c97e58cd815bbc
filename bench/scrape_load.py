#!/usr/bin/python3
"""What scraping costs: Tidegate (or Prometheus) on a simulated fleet, CPU and memory of the process.

    bazel build -c opt //bench:scrape_targets //:tidegate
    bench/scrape_load.py --tidegate out/tidegate --simulator bazel-bin/bench/scrape_targets
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
import urllib.request


def cpu_seconds(pid):
    fields = open(f"/proc/{pid}/stat", encoding="ascii").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_mib(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def threads(pid):
    """CPU seconds by the name of the thread's first function is not known; by thread id."""
    times = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        text = open(f"/proc/{pid}/task/{task}/stat", encoding="ascii").read()
        fields = text.rsplit(")", 1)[1].split()
        times[task] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return times


def ask(port, query):
    url = f"http://127.0.0.1:{port}/api/v1/query?query={urllib.request.quote(query)}"
    with urllib.request.urlopen(url) as answer:
        result = json.load(answer)["data"]["result"]
    return float(result[0]["value"][1]) if result else 0


def start(arguments, folder, targets_port):
    """The process and its HTTP port."""
    addresses = [
        f"127.1.{i // 250}.{i % 250 + 1}:{targets_port}" for i in range(arguments.targets)
    ]
    config = {
        "global": {"scrape_interval": f"{arguments.interval}s"},
        "scrape_configs": [{"job_name": "fleet", "static_configs": [{"targets": addresses}]}],
    }
    path = os.path.join(folder, "prometheus.yml")
    with open(path, "w", encoding="ascii") as file:
        json.dump(config, file)
    if arguments.prometheus:
        command = [arguments.prometheus, f"--config.file={path}", f"--storage.tsdb.path={folder}/data",
                   "--web.listen-address=127.0.0.1:19119", "--log.level=error"]
        return subprocess.Popen(command), 19119
    own = os.path.join(folder, "tidegate.yml")
    with open(own, "w", encoding="ascii") as file:
        file.write("scrape_config_files: [{file: prometheus.yml}]\n")
    command = [arguments.tidegate, "--http_address=127.0.0.1:0", "--grpc_address=127.0.0.1:0",
               f"--storage_dir={folder}/data", f"--config={own}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    return process, int(line.split("HTTP on ")[1].split(",")[0].rsplit(":", 1)[1])


def measure(arguments, folder):
    simulator = subprocess.Popen([arguments.simulator, str(arguments.series)],
                                 stdout=subprocess.PIPE, text=True)
    try:
        said = json.loads(simulator.stdout.readline())
        process, port = start(arguments, folder, said["port"])
        try:
            time.sleep(arguments.warm_up)
            before, by_thread, began = cpu_seconds(process.pid), threads(process.pid), time.monotonic()
            time.sleep(arguments.seconds)
            elapsed = time.monotonic() - began
            used = cpu_seconds(process.pid) - before
            per_thread = {t: round((s - by_thread.get(t, 0)) / elapsed * 100, 1)
                          for t, s in threads(process.pid).items()}
            return {
                "targets": arguments.targets,
                "series_each": arguments.series,
                "body_bytes": said["bytes"],
                "cpu_percent_of_a_core": round(used / elapsed * 100, 1),
                "rss_mib": round(rss_mib(process.pid)),
                "up": ask(port, "sum(up)"),
                "samples_per_second": round(ask(port, "sum(scrape_samples_scraped)") / arguments.interval),
                "slowest_scrape_s": ask(port, "max(scrape_duration_seconds)"),
                "threads_percent": sorted((p for p in per_thread.values() if p > 0.2), reverse=True),
            }
        finally:
            process.kill()
            process.wait()
    finally:
        simulator.kill()
        simulator.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tidegate", default="out/tidegate")
    parser.add_argument("--prometheus", help="measure this Prometheus instead")
    parser.add_argument("--simulator", required=True)
    parser.add_argument("--targets", type=int, default=5000)
    parser.add_argument("--series", type=int, default=500)
    parser.add_argument("--interval", type=int, default=15)
    parser.add_argument("--warm_up", type=int, default=35)
    parser.add_argument("--seconds", type=int, default=45)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tidegate-scrape-") as folder:
        print(json.dumps(measure(arguments, folder), indent=1))


if __name__ == "__main__":
    main()
