#!/usr/bin/python3
"""Asks Prometheus and Tidegate random questions about the same samples.

    tests/differential/random_queries.py --count N [--seed S]

Ends with 1 if answers differ for a reason that is not in exclusions.py, or if more than 5 % are
excluded. Each difference is printed as found and as small as it can be made. SEED and the number of
a query repeat it: --seed S --only NUMBER.
"""

import argparse
import collections
import random
import sys

import both
import comparison
import exclusions
import grammar
import peer
import series_data

MOST_EXCLUDED = 0.05
MOST_SHRINK_STEPS = 300


def question(seed, number):
    """The question with that number, and its tree. The time is odd milliseconds."""
    rng = random.Random(f"{seed}/{number}")
    tree = grammar.Generator(rng, peer.version()).expression()
    at = series_data.END_MS + 600_000 - 2 * rng.randrange(4_800_000) - 1
    if rng.random() < 0.5:
        return comparison.Question(str(tree), at), tree
    step = rng.choice([1_000, 7_002, 15_000, 60_000, 60_000, 300_000])
    return comparison.Question(str(tree), at, at + step * rng.randrange(1, 30), step), tree


def differs(servers, asked):
    expected, got = servers.ask(asked)
    ordered = not asked.step_ms and asked.expression.startswith(("sort(", "sort_desc("))
    return comparison.difference(expected, got, ordered), expected, got


def shrink(servers, asked, tree):
    """A smaller query that differs too and has no excuse, after a bounded number of tries."""
    tries = 0
    while True:
        for smaller in tree.smaller():
            tries += 1
            if tries > MOST_SHRINK_STEPS:
                return asked
            candidate = asked.with_expression(str(smaller))
            words, expected, got = differs(servers, candidate)
            if words and not exclusions.reason(servers, candidate, smaller, expected, got):
                asked, tree = candidate, smaller
                break
        else:
            return asked


def run(count, seed, only=None, show_excluded=False, out=sys.stdout):
    """Counts by verdict, and the shrunk questions that have no excuse."""
    counts, failures = collections.Counter(), []
    with both.Both(series_data.node(seed)) as servers:
        for number in range(count) if only is None else [only]:
            asked, tree = question(seed, number)
            words, expected, got = differs(servers, asked)
            counts["asked"] += 1
            if not words:
                counts["equal"] += 1
                counts["equal, an error"] += bool(expected.error)
                counts["equal, no series"] += not expected.error and not expected.values
                continue
            if reason := exclusions.reason(servers, asked, tree, expected, got):
                counts["excluded"] += 1
                counts[f"excluded: {reason}"] += 1
                if show_excluded:
                    print(f"EXCLUDED {number}: {asked}\n    {words}\n    {reason}", file=out)
                continue
            counts["different"] += 1
            small = shrink(servers, asked, tree)
            failures.append(small)
            print(f"DIFFERENT {number}: {asked}\n    {words}", file=out)
            print(f"  as small as {small}\n    {differs(servers, small)[0]}", file=out, flush=True)
    return counts, failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    parser.add_argument("--only", type=int, help="the number of one query")
    parser.add_argument("--show-excluded", action="store_true")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}, Prometheus {'.'.join(map(str, peer.version()))}", flush=True)
    counts, failures = run(arguments.count, arguments.seed, arguments.only, arguments.show_excluded)
    for verdict, count in counts.most_common():
        print(f"{count:7} {verdict}")
    sys.exit(1 if failures or counts["excluded"] > MOST_EXCLUDED * counts["asked"] else 0)


if __name__ == "__main__":
    main()
