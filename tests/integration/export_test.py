#!/usr/bin/python3
"""What is exported as JSON lines and imported elsewhere is the same, to the bit."""

import json
import math
import struct
import time
import unittest
import urllib.parse

import remote_write
from server import Server

NOW = int(time.time()) * 1000 - 60000
STALE = struct.unpack("<d", struct.pack("<Q", 0x7FF0000000000002))[0]


class Export(unittest.TestCase):
    def export(self, server, **parameters):
        query = urllib.parse.urlencode({"match[]": '{__name__!=""}', **parameters})
        status, body, _ = server.request("GET", f"/api/v1/export?{query}")
        self.assertEqual(status, 200)
        return body.decode().splitlines()

    def fill(self, server):
        values = [1.0, 0.1, math.inf, -math.inf, math.nan, STALE, 1e300, -0.0, 5e-324]
        points = [(NOW + i, v) for i, v in enumerate(values)]
        server.push([({"__name__": "odd", "l": 'a"b\nc'}, points)])
        server.push(
            [({"__name__": "many", "n": str(n)}, [(NOW + i, i * n) for i in range(50)])
             for n in range(20)]
        )
        series = remote_write.series({"__name__": "native"}, [])
        series += remote_write.histogram(NOW, 3, 3, 4.5, [1, 1])
        server.push_body(remote_write.snappy(remote_write.request([series])))

    def test_round_trip(self):
        with Server() as first, Server() as second:
            self.fill(first)
            lines = sorted(self.export(first))
            self.assertEqual(len(lines), 22)
            first.flush()
            self.assertEqual(sorted(self.export(first)), lines)
            body = "\n".join(lines).encode()
            self.assertEqual(second.request("POST", "/api/v1/import", body)[0], 204)
            self.assertEqual(second.request("POST", "/api/v1/import", body)[0], 204)
            self.assertEqual(sorted(self.export(second)), lines)
            found = second.query("histogram_count(native)", NOW / 1000)
            self.assertEqual(found[0]["value"][1], "3")

    def test_exports_are_resumed(self):
        with Server() as server:
            self.fill(server)
            names = [json.loads(line)["metric"]["__name__"] for line in self.export(server)]
            self.assertEqual(names, sorted(names))
            rest = self.export(server, resume_from="native")
            self.assertEqual(
                [json.loads(line)["metric"]["__name__"] for line in rest], ["native", "odd"]
            )

    def test_mistakes(self):
        with Server() as server:
            status, text, _ = server.request("POST", "/api/v1/import", b"{}\nnonsense")
            self.assertEqual(status, 400)
            self.assertIn(b"line 1", text)
            self.assertEqual(server.request("GET", "/api/v1/export")[0], 400)


if __name__ == "__main__":
    unittest.main()
