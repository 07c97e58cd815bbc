#!/usr/bin/python3
"""Scraping with real exporters and with ones that lie: what is stored, what the targets' API and the
workspaces say, against a Prometheus that scrapes the same, and across processes."""

import json
import os
import subprocess
import tempfile
import time
import unittest

import remote_write
from certificates import Authority
from exporters import OPEN_METRICS, TEXT, Exporter, eventually
from peers import available, free_port
from server import BINARY, Server
from services_test import Cluster

REGION = {"X-SYSMON-REGION": "kr", "Content-Type": "application/json"}


class Folder:
    """A configuration with scrape_configs, and what it names."""

    def __init__(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="tidegate-scrape-")
        self.path = self.temporary.name

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.temporary.cleanup()

    def file(self, name, content):
        """Replaced as a whole, as deployments do it. JSON is YAML."""
        path = os.path.join(self.path, name)
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(content if isinstance(content, str) else json.dumps(content))
        os.replace(path + ".new", path)
        return path

    def scrape(self, jobs, interval="1s", **more):
        self.file("prometheus.yml", {"global": {"scrape_interval": interval}, "scrape_configs": jobs})
        return "--config=" + self.file(
            "tidegate.yml", {"scrape_config_files": [{"file": "prometheus.yml"}], **more}
        )


def job(name, port, path="/metrics", **more):
    return {
        "job_name": name,
        "metrics_path": path,
        "static_configs": [{"targets": [f"127.0.0.1:{port}"]}],
        **more,
    }


def targets(server, **parameters):
    """By the name of their pool."""
    return {t["scrapePool"]: t for t in server.get_json("/api/v1/targets", **parameters)["activeTargets"]}


def value(server, expression):
    result = server.query(expression)
    return float(result[0]["value"][1]) if result else None


class Scraping(unittest.TestCase):
    def exporter(self, *arguments, **more):
        exporter = Exporter(*arguments, **more)
        self.addCleanup(exporter.close)
        return exporter

    def expect(self, server, expression, expected, seconds=30):
        eventually(lambda: self.assertEqual(value(server, expression), expected), seconds)

    @unittest.skipUnless(available("prometheus-node-exporter"), "no prometheus-node-exporter")
    def test_a_real_exporter(self):
        port = free_port()
        node = subprocess.Popen(
            ["prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        self.addCleanup(node.wait)
        self.addCleanup(node.kill)
        with Folder() as folder, Server(flags=[folder.scrape([job("node", port)])]) as server:
            self.expect(server, "up", 1)
            self.assertGreater(value(server, "scrape_samples_scraped"), 300)
            self.assertGreater(value(server, "node_memory_MemTotal_bytes"), 1e6)
            eventually(lambda: self.assertEqual(
                server.get_json("/api/v1/metadata", metric="node_load1")["node_load1"][0]["type"], "gauge"))
            of_target = server.get_json("/api/v1/targets/metadata", metric="node_load1")
            self.assertEqual(of_target[0]["help"], "1m load average.")
            node.kill()
            self.expect(server, "up", 0)
            self.assertEqual(server.query("node_load1"), [], "stale at once")

    def test_liars_say_why_they_failed(self):
        large = "# TYPE large gauge\n" + "".join(f'large{{i="{i:07}"}} 1\n' for i in range(200000))
        exporter = self.exporter({
            "good": (TEXT, "good 1\n"),
            "html": ("text/html", "<html><body>hello</body></html>"),
            "lying_html": (TEXT, "<html><body>hello</body></html>"),
            "blank": ("", "a 1\n"),
            "half": (TEXT, "a 1\nb{c=\"d"),
            "twice": (TEXT, "twice 1\ntwice 2\n"),
            "large": (TEXT, large),
            "open_end": (OPEN_METRICS, "a 1\n"),
        })
        self.assertGreater(len(large), 4 << 20)
        other = self.exporter({"good": (TEXT, "good 1\n")}, tls=self.certificate())
        down = free_port()
        short = {"scrape_timeout": "500ms"}
        jobs = [job(name, exporter.port, "/" + name) for name in
                ("good", "html", "lying_html", "blank", "half", "twice", "length", "status",
                 "redirect", "missing", "open_end")]
        jobs += [job(name, exporter.port, "/" + name, **short) for name in ("slow", "silent")]
        jobs += [
            job("large", exporter.port, "/large", scrape_interval="10s"),
            job("too_large", exporter.port, "/large", body_size_limit="1MB"),
            job("down", down, "/good"),
            job("wrong_tls", other.port, "/good", scheme="https"),
            job("no_tls", exporter.port, "/good", scheme="https"),
            job("no_verify", other.port, "/good", scheme="https", tls_config={"insecure_skip_verify": True}),
        ]
        expected = {
            "html": 'received unsupported Content-Type "text/html"',
            "lying_html": "line 1: expected",
            "blank": "blank Content-Type",
            "half": "line 2: expected",
            "length": "",
            "status": "server returned HTTP status 503 Service Unavailable",
            "redirect": "redirects",
            "missing": "server returned HTTP status 404 Not Found",
            "open_end": "data does not end with # EOF",
            "slow": "no complete answer within 500ms",
            "silent": "no complete answer within 500ms",
            "too_large": "body size limit exceeded",
            "down": f"127.0.0.1 port {down}",
            "wrong_tls": "certificate",
            "no_tls": "",
        }
        with Folder() as folder, Server(flags=[folder.scrape(jobs)]) as server:
            for name in ("good", "twice", "large", "no_verify"):
                self.expect(server, f'up{{job="{name}"}}', 1)
            for name, text in expected.items():
                self.expect(server, f'up{{job="{name}"}}', 0)
                eventually(lambda: self.check_failed(targets(server)[name], text))
            eventually(lambda: self.assertEqual(targets(server)["good"]["lastError"], ""))
            self.expect(server, "twice", 1)  # The first one counts.
            self.expect(server, 'scrape_samples_scraped{job="twice"}', 2)
            self.expect(server, "count(large)", 200000)
            self.expect(server, 'scrape_samples_scraped{job="half"}', 1)
            self.assertEqual(server.query('a{job="half"}'), [])

    def check_failed(self, target, text):
        self.assertEqual(target["health"], "down", target)
        self.assertIn(text, target["lastError"])
        self.assertNotEqual(target["lastError"], "")

    def certificate(self):
        folder = tempfile.TemporaryDirectory(prefix="tidegate-cert-")
        self.addCleanup(folder.cleanup)
        return Authority(folder.name, "nobody").issue("exporter")

    def test_stale_markers_at_every_kind_of_end(self):
        exporter = self.exporter({"metrics": (TEXT, "stays 1\ngoes 1\n")})
        with Folder() as folder, Server(flags=[folder.scrape([job("j", exporter.port)])]) as server:
            self.expect(server, "goes", 1)
            exporter.pages["metrics"] = (TEXT, "stays 2\n")
            self.expect(server, "stays", 2)
            self.assertEqual(server.query("goes"), [])
            exporter.pages["metrics"] = (TEXT, "stays 3\nhalf a l")
            self.expect(server, "up", 0)
            self.assertEqual(server.query("stays"), [])
            exporter.pages["metrics"] = (TEXT, "stays 4\n")
            self.expect(server, "stays", 4)
            folder.scrape([])
            self.expect(server, "stays", None)
            self.assertEqual(server.query("up"), [])
            self.assertEqual(server.get_json("/api/v1/scrape_pools")["scrapePools"], [])

    def test_files_are_followed(self):
        exporter = self.exporter({"metrics": (TEXT, "a 1\n")})
        with Folder() as folder:
            here = f"127.0.0.1:{exporter.port}"
            folder.file("sd.yml", [{"targets": [here], "labels": {"env": "one"}}])
            flag = folder.scrape([{"job_name": "j", "file_sd_configs": [{"files": ["sd.yml"]}]}])
            with Server(flags=[flag]) as server:
                self.expect(server, 'a{env="one"}', 1)
                folder.file("sd.yml", [{"targets": [here], "labels": {"env": "two"}}])
                self.expect(server, 'a{env="two"}', 1)
                self.expect(server, 'a{env="one"}', None)
                folder.file("sd.yml", "- targetz: []")
                time.sleep(2.5)
                self.expect(server, 'a{env="two"}', 1)
                status, body, _ = server.request("GET", "/-/ready")
                self.assertEqual(status, 200, body)

    def test_a_mistake_in_the_file_keeps_it_from_starting(self):
        with Folder() as folder:
            flag = folder.scrape([job("j", 1, kubernetes_sd_configs=[{"role": "node"}])])
            with self.assertRaisesRegex(RuntimeError, "kubernetes_sd_configs: this kind of discovery"):
                Server(directory=folder.path, flags=[flag]).start()

    def test_credentials_reach_the_target(self):
        exporter = self.exporter({"metrics": (TEXT, "a 1\n")})
        with Folder() as folder:
            folder.file("secret", "first\n")
            flag = folder.scrape([
                job("bearer", exporter.port, authorization={"credentials_file": "secret"}),
                job("basic", exporter.port, basic_auth={"username": "u", "password": "p"}),
            ])
            with Server(flags=[flag]) as server:
                self.expect(server, 'a{job="basic"}', 1)
                self.expect(server, 'a{job="bearer"}', 1)
                sent = {h["Authorization"] for _, h in exporter.requests if "Authorization" in h}
                self.assertIn("Bearer first", sent)
                self.assertIn("Basic dTpw", sent)
                folder.file("secret", "second")
                eventually(lambda: self.assertIn(
                    "Bearer second", {h.get("Authorization") for _, h in exporter.requests}))
                self.assertNotIn("first", server.request("GET", "/api/v1/status/config")[1].decode())


class BesidePrometheus(unittest.TestCase):
    """What a Prometheus stores of the same targets is what Tidegate stores, series by series."""

    FIRST = {
        "text": (TEXT, "# HELP a_total It \\\\ counts.\n# TYPE a_total counter\n"
                       'a_total{path="/a b",kind="\\"x\\"\\n"} 1e3\na_total{path="C:\\\\d"} -0.5\n'
                       "# TYPE b histogram\n"
                       'b_bucket{le="0.1"} 1\nb_bucket{le="+Inf"} 3\nb_sum 2.5\nb_count 3\n'
                       "c NaN\nd +Inf\ne -Inf\nf 0x10 \n".replace("f 0x10 \n", "f 1.5e-300\n")),
        "conflicts": (TEXT, 'a{job="mine",instance="i",exported_job="e"} 1\nb{job=""} 2\n'),
        "open": (OPEN_METRICS, "# HELP a Some \\\"help\\\".\n# TYPE a counter\n# UNIT a_seconds seconds\n"
                               'a_total{x="y"} 7 # {trace_id="t"} 0.5\na_created{x="y"} 1e9\n'
                               "# TYPE g gauge\ng 2\n# EOF\n"),
        "drops": (TEXT, 'go_x 1\nkeep{a="1"} 1\nkeep{a="2"} 2\nrename 3\n'),
        "twice": (TEXT, "t 1\nt 2\n"),
        "limited": (TEXT, "a 1\nb 2\nc 3\n"),
        "broken": (TEXT, "a 1\nb\n"),
        "html": (TEXT, "<html>\n"),
        "empty": (TEXT, ""),
    }
    SECOND = dict(
        FIRST,
        text=(TEXT, 'a_total{path="/new"} 5\nc 1\n'),
        conflicts=(TEXT, 'b{job="x"} 9\n'),
        drops=(TEXT, 'keep{a="2"} 5\n'),
        limited=(TEXT, "a 5\n"),
        broken=(TEXT, "a 5\n"),
        empty=(TEXT, "now 1\n"),
    )

    @unittest.skipUnless(available("prometheus"), "no prometheus")
    def test_the_same_series_with_the_same_values(self):
        exporter = Exporter(self.FIRST)
        self.addCleanup(exporter.close)
        special = {
            "drops": {"metric_relabel_configs": [
                {"source_labels": ["__name__"], "regex": "go_.*", "action": "drop"},
                {"source_labels": ["__name__", "a"], "regex": "keep;(.)", "target_label": "b",
                 "replacement": "v$1"},
                {"source_labels": ["__name__"], "regex": "rename", "target_label": "__name__",
                 "replacement": "renamed"},
            ]},
            "limited": {"sample_limit": 2},
        }
        jobs = [job(name, exporter.port, "/" + name, **special.get(name, {})) for name in self.FIRST]
        jobs.append(job("honest", exporter.port, "/conflicts", honor_labels=True))
        jobs.append(job("relabelled", exporter.port, "/text", params={"module": ["a b"]}, relabel_configs=[
            {"source_labels": ["__param_module", "__address__"], "target_label": "who"},
            {"source_labels": ["__address__"], "modulus": 7, "target_label": "shard", "action": "hashmod"},
            {"target_label": "instance", "replacement": "me"},
        ]))
        jobs.append(job("dropped", exporter.port, relabel_configs=[{"action": "drop", "regex": ".*"}]))
        with Folder() as folder, Server(flags=[folder.scrape(jobs)]) as server:
            port = free_port()
            prometheus = subprocess.Popen(
                ["prometheus", f"--config.file={folder.path}/prometheus.yml",
                 f"--storage.tsdb.path={folder.path}/prometheus", f"--web.listen-address=127.0.0.1:{port}",
                 "--log.level=error"])
            self.addCleanup(prometheus.wait)
            self.addCleanup(prometheus.kill)
            peer = Server(directory=folder.path)  # Only for its HTTP calls.
            peer.http_port = port
            eventually(lambda: self.assertEqual(value(peer, "count(up)"), len(jobs) - 1))
            self.settle(server, peer, len(jobs) - 1)
            self.compare(server, peer)
            for name, page in self.SECOND.items():
                exporter.pages[name] = page
            time.sleep(1)
            self.settle(server, peer, len(jobs) - 1)
            self.compare(server, peer)
            # Also those that have ended. Prometheus' index knows series of refused scrapes, too, that
            # never had a sample: what counts is what can be read.
            mine, theirs = (
                {json.dumps(s["metric"], sort_keys=True)
                 for s in one.query('last_over_time({job=~".+"}[5m])')}
                for one in (server, peer))
            self.assertEqual(mine ^ theirs, set())
            self.assertEqual(
                server.get_json("/api/v1/targets")["droppedTargetCounts"]["dropped"], 1)

    def settle(self, server, peer, count):
        """Until both have scraped everything twice more."""
        start = time.time()
        for one in (server, peer):
            eventually(lambda: self.assertEqual(
                value(one, f"count(timestamp(up) > {start + 2.5})"), count))

    def compare(self, server, peer):
        def values(one):
            found = {}
            for series in one.query('{__name__!="scrape_duration_seconds",job=~".+"}'):
                found[json.dumps(series["metric"], sort_keys=True)] = series["value"][1]
            return found

        self.maxDiff = None
        eventually(lambda: self.assertEqual(values(server), values(peer)), 10)


class NativeHistograms(unittest.TestCase):
    def test_they_arrive_in_protobuf(self):
        """One Tidegate scrapes another's /federate, which has native histograms in protobuf only."""
        with Server() as source, Folder() as folder:
            federate = {"honor_labels": True, "params": {"match[]": ['{job="demo"}']}}
            flag = folder.scrape([
                job("native", source.http_port, "/federate", scrape_native_histograms=True, **federate),
                job("text", source.http_port, "/federate", **federate),
            ])
            with Server(flags=[flag]) as server:
                now = int(time.time() * 1000) - 500
                series = remote_write.series({"__name__": "h", "job": "demo"}, [])
                series += remote_write.histogram(now, 1, 6, 12.5, [3, -1], 1)
                source.push_body(remote_write.snappy(remote_write.request([series])))
                eventually(lambda: self.assertEqual(
                    server.query("h")[0]["histogram"][1], source.query("h")[0]["histogram"][1]))
                for expression in ('up{job="text"}', 'scrape_samples_scraped{job="native"}'):
                    eventually(lambda: self.assertEqual(value(server, expression), 1))


class Workspaces(unittest.TestCase):
    def test_targets_are_scraped_and_say_how_it_went(self):
        exporter = Exporter({
            "good": (TEXT, 'good{job="mine"} 1\n'),
            "html": ("text/html", "<html></html>"),
            "half": (TEXT, "a 1\nb{c="),
        })
        self.addCleanup(exporter.close)
        down = free_port()
        with Folder() as folder:
            flag = "--config=" + folder.file(
                "tidegate.yml", {"hosts": [{"id": "h1", "name": "web-1", "address": "127.0.0.1"}]})
            with Server(flags=[flag]) as server:
                made = {name: self.make(server, name, exporter.port) for name in
                        ("good", "html", "half", "length", "slow")}
                made["down"] = self.make(server, "down", down)
                expected = {"good": 0, "down": 1, "length": 1, "slow": 2, "html": 5, "half": 5}
                for name, code in expected.items():
                    eventually(lambda: self.assertEqual(
                        self.target(server, *made[name])["resultCd"], code, name), 45)
                    reason = self.target(server, *made[name])["failReason"]
                    self.assertEqual(reason is None, code == 0, f"{name}: {reason}")
                job_id, target_id = made["good"]
                labels = server.query("good")[0]["metric"]
                self.assertEqual(labels, {
                    "__name__": "good", "job": "good", "exported_job": "mine",
                    "instance": f"127.0.0.1:{exporter.port}", "openmetrics_id": target_id})
                status, _, _ = server.request(
                    "DELETE", f"/v1.0/projects/default/jobs/{job_id}/targets/{target_id}")
                self.assertEqual(status, 200)
                eventually(lambda: self.assertEqual(server.query("good"), []))

    def test_the_network_rules_of_a_project_hold(self):
        exporter = Exporter({"good": (TEXT, "good 1\n")})
        self.addCleanup(exporter.close)
        made = subprocess.run([BINARY, "key", "create", "k"], capture_output=True, text=True, check=True)
        key, entry = made.stdout.splitlines()
        with Folder() as folder:
            config = (
                "tenants: [{{name: default, {rules} keys: [" + entry.removeprefix("- ").replace("{", "{{").replace("}", "}}")
                + "]}}]\nhosts: [{{id: h1, address: 127.0.0.1}}]\n")
            flag = "--config=" + folder.file("tidegate.yml", config.format(rules=""))
            with Server(flags=[flag]) as server:
                self.key = key
                target = self.make(server, "good", exporter.port)
                eventually(lambda: self.assertEqual(self.target(server, *target)["resultCd"], 8), 40)
                self.assertIn("127.0.0.1", self.target(server, *target)["failReason"])
                self.assertEqual(exporter.requests, [], "with keys the loopback is closed")
                folder.file("tidegate.yml", config.format(rules="outbound_allow: [127.0.0.0/8],"))
                eventually(lambda: self.assertEqual(self.target(server, *target)["resultCd"], 0), 40)

    key = ""

    def call(self, server, method, path, body=None):
        status, answer, _ = server.request(
            method, "/v1.0/projects/default" + path, json.dumps(body) if body else None,
            dict(REGION, **{"X-TC-APP-KEY": self.key} if self.key else {}))
        self.assertEqual(status, 200)
        answer = json.loads(answer)
        self.assertTrue(answer["header"]["isSuccessful"], answer)
        return answer["body"]

    def make(self, server, name, port):
        job_id = self.call(server, "POST", "/jobs", {"jobName": name, "metricsPath": "/" + name})["jobId"]
        target = self.call(server, "POST", f"/jobs/{job_id}/targets", {"hostId": "h1", "port": str(port)})
        return job_id, target

    def target(self, server, job_id, target_id):
        return self.call(server, "GET", f"/jobs/{job_id}/targets/{target_id}")


class TwoControlProcesses(unittest.TestCase):
    def test_one_scrapes_and_the_other_takes_over(self):
        exporter = Exporter({"metrics": (TEXT, "a 1\n")})
        self.addCleanup(exporter.close)
        ports = [free_port(), free_port()]
        addresses = ",".join(f"127.0.0.1:{port}" for port in ports)
        with Folder() as folder, Cluster(gateway_flags=[f"--control_address={addresses}"]) as cluster:
            flags = [folder.scrape([job("j", exporter.port)]),
                     f"--store_address=127.0.0.1:{cluster.store.grpc_port}",
                     f"--ingester_address=127.0.0.1:{cluster.ingester.grpc_port}"]
            controls = []
            for port in ports:
                control = Server(directory=folder.path, target="control", flags=flags)
                control.grpc_port = port
                self.addCleanup(control.kill)
                controls.append(control.start())
                if len(controls) == 1:
                    eventually(lambda: self.assertEqual(value(cluster.gateway, "a"), 1))
            self.assertEqual(targets(cluster.gateway)["j"]["health"], "up")
            controls[0].kill()
            died = time.time()
            eventually(lambda: self.assertGreater(
                value(cluster.gateway, "max(timestamp(a))") or 0, died + 1), 15)
            took = time.time() - died
            self.assertLess(took, 12)
            eventually(lambda: self.assertEqual(targets(cluster.gateway)["j"]["health"], "up"))
            controls[1].terminate()
            controls[0].start()
            left = time.time()
            eventually(lambda: self.assertGreater(
                value(cluster.gateway, "max(timestamp(a))") or 0, left), 6)


class BesidePromtool(unittest.TestCase):
    """promtool check metrics and the scraper agree about what is an exposition."""

    GOOD = {
        "plain": "a 1\n",
        "labels": 'a{b="c",d="e"} 1 1700000000000\n',
        "trailing_comma": 'a{b="c",} 1\n',
        "blanks": '  a  { b = "c" , d = "e" }   1\n',
        "comments": "# just text\n#\n# HELP a x\n# TYPE a counter\na 1\n",
        "escapes": 'a{b="\\\\ \\" \\n"} 1\n',
        "numbers": "a 1e3\nb +Inf\nc -Inf\nd NaN\ne .5\nf 1.\ng -0\n",
        "empty_lines": "\n\na 1\n\n",
        "colon": "a:b:c 1\n",
        "utf8": 'a{b="ü"} 1\n',
        "histogram": '# TYPE h histogram\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n',
    }
    BAD = {
        "no_value": "a\n",
        "word": "a b\n",
        "open_label": 'a{b="c" 1\n',
        "open_quote": 'a{b="c} 1\n',
        "no_quotes": "a{b=c} 1\n",
        "bad_name": "1a 1\n",
        "bad_label": 'a{1b="c"} 1\n',
        "no_equals": 'a{b"c"} 1\n',
        "html": "<html>\n",
        "three_numbers": "a 1 2 3\n",
        "bad_time": "a 1 x\n",
        "bad_type": "# TYPE a nonsense\na 1\n",
        "label_twice": 'a{b="c",b="d"} 1\n',
        "dash": "a-b 1\n",
    }

    @unittest.skipUnless(available("promtool"), "no promtool")
    def test_good_and_bad_input(self):
        pages = {name: (TEXT, body) for name, body in {**self.GOOD, **self.BAD}.items()}
        for name, (_, body) in pages.items():
            checked = subprocess.run(["promtool", "check", "metrics"], input=body.encode(),
                                     capture_output=True, check=False)
            # 1: it cannot be read; 3: it can, and the linter has remarks.
            self.assertEqual(checked.returncode == 1, name in self.BAD, (name, checked.stderr))
        exporter = Exporter(pages)
        self.addCleanup(exporter.close)
        jobs = [job(name, exporter.port, "/" + name) for name in pages]
        with Folder() as folder, Server(flags=[folder.scrape(jobs)]) as server:
            eventually(lambda: self.assertEqual(value(server, "count(up)"), len(pages)))
            found = {s["metric"]["job"]: s["value"][1] == "1" for s in server.query("up")}
            self.assertEqual(found, {name: name in self.GOOD for name in pages})


if __name__ == "__main__":
    unittest.main()
