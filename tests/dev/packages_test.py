#!/usr/bin/python3
"""What ./dev would install, seen through an apt-get and a dpkg-query that only pretend."""

import os
import re
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIST = os.path.join(ROOT, "third_party", "debian-packages.txt")

# Writes what it is asked for and fails, so that ./dev stops there.
APT_GET = '#!/bin/sh\necho "$@" >>"$ASKED"\nexit 1\n'


def groups():
    """Group -> {package: minimum version}, read independently of ./dev."""
    found, group = {}, None
    with open(LIST) as lines:
        for line in lines:
            if line.startswith("["):
                group = found.setdefault(line.strip("[]\n"), {})
            elif line.strip() and not line.startswith("#"):
                name, minimum = line.split()
                group[name] = minimum
    return found


class Packages(unittest.TestCase):
    def wanted(self, *arguments, installed="exit 1"):
        """Package names that `./dev arguments` asks apt-get, or without root the user, for."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("apt-get", APT_GET), ("dpkg-query", f"#!/bin/sh\n{installed}\n")):
                path = os.path.join(folder, name)
                with open(path, "w") as script:
                    script.write(text)
                os.chmod(path, 0o755)
            asked = os.path.join(folder, "asked")
            environment = dict(os.environ, PATH=f"{folder}:{os.environ['PATH']}", ASKED=asked)
            run = subprocess.run([os.path.join(ROOT, "dev"), *arguments], env=environment,
                                 capture_output=True, text=True, check=False)
            self.assertEqual(run.returncode, 1, run.stderr)
            text = run.stderr
            if os.path.exists(asked):
                with open(asked) as lines:
                    text += lines.read()
        return {word for line in text.splitlines() if "install --no-install-recommends" in line
                for word in line.split("--no-install-recommends")[1].split()}

    def test_run_needs_the_build_group_and_nothing_else(self):
        self.assertEqual(self.wanted("run"), set(groups()["build"]))

    def test_test_adds_its_peers(self):
        self.assertEqual(self.wanted("test"), set(groups()["build"]) | set(groups()["test"]))

    def test_clang_adds_the_compiler(self):
        wanted = self.wanted("build", "--config", "clang")
        self.assertEqual(wanted, set(groups()["build"]) | set(groups()["clang"]))

    def test_fmt_needs_no_compiler(self):
        self.assertEqual(self.wanted("fmt", "--check"), set(groups()["fmt"]))

    def test_an_old_version_is_as_good_as_none(self):
        wanted = self.wanted("run", installed="echo installed 0.0.1")
        self.assertEqual(wanted, set(groups()["build"]))

    def test_a_removed_package_is_missing(self):
        wanted = self.wanted("run", installed="echo config-files 999:1")
        self.assertEqual(wanted, set(groups()["build"]))

    def test_every_subcommand_is_listed(self):
        listed = subprocess.run([os.path.join(ROOT, "dev")], capture_output=True, text=True,
                                check=True).stdout
        self.assertEqual(set(re.findall(r"^  ([a-z]+)", listed, re.MULTILINE)),
                         {"run", "test", "build", "bench", "conformance", "fmt", "lint", "image"})


if __name__ == "__main__":
    unittest.main()
