#!/usr/bin/python3
"""Runs a file of range queries (one a line) over synthetic demo_* series on Prometheus and on
Tidegate, and lists where the answers differ.

    tests/differential/compliance.py FILE [--seed N]

Ends with 1 if something differs that is not in BY_DESIGN.
"""

import argparse
import collections
import random
import re
import sys

import both
import comparison
import peer
import series_data

# As the compliance suite does: ten minutes in steps of 10 s, that end 12 minutes before the data.
WINDOW_MS, STEP_MS, BEFORE_END_MS = 600_000, 10_000, 720_000

# (pattern, reference older than this release, reason): Tidegate follows Prometheus 3.14.
BY_DESIGN = [
    (r'label_(replace|join)\(.*"~invalid"', (3, 0), "any UTF-8 text is a label name since 3.0"),
]


def by_design(query, version):
    for pattern, since, reason in BY_DESIGN:
        if version < since and re.search(pattern, query):
            return reason
    return ""


def run(path, seed, out=sys.stdout):
    """Counts by verdict, and the (question, difference) pairs that have no excuse."""
    rng = random.Random(seed)
    # An odd millisecond: no scrape is at the edge of any window.
    end = series_data.END_MS - BEFORE_END_MS - 2 * rng.randrange(5000) - 1
    counts, failures = collections.Counter(), []
    with open(path, encoding="utf-8") as file:
        queries = [line.strip() for line in file if line.strip()]
    with both.Both(series_data.demo(seed)) as servers:
        for query in queries:
            question = comparison.Question(query, end - WINDOW_MS, end, STEP_MS)
            expected, got = servers.ask(question)
            words = comparison.difference(expected, got)
            if not words:
                counts["equal"] += 1
                counts["equal, an error"] += bool(expected.error)
                counts["equal, no series"] += not expected.error and not expected.values
            elif reason := by_design(query, peer.version()):
                counts[f"by design: {reason}"] += 1
            else:
                counts["different"] += 1
                failures.append((question, words))
                print(f"DIFFERENT {question}\n    {words}", file=out)
    return counts, failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    counts, failures = run(arguments.file, arguments.seed)
    print(f"seed {arguments.seed}, Prometheus {'.'.join(map(str, peer.version()))}")
    for verdict, count in counts.most_common():
        print(f"{count:6} {verdict}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
