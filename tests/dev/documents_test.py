#!/usr/bin/python3
"""The documents name what the code has: every flag, metric, endpoint and limit, and none that is gone.

Both sides are read as text, so no build is needed."""

import os
import re
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
SOURCES = ("api", "control", "ingest", "model", "query", "storage")


def read(*parts):
    with open(os.path.join(ROOT, *parts), encoding="utf-8") as file:
        return file.read()


def section(text, heading):
    """What stands below a heading, down to the next one of its level."""
    level = heading.split()[0]
    return re.split(rf"^{level} ", text.split(heading + "\n", 1)[1], maxsplit=1, flags=re.M)[0]


def product_code():
    for top in SOURCES:
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            for name in names:
                if name.endswith(".cc") and not name.endswith("_test.cc"):
                    yield read(folder, name)


class Documents(unittest.TestCase):
    def test_flags(self):
        code = set(re.findall(r"^ABSL_FLAG\([^,]+,\s*(\w+)", read("tidegate_main.cc"), re.M))
        table = section(read("docs", "operations.md"), "## Flags")
        named = set(re.findall(r"`--(\w+)`", "".join(l for l in table.splitlines() if l[:1] == "|")))
        self.assertGreater(len(code), 10)
        self.assertEqual(named, code)

    def test_metrics(self):
        code = {name for text in product_code() for name in re.findall(r'"(tidegate_\w+)"', text)}
        table = section(read("docs", "operations.md"), "## Own metrics")
        rows = [line.split("|")[1] for line in table.splitlines() if line[:1] == "|"]
        named = set(re.findall(r"`(tidegate_\w+)`", "".join(rows)))
        self.assertGreater(len(code), 10)
        self.assertEqual(named, code)

    def test_reasons_of_refusals(self):
        code = re.findall(r'return "(\w+)"', read("ingest", "admit", "reject_reason.cc"))
        text = section(read("docs", "operations.md"), "## Own metrics")
        for reason in set(code) - {"unknown"}:
            self.assertIn(f"`{reason}`", text)

    def test_endpoints(self):
        routes = read("api", "prometheus", "routes.cc")
        paths = re.findall(r'\{"([\w/:]+)", Methods::', routes)
        self.assertGreater(len(paths), 8)
        text = read("docs", "api.md")
        for path in paths:
            shown = path.replace(":name", "NAME")
            self.assertTrue(f"/api/v1/{shown}`" in text or f"`{path}`" in text, path)
        loki = re.findall(r'\{"(/[\w/:-]+)", ', read("api", "loki", "routes.cc"))
        self.assertGreater(len(loki), 10)
        for path in loki:
            self.assertIn(f"`{path.replace(':name', 'NAME')}`", text)
        for text_of in product_code():
            for path in re.findall(r'pattern = "(/[^"]*)"', text_of):
                self.assertIn(path, text)

    def test_limits(self):
        code = set(re.findall(r'\{"(\w+)", &(?:Tenant|Log|Control)Limits::', read("model", "config", "limits_yaml.cc")))
        example = read("deploy", "tidegate.example.yaml").split("\ntenants:")[0]
        named = set(re.findall(r"^  (\w+):", example, re.M))
        self.assertGreater(len(code), 5)
        self.assertEqual(named, code)

    def test_every_folder_says_what_it_is(self):
        tops = [t for t in os.listdir(ROOT) if os.path.exists(os.path.join(ROOT, t, "BUILD.bazel"))]
        self.assertIn("storage", tops)
        for top in tops + ["tests", "docs", "deploy"]:
            self.assertTrue(os.path.exists(os.path.join(ROOT, top, "README.md")), top)


if __name__ == "__main__":
    unittest.main()
