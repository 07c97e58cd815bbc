#!/usr/bin/python3
"""No tenant sees or changes what is another's: three tenants, every route of the server, every method.

The routes are those that the server itself counts (`tidegate_http_request_duration_seconds`), so a new one is
covered as soon as it is there. Everything of a tenant carries a proof, a word that nobody else can know;
an answer to somebody else that holds it is a leak. SEED=N repeats the random sweep."""

import hashlib
import itertools
import json
import os
import random
import re
import subprocess
import tempfile
import time
import unittest
import urllib.parse


import remote_write
from server import BINARY, Server

NOW = int(time.time() * 1000) // 1000 * 1000
SEED = int(os.environ.get("SEED", time.time_ns() % 10**6))
TENANTS = ("anna", "bert", "cleo")
METHODS = ("GET", "POST", "PUT", "DELETE")
# Without a key: probes and the page that says where everything is.
OPEN = {"/", "/-/healthy", "/-/ready", "/ready", "/graph", "/ui", "/ui/*", "/ui/session"}
SWEEP = 1500
HANDSHAKE = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
             "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}


# What may show several tenants at once; all other routes are about one.
FEDERATED = re.compile(
    r"(/prometheus)?/api/v1/(query|query_range|query_exemplars|format_query|parse_query|series|labels|metadata|read|label/:name/values)"
    r"|(/prometheus)?/federate"
    r"|/loki/api/v1/(query|query_range|format_query|labels?|label/:name/values|series|index/.*|detected_.*|patterns|status/buildinfo)")


def make_key(key_id, permissions, read_tenants=""):
    made = subprocess.run([BINARY, "key", "create", key_id, f"--permissions={permissions}"],
                          capture_output=True, text=True, check=True)
    secret, entry = made.stdout.splitlines()
    entry = entry.removeprefix("- ")
    return secret, entry.replace("}", f", read_tenants: [{read_tenants}]}}") if read_tenants else entry


class Isolation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        print(f"SEED={SEED}")
        cls.random = random.Random(SEED)
        cls.folder = tempfile.TemporaryDirectory(prefix="tidegate-isolation-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.secrets, config = {}, "tenants:\n"
        for tenant in TENANTS:
            cls.secrets[tenant], entry = make_key(f"key-of-{tenant}", "read,write")
            config += f"  - name: {tenant}\n    keys: [{entry}]\n"
        # A further tenant whose key may read anna's data beside its own.
        cls.wide, entry = make_key("wide", "read,write", "anna")
        config += f"  - name: dora\n    keys: [{entry}]\n"
        cls.admin, entry = make_key("root", "admin")
        config += f"  - name: operators\n    keys: [{entry}]\n"
        path = os.path.join(cls.folder.name, "config.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(config)
        cls.logs = [os.path.join(cls.folder.name, name) for name in ("query.log", "audit.log")]
        cls.server = Server(flags=[f"--config={path}", "--http_workers=8", f"--query_log_file={cls.logs[0]}",
                                   f"--audit_log_file={cls.logs[1]}"])
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__)
        cls.proofs = {tenant: f"proof{cls.random.getrandbits(64):016x}" for tenant in TENANTS}
        cls.ids = {tenant: [] for tenant in TENANTS}
        for tenant in TENANTS:
            cls.fill(tenant)
        cls.routes = sorted(set(re.findall(r'tidegate_http_request_duration_seconds_count\{route="(/[^"]*)"\}',
                                           cls.call(cls.admin, "GET", "/-/metrics")[1].decode())))

    @classmethod
    def call(cls, secret, method, path, body=None, headers=()):
        fields = dict(headers)
        if secret:
            fields["Authorization"] = f"Bearer {secret}"
        return cls.server.request(method, path, body, fields)

    @classmethod
    def fill(cls, tenant):
        """Series, exemplar-free samples, metadata, log lines, a pushed group, a workspace: sealed ones and open ones."""
        proof, secret = cls.proofs[tenant], cls.secrets[tenant]
        for at in (NOW - 60000, NOW):
            series = [({"__name__": "m", "owner": tenant, "proof": proof, f"name_{proof}": "x"}, [(at, 1.0)]),
                      ({"__name__": f"m_{proof}", "owner": tenant}, [(at, 1.0)])]
            body = remote_write.snappy(remote_write.request([remote_write.series(*one) for one in series]))
            status = cls.call(secret, "POST", "/api/v1/push", body,
                              {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"})[0]
            assert status == 204, status
            body = json.dumps({"streams": [{"stream": {"owner": tenant, "proof": proof},
                                            "values": [[str(at * 10**6), f"level=error said={proof}"]]}]})
            status = cls.call(secret, "POST", "/loki/api/v1/push", body, {"Content-Type": "application/json"})[0]
            assert status == 204, status
            if at != NOW:
                assert cls.call(cls.admin, "POST", "/-/flush")[0] == 204
        group = f'pushed{{owner="{tenant}",proof="{proof}"}} 1\n'
        assert cls.call(secret, "PUT", f"/metrics/job/{tenant}", group)[0] == 200
        cls.call(secret, "GET", f"/api/v1/query?query=m_{proof}")
        body = json.dumps({"jobName": proof, "metricsPath": "/metrics", "description": proof})
        status, answer, _ = cls.call(secret, "POST", f"/v1.0/projects/{tenant}/jobs", body,
                                     {"X-SYSMON-REGION": "kr", "Content-Type": "application/json"})
        if status == 200 and json.loads(answer).get("body"):
            cls.ids[tenant].append(str(json.loads(answer)["body"]["jobId"]))

        headers = {"Content-Type": "application/json"}
        body = json.dumps({"name": proof, "type": "host", "duration": 1, "metric": "m", "operator": ">",
                           "warning": 1, "memo": proof})
        status, answer, _ = cls.call(secret, "POST", "/api/v0/monitors", body, headers)
        assert status == 200, answer
        cls.ids[tenant].append(json.loads(answer)["id"])
        status, answer, _ = cls.call(secret, "POST", "/api/v0/hosts", json.dumps({"name": proof}), headers)
        assert status == 200, answer
        cls.ids[tenant].append(json.loads(answer)["id"])
        for path, body in (("services", {"name": proof}),
                           ("channels", {"type": "webhook", "name": proof, "url": f"http://{proof}"}),
                           ("downtimes", {"name": proof, "start": 1, "duration": 1})):
            status, answer, _ = cls.call(secret, "POST", f"/api/v0/{path}", json.dumps(body), headers)
            assert status == 200, answer

    def snapshot(self, tenant):
        """All that a tenant can see of its own, to compare before and after."""
        ask = lambda path: self.call(self.secrets[tenant], "GET", path, headers={"X-SYSMON-REGION": "kr"})[1]
        series = json.loads(ask("/api/v1/series?match[]=%7Bowner%3D~%22.%2B%22%7D"))["data"]
        lines = json.loads(ask(f"/loki/api/v1/query_range?query=%7Bowner%3D%22{tenant}%22%7D&start={NOW - 10**6}000000&end={NOW + 10**6}000000"))
        jobs = json.loads(ask(f"/v1.0/projects/{tenant}/jobs")).get("body") if self.ids[tenant] else None
        kept = [ask(f"/api/v0/{kind}") for kind in ("monitors", "hosts", "services", "channels", "downtimes")]
        groups = [json.dumps(one) for one in json.loads(ask("/api/v1/metrics"))["data"]
                  if one["labels"] == {"job": tenant}]
        return (sorted(json.dumps(one, sort_keys=True) for one in series) + groups,
                sorted(json.dumps(stream, sort_keys=True) for stream in lines["data"]["result"]),
                (jobs, kept))

    @staticmethod
    def parameters(victim):
        """Selectors that would find the victim's data if anything did."""
        everything, owned = '{__name__=~".+"}', f'{{owner="{victim}"}}'
        start, end = NOW // 1000 - 3600, NOW // 1000 + 60
        for selector in (everything, owned, '{owner=~".+"}', f'{{owner=~".+"}} |= "said"'):
            yield urllib.parse.urlencode({
                "query": selector, "match[]": selector, "selector": selector, "start": start, "end": end, "step": 60,
                "since": "1h", "time": NOW / 1000, "label_names[]": "proof", "limit": 1000, "line_limit": 1000,
                "targetLabels": "proof", "tenant": victim, "project": victim, "tenants": victim,
            })

    def paths(self, route, victim):
        """The route with the victim's names and ids in the place of its parameters."""
        names = re.findall(r":(\w+)", route)
        values = [victim, "proof", "m", "said", f"key-of-{victim}", *self.ids[victim]]
        for chosen in itertools.product(values, repeat=len(names)):
            path = route
            path = path.replace("*", f"job/{victim}")
            for name, value in zip(names, chosen):
                path = path.replace(f":{name}", urllib.parse.quote(value), 1)
            yield path

    def check(self, attacker, victim, method, path, answer):
        status, body, headers = answer
        text = body + json.dumps(headers).encode()
        for other in TENANTS:
            if other == attacker:
                continue
            self.assertNotIn(self.proofs[other].encode(), text, f"{attacker} sees {other}: {method} {path}: {status}")
        for secret in (*self.secrets.values(), self.admin):
            self.assertNotIn(secret.encode(), text, f"a secret: {method} {path}")
        self.assertLess(status if status != 503 else 0, 500, f"{method} {path}: {body[:200]}")

    def test_1_there_is_something_to_steal(self):
        self.assertGreater(len(self.routes), 60)
        for tenant in TENANTS:
            own, lines, _ = self.snapshot(tenant)
            self.assertEqual(len(own), 4, "three series and a group")
            self.assertEqual(sum(len(json.loads(one)["values"]) for one in lines), 2)
            self.assertIn(self.proofs[tenant], "".join(own + lines))

    def test_2_every_route_with_every_others_names(self):
        before = {tenant: self.snapshot(tenant) for tenant in TENANTS}
        asked = 0
        for attacker, victim in itertools.permutations(TENANTS, 2):
            for route, method in itertools.product(self.routes, METHODS):
                for path in self.paths(route, victim):
                    parameters = next(self.parameters(victim)) if attacker != "anna" else None
                    for query in [parameters] if parameters else self.parameters(victim):
                        answer = self.call(self.secrets[attacker], method, f"{path}?{query}",
                                           headers={"X-SYSMON-REGION": "kr"})
                        self.check(attacker, victim, method, path, answer)
                        asked += 1
        print(f"{asked} requests to {len(self.routes)} routes")
        self.assertEqual({tenant: self.snapshot(tenant) for tenant in TENANTS}, before, "nothing was changed")

    def test_3_a_key_does_not_fit_another_tenants_name(self):
        for attacker, victim in itertools.permutations(TENANTS, 2):
            for route, method in itertools.product(self.routes, METHODS):
                path = next(self.paths(route, victim))
                headers = {"X-Scope-OrgID": victim, "X-SYSMON-REGION": "kr"}
                answer = self.call(self.secrets[attacker], method, f"{path}?{next(self.parameters(victim))}", headers=headers)
                self.check(attacker, victim, method, path, answer)
                if route not in OPEN and answer[0] not in (404, 405, 501):
                    self.assertIn(answer[0], (400, 401, 403, 415), f"{method} {path}: {answer[1][:200]}")

    def test_4_nobody_is_anonymous(self):
        """Without a key, and with what is no key: 401 everywhere, in the form of the API."""
        wrong = [{}, {"Authorization": "Digest x"}, {"Authorization": "Bearer"}, {"X-Api-Key": ""},
                 {"Authorization": "Basic !!"}, {"X-Auth-Token": "tg_guess"}, {"Cookie": self.secrets["anna"]},
                 {"X-Scope-OrgID": "anna"}, {"X-Api-Key": "a", "X-Auth-Token": "b"}, {"Authorization": "tg_x"}]
        for route, method, headers in itertools.product(self.routes, METHODS, wrong):
            if route in OPEN:
                continue
            path = next(self.paths(route, "anna"))
            if route.endswith("/tail"):
                headers = dict(headers, **HANDSHAKE)
            status, body, fields = self.call(None, method, f"{path}?{next(self.parameters('anna'))}", headers=headers)
            if status in (404, 405, 501):
                continue
            self.assertEqual(status, 401, f"{method} {path} {headers}: {body[:200]}")
            self.assertTrue(fields.get("WWW-Authenticate"), path)
            self.check_form(path, body, fields)

    def check_form(self, path, body, fields):
        """Prometheus' JSON, the envelope of workspaces, or text."""
        if path.endswith(("/api/v1/push", "/api/v1/write", "/api/v1/read", "/api/v1/import", "/api/v1/import/prometheus",
                          "/api/v1/export", "/api/v1/metrics", "/otlp/v1/metrics")):
            self.assertTrue(fields["Content-Type"].startswith("text/plain"), path)
        elif path.startswith(("/api/v1/", "/prometheus/api/v1/")):
            self.assertEqual(fields["Content-Type"], "application/json", path)
            answer = json.loads(body)
            self.assertEqual((answer["status"], answer["errorType"]), ("error", "unauthorized"), path)
        elif path.startswith("/api/v0/"):
            self.assertTrue(json.loads(body)["error"]["message"], path)
        elif path.startswith("/v1.0/"):
            self.assertFalse(json.loads(body)["header"]["isSuccessful"], path)
        elif path.startswith(("/loki/", "/-/", "/federate")):
            self.assertTrue(fields["Content-Type"].startswith("text/plain"), path)

    def test_5_random_sweep(self):
        before = {tenant: self.snapshot(tenant) for tenant in TENANTS}
        fields = ["X-Scope-OrgID", "X-Tenant", "X-Forwarded-User", "X-Prometheus-User", "X-Original-URL", "Host"]
        for _ in range(SWEEP):
            attacker, victim = self.random.sample(TENANTS, 2)
            route, method = self.random.choice(self.routes), self.random.choice(METHODS)
            path = self.random.choice(list(self.paths(route, victim)))
            if self.random.random() < 0.2:
                path = self.random.choice(["/prometheus", "//", "/%2e%2e", f"/{victim}"]) + path
            query = self.random.choice(list(self.parameters(victim)))
            headers = {"X-SYSMON-REGION": self.random.choice(["kr", "jp"])}
            if self.random.random() < 0.5:
                headers[self.random.choice(fields)] = self.random.choice(
                    [victim, f"{attacker}|{victim}", f"{victim}|{attacker}", f"{attacker}, {victim}", "*", "operators"])
            body = None
            if method != "GET" and self.random.random() < 0.7:
                headers["Content-Type"], body = self.random.choice([
                    ("application/x-www-form-urlencoded", query),
                    ("application/json", json.dumps(dict(urllib.parse.parse_qsl(query)))),
                    ("application/json", json.dumps({"id": "x", "permissions": ["read"], "jobName": "x", "metricsPath": "/m"})),
                ])
            answer = self.call(self.secrets[attacker], method, f"{path}?{query}", body, headers)
            self.check(attacker, victim, method, path, answer)
        after = {tenant: self.snapshot(tenant) for tenant in TENANTS}
        for tenant in TENANTS:
            self.assertEqual(after[tenant][:2], before[tenant][:2], "nothing of anybody was changed")

    def test_6_a_key_reads_the_others_that_it_names_and_nothing_else(self):
        before = {tenant: self.snapshot(tenant) for tenant in TENANTS}
        shown = set()
        for org_id in ("dora|anna", "anna", "dora|bert", "anna|bert", "dora|anna|bert|cleo", "bert", "anna|", "anna|*", "anna,bert", "dora"):
            for route, method in itertools.product(self.routes, METHODS):
                path = next(self.paths(route, "anna"))
                headers = {"X-Scope-OrgID": org_id, "X-SYSMON-REGION": "kr"}
                status, body, fields = self.call(self.wide, method, f"{path}?{next(self.parameters('anna'))}", headers=headers)
                text = body + json.dumps(fields).encode()
                for other in ("bert", "cleo"):
                    self.assertNotIn(self.proofs[other].encode(), text, f"{org_id}: {method} {path}: {status}")
                if self.proofs["anna"].encode() in text:
                    self.assertIn(org_id, ("dora|anna", "anna"), f"{method} {path}")
                    self.assertTrue(FEDERATED.fullmatch(route), f"{org_id}: {method} {path}: {body[:300]}")
                    shown.add(route)
                self.assertLess(status if status != 503 else 0, 500, f"{method} {path}: {body[:200]}")
        self.assertGreater(len(shown), 8, f"it sees what it may see: {shown}")
        self.assertEqual({tenant: self.snapshot(tenant) for tenant in TENANTS}, before, "nothing was changed")

    def test_7_no_secret_was_written(self):
        """In the process' own words, its logs of queries and changes, and what an administrator sees."""
        seen = self.server.log_text().encode()
        for log in self.logs:
            with open(log, "rb") as file:
                written = file.read()
            self.assertIn(b'"request_id":"', written, log)
            seen += written
        for route in self.routes:
            if ":" not in route and not route.endswith(("/flush", "/reload")):
                seen += self.call(self.admin, "GET", route)[1]
        for secret in (*self.secrets.values(), self.admin, self.wide):
            self.assertNotIn(secret.encode(), seen)
            self.assertNotIn(hashlib.sha256(secret.encode()).hexdigest().encode(), seen)


if __name__ == "__main__":
    unittest.main()
