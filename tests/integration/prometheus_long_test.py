#!/usr/bin/python3
# tags: long
"""Two minutes of real scraping, all in one process and as four."""

import unittest

import prometheus_test


class RealPrometheusLong(prometheus_test.RealPrometheus):
    SECONDS = 120

    def test_four_processes(self):
        with prometheus_test.Cluster() as cluster:
            self.compare(cluster.gateway)


if __name__ == "__main__":
    unittest.main(argv=["prometheus_long", "RealPrometheusLong"])
