#!/usr/bin/python3
"""kill -9 under load: whatever was acknowledged is there after the restart, exactly once.

A short form for every change: one kill at each fail point and a few at random moments.
crash_long_test.py does the full series.
"""

import os
import random
import sys
import time
import unittest

from crash import Load
from server import Server

FAIL_POINTS = [
    "cut.frozen",
    "cut.sealed",
    "store.before_ingest",
    "store.ingested",
    "store.committed",
    "log.before_trim",
    "log.trimming",
    "merge.before_ingest",
    "merge.ingested",
    "merge.committed",
]
FLAGS = ["--head_cut_interval=1s", "--maintenance_interval=1s", "--log_level=warning"]


def start_ms():
    """Ninety minutes ago: the load stays in the past, and may cross a partition's border."""
    return int(time.time()) * 1000 - 90 * 60 * 1000


def kill_at_fail_point(test, server, load, point, hit):
    """Runs under load until the point kills the process; False if it was not reached in time."""
    try:
        server.start(extra=[f"--fail_point={point}:{hit}"])
        load.start()
        status = server.wait(seconds=40)
    except (RuntimeError, OSError):  # Reached while it was starting: a start trims, too.
        status = server.wait(seconds=40)
    finally:
        server.kill()
        load.stop()
    test.assertEqual(status, -9, f"{point}: ended with {status}\n{server.log_text()}")
    server.start()
    load.verify()
    server.kill()


def kill_at_random(server, load, dice):
    server.start()
    load.start()
    time.sleep(dice.uniform(0.3, 2.5))
    server.kill()
    load.stop()
    server.start()
    load.verify()
    server.kill()


class Crash(unittest.TestCase):
    def run_series(self, random_kills, rounds):
        seed = int(os.environ.get("SEED", random.randrange(1 << 30)))
        print(f"SEED={seed}", file=sys.stderr)
        dice = random.Random(seed)
        with Server(flags=FLAGS) as server:
            server.kill()
            load = Load(server, start_ms())
            for round_number in range(rounds):
                for point in FAIL_POINTS:
                    with self.subTest(point=point, round=round_number):
                        # A segment is trimmed once per start at this load.
                        most = 1 if point == "log.trimming" else 1 + round_number
                        hit = dice.randint(1, most)
                        kill_at_fail_point(self, server, load, point, hit)
            for number in range(random_kills):
                with self.subTest(random_kill=number):
                    kill_at_random(server, load, dice)
            print(
                f"{load.total_acknowledged()} samples and {load.total_acknowledged_lines()} lines"
                " acknowledged, none lost or doubled",
                file=sys.stderr,
            )
            self.assertGreater(load.total_acknowledged(), 1000)
            self.assertGreater(load.total_acknowledged_lines(), 1000)
            # Nothing is damaged, and a clean stop leaves everything in place, too.
            server.start()
            self.assertEqual(server.terminate(), 0)
            server.start()
            load.verify()

    def test_short_series(self):
        self.run_series(random_kills=4, rounds=1)


if __name__ == "__main__":
    unittest.main()
