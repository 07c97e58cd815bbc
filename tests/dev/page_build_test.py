#!/usr/bin/python3
"""When ./dev builds the page, seen through a bazel, npm and dpkg-query that only pretend."""

import os
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

DPKG_QUERY = '#!/bin/sh\ncase "$*" in *Package*) echo a 1;; *) echo installed 999:1;; esac\n'
BAZEL = """#!/bin/sh
case "$*" in
  *query*) echo //:tidegate ;;
  *info*) echo "$FAKES/bin" ;;
esac
"""
NODE = "#!/bin/sh\nexit 0\n"
# `npm ci` and `npm run`; each is noted, and fails where its name is in $FAIL.
NPM = """#!/bin/sh
echo "$1 $3" | sed 's/--.*//' >>"$FAKES/asked"
case " $FAIL " in *" $1 "* | *" $3 "*) exit 1 ;; esac
case "$1 $3" in
  ci*) mkdir -p node_modules ;;
  "run build") rm -rf dist && mkdir -p dist/assets && cp src/main.tsx dist/index.html ;;
esac
"""


class PageBuild(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tidegate-page-")
        self.addCleanup(folder.cleanup)
        self.fakes = folder.name
        os.makedirs(self.path("bin"))
        for name, text in (("bazel", BAZEL), ("npm", NPM), ("node", NODE), ("dpkg-query", DPKG_QUERY), ("bin/tidegate", "")):
            self.write(self.path(name), text)
            os.chmod(self.path(name), 0o755)
        self.write(self.path("asked"), "")
        self.clone = self.clone_into("clone")

    def path(self, *names):
        return os.path.join(self.fakes, *names)

    @staticmethod
    def write(path, text):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def clone_into(self, name):
        clone = self.path(name)
        for file in ("dev", "third_party/debian-packages.txt"):
            os.makedirs(os.path.dirname(os.path.join(clone, file)), exist_ok=True)
            shutil.copy(os.path.join(ROOT, file), os.path.join(clone, file))
        for file, text in (("package-lock.json", "{}"), ("src/main.tsx", "one"), ("README.md", "")):
            self.write(os.path.join(clone, "web", file), text)
        return clone

    def build(self, clone=None, fail="", status=0):
        """What npm was asked, and what ./dev said."""
        self.write(self.path("asked"), "")
        environment = dict(os.environ, PATH=f"{self.fakes}:{os.environ['PATH']}", FAKES=self.fakes, FAIL=fail,
                           TIDEGATE_CACHE=self.path("cache"))
        run = subprocess.run([os.path.join(clone or self.clone, "dev"), "build"], env=environment,
                             capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, status, run.stderr)
        with open(self.path("asked"), encoding="utf-8") as file:
            return [line.strip() for line in file], run.stderr

    def dist(self, clone=None):
        with open(os.path.join(clone or self.clone, "web", "dist", "index.html"), encoding="utf-8") as file:
            return file.read()

    def test_it_is_built_once(self):
        self.assertEqual(self.build()[0], ["ci", "run check", "run build"])
        self.assertEqual(self.dist(), "one")
        self.assertEqual(self.build()[0], [])

    def test_another_clone_takes_what_the_first_has_built(self):
        self.build()
        other = self.clone_into("other")
        self.assertEqual(self.build(other)[0], [])
        self.assertEqual(self.dist(other), "one")

    def test_a_changed_source_is_built_and_a_changed_text_is_not(self):
        self.build()
        self.write(os.path.join(self.clone, "web", "README.md"), "changed")
        self.write(os.path.join(self.clone, "web", "src", "main.test.ts"), "new")
        self.assertEqual(self.build()[0], [])
        self.write(os.path.join(self.clone, "web", "src", "main.tsx"), "two")
        self.assertEqual(self.build()[0], ["run check", "run build"])
        self.assertEqual(self.dist(), "two")

    def test_another_lock_file_is_installed(self):
        self.build()
        self.write(os.path.join(self.clone, "web", "package-lock.json"), "{ }")
        self.assertEqual(self.build()[0][0], "ci")

    def test_without_npm_the_server_has_no_page_and_it_is_said(self):
        self.build()
        self.write(os.path.join(self.clone, "web", "src", "main.tsx"), "two")
        shutil.rmtree(os.path.join(self.clone, "web", "node_modules"))
        said = self.build(fail="ci")[1]
        self.assertIn("WITHOUT ITS PAGE", said)
        self.assertIn("NO PAGE in the browser", said)
        self.assertFalse(os.path.exists(os.path.join(self.clone, "web", "dist")), "an old page would be a lie")

    def test_mistakes_in_the_page_are_mistakes(self):
        for step in ("check", "build"):
            self.assertIn("the page (web/) cannot be built", self.build(fail=step, status=1)[1])


if __name__ == "__main__":
    unittest.main()
