#!/usr/bin/python3
# tags: waits
"""The page in the browser: types, unit tests, and every page in chromium over a real server. Skipped
where there is no chromium, or npm could not install what web/package-lock.json names."""

import json
import os
import re
import shutil
import subprocess
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
WEB = os.path.join(ROOT, "web")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SERVER = os.path.realpath(os.environ.get("TIDEGATE", os.path.join(ROOT, "out", "tidegate")))

HAS_TOOLS = os.path.exists(os.path.join(WEB, "node_modules", "playwright-core"))
HAS_PAGE = os.path.exists(os.path.join(WEB, "dist", "index.html"))


def run(test, *command):
    """All of what it printed when it fails."""
    done = subprocess.run(command, cwd=WEB, capture_output=True, text=True, check=False,
                          env=dict(os.environ, TIDEGATE=SERVER))
    test.assertEqual(done.returncode, 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


class LockFile(unittest.TestCase):
    def test_it_names_versions_and_checksums_but_no_addresses(self):
        with open(os.path.join(WEB, "package-lock.json"), encoding="utf-8") as file:
            text = file.read()
        self.assertNotIn('"resolved"', text)
        packages = json.loads(text)["packages"]
        self.assertGreater(len(packages), 50)
        for name, package in packages.items():
            if name:
                self.assertRegex(package["integrity"], "^sha512-", name)

    def test_versions_are_exact(self):
        with open(os.path.join(WEB, "package.json"), encoding="utf-8") as file:
            package = json.load(file)
        for name, version in {**package["dependencies"], **package["devDependencies"]}.items():
            self.assertIsNotNone(re.fullmatch(r"\d+\.\d+\.\d+", version), f"{name} {version}")


@unittest.skipUnless(shutil.which("npm") and HAS_TOOLS, "npm could not install the tools of web/")
class Sources(unittest.TestCase):
    def test_types(self):
        run(self, "npm", "run", "--silent", "check")

    def test_units(self):
        run(self, "npm", "test", "--silent")


@unittest.skipUnless(HAS_TOOLS, "npm could not install the tools of web/")
@unittest.skipUnless(HAS_PAGE, "the server was built without its page")
@unittest.skipUnless(os.path.exists(CHROMIUM), "no chromium")
class InABrowser(unittest.TestCase):
    def test_every_page(self):
        run(self, "npm", "run", "--silent", "browser")


if __name__ == "__main__":
    unittest.main(verbosity=2)
