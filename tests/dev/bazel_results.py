#!/usr/bin/python3
"""bazel_results.py EXPECTED EVENTS: one line per expected test, PASSED or FAILED.

EXPECTED lists test labels; EVENTS is Bazel's build event file (JSON lines). A test that Bazel does
not report as passed, for whatever reason (not built, no status, no event file), has failed.
"""

import json
import sys


def passed_labels(path):
    """Labels whose test summary is PASSED; runs, shards and retries are already summed up there."""
    passed = set()
    try:
        with open(path) as events:
            for line in events:
                event = json.loads(line)
                label = event["id"].get("testSummary", {}).get("label")
                if label and event.get("testSummary", {}).get("overallStatus") == "PASSED":
                    passed.add(label)
    except FileNotFoundError:
        pass
    return passed


def main(expected_path, events_path):
    passed = passed_labels(events_path)
    with open(expected_path) as expected:
        for label in expected.read().split():
            print("PASSED" if label in passed else "FAILED", label)


if __name__ == "__main__":
    main(*sys.argv[1:])
