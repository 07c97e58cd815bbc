#!/usr/bin/python3
"""What the side-by-side run computes itself: parts of a load, questions, differences, the table."""

import types
import unittest

import contestants
import fleet_load
import queries
import side_by_side
import table


def fleet(hosts=2, rounds=240, bodies=()):
    """A fleet without its generator."""
    made = fleet_load.Fleet.__new__(fleet_load.Fleet)
    made.hosts, made.rounds, made.step_ms = hosts, rounds, 15000
    made.start_ms = 1700000000000
    made.end_ms = made.start_ms + rounds * made.step_ms
    made.series, made.samples = hosts * 100, hosts * rounds * 100
    made.bodies, made.bodies_per_round = list(bodies), len(bodies) // rounds
    return made


def vector(*series):
    return {"result": [{"metric": metric, "values": points} for metric, points in series]}


class Parts(unittest.TestCase):
    def test_a_series_stays_on_its_connection(self):
        bodies = [f"{part}/{r}" for r in range(10) for part in "abcde"]
        parts = fleet(rounds=10, bodies=bodies).parts(2)
        self.assertEqual(sorted(sum(parts, [])), sorted(bodies))
        for name in "abcde":
            owners = [p for p in parts if any(body.startswith(name) for body in p)]
            self.assertEqual(len(owners), 1)
            own = [body for body in owners[0] if body.startswith(name)]
            self.assertEqual(own, [f"{name}/{r}" for r in range(10)])

    def test_no_more_connections_than_bodies_in_a_round(self):
        self.assertEqual(len(fleet(rounds=2, bodies="abababab").parts(9)), 4)


class Questions(unittest.TestCase):
    def test_times_are_odd_and_steps_even_so_that_no_sample_is_on_an_edge(self):
        for _, _, parameters in queries.requests(fleet()):
            for name, value in parameters.items():
                if name != "query":
                    milliseconds = round(float(value) * 1000)
                    self.assertEqual(milliseconds % 2, 0 if name == "step" else 1, name)

    def test_ranges_lie_within_the_data(self):
        made = fleet()
        for _, path, parameters in queries.requests(made):
            if path.endswith("query_range"):
                self.assertGreaterEqual(float(parameters["start"]) * 1000, made.start_ms - 1)
                self.assertLess(float(parameters["end"]) * 1000, made.end_ms)

    def test_there_are_ten(self):
        self.assertEqual(len(set(queries.TITLES)), 20)


class Differences(unittest.TestCase):
    def test_equal_within_the_last_digits_and_in_any_order(self):
        ours = vector(({"a": "1"}, [[1, "0.1"], [2, "NaN"]]), ({"a": "2"}, [[1, "+Inf"]]))
        theirs = vector(
            ({"a": "2"}, [[1, "+Inf"]]), ({"a": "1"}, [[1, "0.10000000000000002"], [2, "NaN"]])
        )
        self.assertIsNone(queries.difference(ours, theirs))

    def test_each_kind_of_difference_is_named(self):
        base = vector(({"a": "1"}, [[1, "1"], [2, "2"]]))
        for other, text in (
            (vector(({"a": "1"}, [[1, "1"], [2, "2.00000001"]])), "instead of"),
            (vector(({"a": "1"}, [[1, "1"], [2, "NaN"]])), "instead of"),
            (vector(({"a": "1"}, [[1, "1"]])), "timestamps"),
            (vector(({"a": "2"}, [[1, "1"], [2, "2"]])), "labels"),
            (vector(), "0 series"),
        ):
            self.assertIn(text, queries.difference(other, base))

    def test_instant_answers_and_lists(self):
        one = {"result": [{"metric": {}, "value": [1, "3"]}]}
        other = {"result": [{"metric": {}, "value": [1, "4"]}]}
        self.assertIsNone(queries.difference(one, one))
        self.assertIn("instead of", queries.difference(one, other))
        self.assertIsNone(queries.difference(["a"], ["a"]))
        self.assertTrue(queries.difference(["a"], ["b"]))

    def test_an_answer_that_changes_between_states_is_found(self):
        good, bad = vector(({}, [[1, "1"]])), vector(({}, [[1, "2"]]))
        state = {title: {"answer": good} for title in queries.TITLES}
        broken = {**state, queries.TITLES[3]: {"answer": bad}}
        results = {
            "t": {"kind": "tidegate", "repeats": [{"fresh": state, "restarted": broken}]},
            "p": {"kind": "prometheus", "repeats": [{"fresh": state, "restarted": state}]},
        }
        found = side_by_side.compare_answers(results)
        self.assertEqual(len(found), 1)
        self.assertIn(f"{queries.TITLES[3]} (restarted)", found[0])
        del results["p"]
        self.assertIsNone(side_by_side.compare_answers(results))


def measured(cpu):
    cost = {"cpu_ms": 1.0, "wall_ms": 2.0}
    state = {title: {"first": cost, "later": cost} for title in queries.TITLES}
    load = {"wall_s": 1.0, "ack_p50_ms": 1.0, "ack_p99_ms": 2.0}
    return {
        "load": {**load, "cpu_s": cpu, "cpu_quiet_s": cpu + 1, "cpu_sealed_s": cpu + 2},
        **{key: 1e6 for key in ("rss_bytes", "peak_rss_bytes", "data_bytes", "aside_bytes")},
        **{key: 0 for key in ("missing", "missing_restarted", "stop_s", "start_s")},
        "fresh": state,
        "restarted": state,
    }


class Table(unittest.TestCase):
    def test_rows_are_medians(self):
        result = {"kind": "tidegate", "repeats": [measured(c) for c in (0.5, 1, 30)]}
        result["crash"] = {"restart_s": 0.25, "missing": 7}
        made = fleet(rounds=1, bodies=[b"x"])
        options = types.SimpleNamespace(hosts=2, rounds=240, step=15, connections=1, repeats=3)
        made.samples = 1000000
        lines = list(table.render(options, made, {"ours": result}, ["it differs"]))
        load = next(line for line in lines if line.startswith("samples per CPU s"))
        self.assertEqual(load.split()[-2:], ["1,000", "k"])
        self.assertTrue(any("samples missing" in l and l.endswith(" 7") for l in lines))
        self.assertEqual(lines[-1], "answers DIFFER: it differs")

    def test_percentile(self):
        self.assertEqual(side_by_side.percentile(list(range(100)), 0.99), 99)
        self.assertEqual(side_by_side.percentile([3, 1, 2], 0.5), 2)


class Process(unittest.TestCase):
    def test_cpu_clock_and_memory_of_another_process(self):
        class Busy(contestants.Contestant):
            name = "busy"

            def command(self):
                return ["/usr/bin/python3", "-c", "while True: pass"]

            def wait_ready(self, seconds=60):
                pass

        with Busy("python3", "busy") as server:
            before = server.cpu_seconds()
            while server.cpu_seconds() < before + 0.05:
                pass
            now, peak = server.memory_bytes()
            self.assertTrue(0 < now <= peak)
            self.assertGreater(server.cpu_seconds(), before)


if __name__ == "__main__":
    unittest.main()
