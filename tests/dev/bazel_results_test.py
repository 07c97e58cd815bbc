#!/usr/bin/python3
"""./dev test must not call passed what did not pass."""

import contextlib
import io
import json
import os
import tempfile
import unittest

import bazel_results


def summary(label, status):
    return {"id": {"testSummary": {"label": label}}, "testSummary": {"overallStatus": status}}


class Results(unittest.TestCase):
    def results(self, expected, events):
        """What is printed; events is None when Bazel left no file."""
        with tempfile.TemporaryDirectory() as folder:
            expected_path = os.path.join(folder, "expected")
            events_path = os.path.join(folder, "events")
            with open(expected_path, "w") as out:
                out.write("\n".join(expected))
            if events is not None:
                with open(events_path, "w") as out:
                    out.writelines(json.dumps(event) + "\n" for event in events)
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                bazel_results.main(expected_path, events_path)
            return printed.getvalue().splitlines()

    def test_only_passed_is_passed(self):
        statuses = ("PASSED", "FAILED", "TIMEOUT", "FLAKY", "NO_STATUS", "FAILED_TO_BUILD")
        labels = [f"//a:{status}" for status in statuses]
        printed = self.results(labels, [summary(f"//a:{s}", s) for s in statuses])
        self.assertEqual(printed, ["PASSED //a:PASSED"] + [f"FAILED {l}" for l in labels[1:]])

    def test_a_test_without_a_summary_has_failed(self):
        self.assertEqual(self.results(["//a:b"], [{"id": {"started": {}}}]), ["FAILED //a:b"])

    def test_without_events_all_have_failed(self):
        self.assertEqual(self.results(["//a:b", "//a:c"], None), ["FAILED //a:b", "FAILED //a:c"])

    def test_nothing_expected_is_nothing_printed(self):
        self.assertEqual(self.results([], [summary("//a:b", "PASSED")]), [])


if __name__ == "__main__":
    unittest.main()
