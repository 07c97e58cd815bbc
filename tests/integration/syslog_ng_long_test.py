#!/usr/bin/python3
# tags: long
"""A real sender of logs, syslog-ng out of Debian, as its users point it at Loki: its HTTP destination
posts JSON to the push endpoint, in batches and with its own retries. Lines are read back, also those
that it had to keep while nobody answered."""

import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest

import logs
from server import Server
from services_test import eventually

LINES = 500
CONFIG = """@version: 3.35
options {{ stats-freq(0); time-reopen(1); flush-lines(1); }};
source lines {{ file("{folder}/lines.log" flags(no-parse) follow-freq(0.1)); }};
template stamp {{ template("${{R_UNIXTIME}}${{RNUM}}"); template-escape(no); }};
template line {{ template("\\"${{MESSAGE}}\\""); template-escape(yes); }};
destination loki {{
  http(
    url("http://127.0.0.1:{port}/loki/api/v1/push")
    method("POST")
    headers("Content-Type: application/json", "X-Scope-OrgID: default")
    body-prefix('{{"streams":[')
    delimiter(",")
    body('{{"stream":{{"job":"syslog-ng","host":"$HOST"}},"values":[["$(template stamp)",$(template line)]]}}')
    body-suffix(']}}')
    batch-lines(50) batch-timeout(100) retries(1000) workers(2) persist-name("loki")
  );
}};
rewrite number {{ set("$(substr \\"000000000$RCPTID\\" -9 9)" value("RNUM")); }};
log {{ source(lines); rewrite(number); destination(loki); flags(flow-control); }};
"""


def text(number):
    return f'line {number} says "quoted" and a back\\slash, user=u{number % 7}'


class Sender:
    """syslog-ng in the foreground, with all that it keeps in one folder."""

    def __init__(self, folder, port):
        self.folder = folder
        path = f"{folder}/syslog-ng.conf"
        with open(path, "w", encoding="utf-8") as file:
            file.write(CONFIG.format(folder=folder, port=port))
        self.log = open(f"{folder}/program.log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [
                shutil.which("syslog-ng", path="/usr/sbin:/usr/bin"),
                *("--foreground", "--no-caps", "--stderr", f"--cfgfile={path}"),
                f"--persist-file={folder}/persist",
                f"--pidfile={folder}/pid",
                f"--control={folder}/control",
            ],
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def write(self, first, count):
        with open(f"{self.folder}/lines.log", "a", encoding="utf-8") as file:
            file.writelines(text(i) + "\n" for i in range(first, first + count))

    def said(self):
        self.log.flush()
        with open(self.log.name, encoding="utf-8") as file:
            return file.read()[-2000:]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()


class SyslogNg(unittest.TestCase):
    def test_what_it_sends_is_read_back(self):
        start = time.time_ns() - 60 * 10**9
        with Server() as server, tempfile.TemporaryDirectory(prefix="tidegate-syslog-") as folder:
            open(f"{folder}/lines.log", "w", encoding="utf-8").close()
            sender = Sender(folder, server.http_port)
            try:
                sender.write(0, LINES)
                self.await_lines(server, sender, start, LINES)
                server.kill()
                sender.write(LINES, LINES)
                time.sleep(0.5)
                server.start()
                self.await_lines(server, sender, start, 2 * LINES)
            finally:
                sender.stop()

    def await_lines(self, server, sender, start, count):
        def check():
            end = time.time_ns() + 60 * 10**9
            found = [line for _, line in logs.read_all(server, '{job="syslog-ng"}', start, end)]
            self.assertEqual(sorted(found), sorted(text(i) for i in range(count)), sender.said())

        eventually(check, 40)


if __name__ == "__main__":
    unittest.main()
