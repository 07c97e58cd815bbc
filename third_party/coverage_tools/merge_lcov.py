#!/usr/bin/python3
"""Merges what gcov (JSON, from gcc) and lcov (.dat) left behind into one lcov file."""

import collections
import gzip
import json
import os
import sys


def add_gcov_json(path, hits):
    with gzip.open(path) as report:
        for source in json.load(report)["files"]:
            if source["file"].startswith("/"):
                continue  # a system header
            for line in source["lines"]:
                hits[source["file"]][line["line_number"]] += line["count"]


def add_lcov(path, hits):
    source = None
    with open(path) as report:
        for line in map(str.strip, report):
            if line.startswith("SF:"):
                source = line[3:]
            elif line.startswith("DA:") and source:
                number, count = line[3:].split(",")[:2]
                hits[source][int(number)] += int(count)


def collect(root, output):
    hits = collections.defaultdict(lambda: collections.defaultdict(int))
    for folder, _, names in os.walk(root):
        for path in (os.path.join(folder, name) for name in names):
            if path.endswith(".gcov.json.gz"):
                add_gcov_json(path, hits)
            elif path.endswith(".dat") and os.path.abspath(path) != os.path.abspath(output):
                add_lcov(path, hits)
    return hits


def write_lcov(hits, output):
    with open(output, "w") as out:
        for source in sorted(hits):
            lines = hits[source]
            out.write("SF:%s\n" % source)
            for number in sorted(lines):
                out.write("DA:%d,%d\n" % (number, lines[number]))
            covered = sum(1 for count in lines.values() if count)
            out.write("LH:%d\nLF:%d\nend_of_record\n" % (covered, len(lines)))


def main(argv):
    options = dict(a[2:].split("=", 1) for a in argv if a.startswith("--") and "=" in a)
    output = options["output_file"]
    write_lcov(collect(options["coverage_dir"], output), output)


if __name__ == "__main__":
    main(sys.argv[1:])
