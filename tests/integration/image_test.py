#!/usr/bin/python3
"""The image of `./dev image`: the same twice, small, and at work as nobody on a read-only root."""

import gzip
import hashlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest
import urllib.parse

import remote_write
import server

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
NOBODY = 65532
MAX_BYTES = 60e6


def build(folder, name):
    layout = os.path.join(folder, name)
    subprocess.run([os.path.join(ROOT, "deploy", "image.sh"), server.BINARY, layout, "test"],
                   check=True, capture_output=True, cwd=ROOT)
    return layout


def blob(layout, descriptor):
    algorithm, digest = descriptor["digest"].split(":")
    with open(os.path.join(layout, "blobs", algorithm, digest), "rb") as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != digest:
        raise AssertionError(f"{descriptor} is not what it says")
    return content


def manifest(layout):
    with open(os.path.join(layout, "index.json"), encoding="utf-8") as file:
        (only,) = json.load(file)["manifests"]
    return only["digest"], json.loads(blob(layout, only))


class Container:
    """A process in the image's root, which is read-only, with its own folder at /data."""

    def __init__(self, root, data, command):
        # A mount namespace of its own: nothing has to be unmounted afterwards.
        script = ('set -e; mount --make-rprivate /; mount --bind "$1" "$1"; mount --bind "$2" "$1/data"; '
                  'mount -o remount,bind,ro "$1"; shift 2; '
                  f'exec chroot --userspec={NOBODY}:{NOBODY} "$@"')
        self.begun = time.monotonic()
        self.process = subprocess.Popen(["unshare", "--mount", "sh", "-c", script, "sh", root, data, root, *command],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={})

    def port(self):
        """Of the line that says that it serves."""
        for line in self.process.stdout:
            if "HTTP on" in line:
                return int(line.split("HTTP on ")[1].split(",")[0].split(":")[1])
        raise AssertionError("it did not start")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        rest, _ = self.process.communicate(timeout=30)
        return self.process.returncode, rest


def ask(port, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class Image(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if shutil.which("umoci") is None:
            raise unittest.SkipTest("umoci is not installed: ./dev image installs it")
        cls.folder = tempfile.TemporaryDirectory(prefix="tidegate-image-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.layout = build(cls.folder.name, "first")
        cls.digest, cls.manifest = manifest(cls.layout)
        cls.config = json.loads(blob(cls.layout, cls.manifest["config"]))

    def test_twice_the_same(self):
        self.assertEqual(manifest(build(self.folder.name, "second"))[0], self.digest)

    def test_is_small(self):
        (layer,) = self.manifest["layers"]
        self.assertLess(layer["size"], MAX_BYTES)
        unpacked = len(gzip.decompress(blob(self.layout, layer)))
        print(f"image: {layer['size'] / 1e6:.1f} MB, unpacked {unpacked / 1e6:.1f} MB", file=sys.stderr)

    def test_names_no_root(self):
        self.assertEqual(self.config["config"]["User"], f"{NOBODY}:{NOBODY}")
        self.assertEqual(set(self.config["config"]["ExposedPorts"]), {"9009/tcp", "9095/tcp"})
        self.assertEqual(set(self.config["config"]["Volumes"]), {"/data"})

    def test_works_as_nobody_on_a_read_only_root(self):
        if os.geteuid() != 0:
            self.skipTest("only root can mount and chroot")
        with tempfile.TemporaryDirectory(prefix="tidegate-root-") as folder:
            root, data = os.path.join(folder, "root"), os.path.join(folder, "data")
            os.mkdir(data)
            os.mkdir(root)
            os.chown(data, NOBODY, NOBODY)
            os.chmod(folder, 0o755)
            (layer,) = self.manifest["layers"]
            path = os.path.join(self.layout, "blobs", *layer["digest"].split(":"))
            with tarfile.open(path) as archive:
                archive.extractall(root)
            command = self.config["config"]["Entrypoint"] + [
                {"--http_address=0.0.0.0:9009": "--http_address=127.0.0.1:0",
                 "--grpc_address=0.0.0.0:9095": "--grpc_address=127.0.0.1:0"}.get(argument, argument)
                for argument in self.config["config"]["Cmd"]]
            for start in range(2):
                container = Container(root, data, command)
                try:
                    self.use(container, start)
                    status, rest = container.stop()
                finally:
                    container.process.kill()
                self.assertEqual(status, 0, rest)
            self.assertEqual(sorted(os.listdir(data)), ["ingester", "store"])
            self.assertEqual(os.stat(os.path.join(data, "store")).st_uid, NOBODY)

    def use(self, container, start):
        port = container.port()
        while ask(port, "GET", "/-/ready")[0] != 200:
            self.assertLess(time.monotonic() - container.begun, 20)
            time.sleep(0.005)
        ready = time.monotonic() - container.begun
        print(f"start {start}: ready after {ready:.2f} s", file=sys.stderr)
        self.assertLess(ready, 5)  # A second on a machine that is not busy.
        with open(f"/proc/{container.process.pid}/status", encoding="utf-8") as file:
            (uids,) = [line.split()[1:] for line in file if line.startswith("Uid:")]
        self.assertEqual(set(uids), {str(NOBODY)})
        now = int(time.time() * 1000)
        body = remote_write.snappy(remote_write.request(
            [remote_write.series({"__name__": f"start_{start}"}, [(now, 1.0)])]))
        status, text = ask(port, "POST", "/api/v1/push", body, {
            "Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"})
        self.assertEqual(status, 204, text)
        query = urllib.parse.urlencode({"query": "count({__name__=~'start_.'})"})
        answer = json.loads(ask(port, "GET", f"/api/v1/query?{query}")[1])
        self.assertEqual(answer["data"]["result"][0]["value"][1], str(start + 1))


if __name__ == "__main__":
    unittest.main()
