#!/usr/bin/python3
# tags: long
"""The full kill -9 series: 20 kills inside cut, ingest, commit, trim and merge, 30 at random."""

import unittest

import crash_test


class CrashLong(crash_test.Crash):
    def test_short_series(self):
        self.run_series(random_kills=30, rounds=2)


if __name__ == "__main__":
    unittest.main(argv=["crash_long", "CrashLong"])
