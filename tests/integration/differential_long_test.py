#!/usr/bin/python3
# tags: long
"""Random PromQL queries to Tidegate and Prometheus; and those of the file $COMPLIANCE_QUERIES."""

import os
import random
import sys
import unittest

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(FOLDER, "..", "differential"))

import compliance  # noqa: E402
import peer  # noqa: E402
import random_queries  # noqa: E402

QUERIES = 20_000


@unittest.skipUnless(peer.PROGRAM, "no prometheus here")
class Differential(unittest.TestCase):
    def test_random_queries(self):
        seed = int(os.environ.get("SEED", random.SystemRandom().randrange(1 << 31)))
        print(f"seed {seed}")
        counts, failures = random_queries.run(QUERIES, seed)
        print(dict(counts))
        self.assertEqual([str(one) for one in failures], [])
        self.assertLessEqual(counts["excluded"], random_queries.MOST_EXCLUDED * QUERIES)
        # Empty answers and errors are easily equal.
        empty = counts["equal, no series"] + counts["equal, an error"]
        self.assertGreater(counts["equal"] - empty, QUERIES / 2)

    @unittest.skipUnless("COMPLIANCE_QUERIES" in os.environ, "no file of queries is named")
    def test_compliance(self):
        counts, failures = compliance.run(os.environ["COMPLIANCE_QUERIES"], seed=1)
        print(dict(counts))
        self.assertEqual([str(question) for question, _ in failures], [])


if __name__ == "__main__":
    unittest.main()
