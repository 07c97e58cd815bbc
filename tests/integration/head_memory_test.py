#!/usr/bin/python3
"""A store that is away for hours: pushes are refused before the ingester's memory runs out, and go on
by themselves once it is back."""

import time
import unittest

from server import Refused
from services_test import Cluster, eventually

NOW = int(time.time() * 1000) // 1000 * 1000


class HeadMemory(unittest.TestCase):
    def test_the_bound_holds_while_the_store_is_away(self):
        with Cluster(ingester_flags=["--max_head_memory=8MB"]) as cluster:
            cluster.gateway.push([({"__name__": "m"}, [(NOW, 1.0)])])
            cluster.store.kill()
            refused, pushed = None, 0
            while refused is None and pushed < 400:
                try:
                    cluster.gateway.push(
                        [
                            (
                                {"__name__": "filler", "i": f"{pushed}-{i}", "pad": "x" * 80},
                                [(NOW, float(i))],
                            )
                            for i in range(1000)
                        ]
                    )
                    pushed += 1
                except Refused as error:
                    refused = error
                time.sleep(0.01)
            self.assertIsNotNone(refused, f"{pushed} pushes were taken")
            self.assertEqual(refused.status, 503)
            self.assertIn("Retry-After", refused.headers)
            self.assertIn(b"does not take cuts", refused.body)
            cluster.store.start()
            eventually(lambda: cluster.gateway.push([({"__name__": "m"}, [(NOW + 1000, 2.0)])]), 60)
            found = eventually(lambda: cluster.gateway.query("count(filler)", NOW / 1000))
            self.assertEqual(found[0]["value"][1], str(pushed * 1000))


if __name__ == "__main__":
    unittest.main()
