#!/usr/bin/python3
"""One flipped byte in each kind of file: the check names it, the server starts, and its answers
may lack samples, but never have another value or a sample that nobody sent (docs/operations.md,
Damage)."""

import collections
import glob
import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest

import remote_write
from server import BINARY, Server

NOW = int(time.time() * 1000) // 1000 * 1000
START = NOW - 5 * 3600 * 1000  # Samples lie in three or four partitions.
STEP_MS = 20000
HOSTS = 12
SEALED_ONCE, SEALED_TWICE, UNSEALED = range(0, 300), range(300, 600), range(600, 850)
PUSH = 10  # Samples per host and push of the unsealed ones.


def value(host, index):
    """Neither constant nor periodic: a value at another place would show."""
    return host * 1000.0 + (index * index * 7919 % 10007) / 8


def fleet(indices):
    return [
        (
            {"__name__": "damage", "host": str(host)},
            [(START + i * STEP_MS, value(host, i)) for i in indices],
        )
        for host in range(HOSTS)
    ]


def sent(*ranges):
    """{host: {timestamp: value}}"""
    return {
        str(host): {START + i * STEP_MS: value(host, i) for indices in ranges for i in indices}
        for host in range(HOSTS)
    }


def answers(server):
    """All samples, as `sent`; a sample that comes twice or out of order is an error."""
    found = collections.defaultdict(dict)
    for host in range(HOSTS):
        for series in server.query(f'damage{{host="{host}"}}[6h]', NOW / 1000):
            assert series["metric"] == {"__name__": "damage", "host": str(host)}, series["metric"]
            times = [round(t * 1000) for t, _ in series["values"]]
            assert times == sorted(set(times)), f"host {host}: a sample came twice or out of order"
            found[str(host)].update(zip(times, (float(v) for _, v in series["values"])))
    return found


def missing(found, expected):
    """How many samples lack; raises for one that is wrong or was never sent."""
    for host, points in found.items():
        for timestamp, got in points.items():
            wanted = expected.get(host, {}).get(timestamp)
            assert got == wanted, f"host {host} at {timestamp}: found {got}, sent {wanted}"
    return sum(len(points) for points in expected.values()) - sum(
        len(points) for points in found.values()
    )


def is_documents(path):
    """RocksDB writes the name of the family into a table's properties, which are not compressed."""
    with open(path, "rb") as file:
        return b"documents" in file.read()


def written_bytes(path):
    """The length without the zeros that a preallocated file ends with."""
    with open(path, "rb") as file:
        return len(file.read().rstrip(b"\0"))


def flip(path, part=0.5):
    """Changes the byte that lies `part` into the file."""
    offset = int(written_bytes(path) * part)
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 0x41]))
    return offset


def listing(directory):
    """What a program that only reads leaves as it was."""
    found = {}
    for folder, _, names in os.walk(directory):
        for name in names:
            status = os.stat(os.path.join(folder, name))
            found[os.path.join(folder, name)] = (status.st_size, status.st_mtime_ns)
    return found


def build(directory):
    """Two cuts, tables of documents, metadata, and what only the log has; ends with kill -9."""
    families = [remote_write.metadata("damage", 2, "what is flipped")]
    with Server(directory=directory) as server:
        server.push(fleet(SEALED_ONCE), families)
        server.flush()
        # A start writes what RocksDB's log had into a table of documents.
        assert server.terminate() == 0
        server.start()
        server.push(fleet(SEALED_TWICE))
        server.flush()
        for first in range(UNSEALED.start, UNSEALED.stop, PUSH):
            server.push(fleet(range(first, first + PUSH)))


class Damage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="tidegate-damage-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.original = os.path.join(cls.folder, "original")
        build(cls.original)

    def copy(self):
        directory = os.path.join(self.folder, self.id().rpartition(".")[2])
        # The log is preallocated and mostly zeros.
        subprocess.run(["cp", "-a", "--sparse=always", self.original, directory], check=True)
        self.addCleanup(shutil.rmtree, directory, ignore_errors=True)
        return directory

    def flipped(self, pattern, accept_fn=lambda path: True, part=0.5):
        """A copy, and the path in it of the one file that has a flipped byte: the largest."""
        directory = self.copy()
        paths = [p for p in glob.glob(os.path.join(directory, pattern)) if accept_fn(p)]
        self.assertTrue(paths, f"no {pattern}")
        path = max(paths, key=lambda p: (written_bytes(p), p))
        self.assertGreater(written_bytes(path), 0, path)
        offset = flip(path, part)
        self.where = f"{os.path.relpath(path, directory)}, byte {offset}"
        return directory, path

    def check(self, directory):
        """The check's status and lines. It changes nothing."""
        before = listing(directory)
        done = subprocess.run(
            [BINARY, "check", "storage", directory],
            capture_output=True, text=True, timeout=60, check=False,
        )
        text = done.stdout + done.stderr
        self.assertIn(done.returncode, (0, 1), f"{self.where}: {text}")
        self.assertEqual(listing(directory), before, f"{self.where}: the check changed files")
        if done.returncode == 0:
            self.assertIn("no damage found", text)
        else:
            self.assertRegex(text, r"[1-9]\d* damaged")
        return done.returncode, text

    def assert_check_names(self, directory, pattern):
        status, text = self.check(directory)
        self.assertEqual(status, 1, f"{self.where}: {text}")
        self.assertRegex(text, pattern, self.where)

    def serve(self, directory, line, may_lack=()):
        """Starts, compares, writes, restarts and compares again. `line`: a pattern that the log of
        the first start has. Returns how many samples lack; only those of `may_lack` may."""
        with Server(directory=directory) as server:
            first = answers(server)
            lacking = missing(first, sent(SEALED_ONCE, SEALED_TWICE, UNSEALED))
            for host, points in sent(*(
                r for r in (SEALED_ONCE, SEALED_TWICE, UNSEALED) if r not in may_lack
            )).items():
                lost = points.keys() - first[host].keys()
                self.assertFalse(lost, f"{self.where}: host {host} lacks {len(lost)} samples")
            server.push([({"__name__": "later"}, [(NOW, 1.0)])])
            server.flush()
            server.kill()
            self.assertRegex(server.log_text(), line, self.where)
            server.start()
            again = answers(server)
            # Damage does not spread: what was there stays.
            self.assertEqual(missing(again, first), 0, f"{self.where}: after another start")
            self.assertEqual(len(server.query("later", NOW / 1000)), 1)
        return lacking

    def test_no_damage(self):
        directory = self.copy()
        self.where = "nothing"
        self.assertEqual(self.check(directory)[0], 0)
        self.assertEqual(self.serve(directory, "HTTP on"), 0)

    def test_page_table(self):
        self.flip_page_table(0.2, r"partition \d+\+2h, tenant default, cut \d+ .*\n")

    def test_page_table_properties(self):
        """RocksDB does not open the table: the check can name the file only."""
        self.flip_page_table(0.8, "store/rocks: ")

    def flip_page_table(self, part, name):
        directory, path = self.flipped(
            "store/rocks/*.sst", lambda path: not is_documents(path), part
        )
        self.assert_check_names(directory, re.escape(os.path.basename(path)))
        self.assert_check_names(directory, name)
        lacking = self.serve(
            directory, r"damaged page left out: partition \d+|damage: .*\.sst",
            (SEALED_ONCE, SEALED_TWICE),
        )
        # One segment is one cut of one partition.
        self.assertGreater(lacking, 0)
        self.assertLessEqual(lacking, HOSTS * len(SEALED_ONCE))

    def test_documents_table(self):
        directory, path = self.flipped("store/rocks/*.sst", is_documents)
        self.assert_check_names(directory, re.escape(os.path.basename(path)))
        self.serve(directory, r"damage: .*\.sst")

    def test_manifest(self):
        directory, _ = self.flipped("store/rocks/MANIFEST-*")
        self.assert_check_names(directory, "store/rocks: ")
        self.serve(directory, r"damage: .*store/rocks")

    def test_current(self):
        directory, _ = self.flipped("store/rocks/CURRENT")
        self.assert_check_names(directory, "store/rocks: ")
        self.serve(directory, r"damage: .*store/rocks")

    def test_rocksdb_log(self):
        directory, _ = self.flipped("store/rocks/*.log")
        self.assert_check_names(directory, "store/rocks: ")
        self.serve(directory, r"damage: .*store/rocks")

    def test_catalogue_copy(self):
        directory, _ = self.flipped("store/CATALOGUE")
        self.assert_check_names(directory, "store/CATALOGUE: ")
        self.serve(directory, "store/CATALOGUE")

    def test_catalogue_copy_and_current(self):
        """The one pair that is too much: a clear refusal, and nothing is changed."""
        directory, _ = self.flipped("store/CATALOGUE")
        flip(os.path.join(directory, "store/rocks/CURRENT"))
        self.assert_check_names(directory, "store/CATALOGUE: ")
        with self.assertRaisesRegex(RuntimeError, "did not start .*CURRENT"):
            Server(directory=directory).start()
        for name in ("store/CATALOGUE", "store/rocks/CURRENT"):
            flip(os.path.join(directory, name))
        self.assertEqual(self.serve(directory, "HTTP on"), 0)

    def test_log_segment(self):
        directory, path = self.flipped("ingester/log/*.segment")
        name = re.escape(os.path.basename(path))
        self.assert_check_names(directory, rf"{name}: \d+ damaged bytes at offset \d+")
        lacking = self.serve(directory, name + r".*offset \d+", (UNSEALED,))
        # A push is a frame, and the middle lies in one of them.
        self.assertGreater(lacking, 0)
        self.assertLessEqual(lacking, HOSTS * PUSH)

    def test_log_state(self):
        directory, _ = self.flipped("ingester/log/STATE")
        self.assert_check_names(directory, "STATE")
        self.serve(directory, "STATE")

    def test_producer_id(self):
        directory, _ = self.flipped("ingester/producer_id")
        self.assertEqual(self.check(directory)[0], 0)
        self.serve(directory, "producer_id.* takes a new id")

    def test_storage_format(self):
        directory, _ = self.flipped("store/STORAGE_FORMAT")
        self.assert_check_names(directory, "STORAGE_FORMAT")
        self.serve(directory, "STORAGE_FORMAT")


if __name__ == "__main__":
    unittest.main()
