#!/usr/bin/python3
"""docs/getting-started.md, followed as a reader would: its commands are run as they stand there."""

import json
import os
import re
import signal
import subprocess
import tempfile
import time
import unittest

from peers import free_port
from server import BINARY

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
PAGE = os.path.join(ROOT, "docs", "getting-started.md")


def commands():
    with open(PAGE, encoding="utf-8") as file:
        return re.findall(r"^```sh\n(.*?)^```$", file.read(), re.M | re.S)


class GettingStarted(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tidegate-reader-")
        self.addCleanup(self.folder.cleanup)
        os.mkdir(os.path.join(self.folder.name, "out"))
        os.symlink(os.path.abspath(BINARY), os.path.join(self.folder.name, "out", "tidegate"))
        self.addCleanup(self.kill)

    def path(self, name):
        return os.path.join(self.folder.name, "try", name)

    def kill(self):
        if os.path.exists(self.path("tidegate.pid")):
            with open(self.path("tidegate.pid"), encoding="utf-8") as file:
                try:
                    os.kill(int(file.read()), signal.SIGKILL)
                except ProcessLookupError:
                    pass

    def test_from_nothing_to_a_graph(self):
        # The page's ports may be taken here; nothing else is changed.
        port, rpc = free_port(), free_port()
        script = "\n".join(commands()).replace("9009", str(port))
        script = script.replace("--storage_dir", f"--http_address=127.0.0.1:{port} --grpc_address=127.0.0.1:{rpc} --storage_dir")
        begun = time.monotonic()
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=self.folder.name,
                              capture_output=True, text=True, timeout=240)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertLess(time.monotonic() - begun, 240)
        self.assertIn('"job":"tidegate"},"value":[', done.stdout)
        self.assertIn("no damage found", done.stdout)
        with open(self.path("graph.json"), encoding="utf-8") as file:
            series = json.load(file)["data"]["result"]
        self.assertTrue(any(len(s["values"]) > 1 and float(s["values"][-1][1]) > 0 for s in series), series)
        with open(self.path("logs.json"), encoding="utf-8") as file:
            (stream,) = json.load(file)["data"]["result"]
        self.assertEqual(stream["stream"]["order"], "17")

    def test_the_page_has_what_the_test_runs(self):
        self.assertGreaterEqual(len(commands()), 6)


if __name__ == "__main__":
    unittest.main()
