#!/usr/bin/python3
"""Tenants and keys by the admin API: in one process, through four, deleted, audited, by the tool."""

import json
import os
import subprocess
import tempfile
import time
import unittest

import remote_write
from server import BINARY, Server
from services_test import Cluster, eventually

NOW = int(time.time() * 1000) // 1000 * 1000
ADMIN = "/api/v1/admin/tenants"


class Api:
    """Calls as an administrator, or with another key."""

    def __init__(self, server, secret=None):
        self.server, self.secret = server, secret

    def __call__(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if self.secret:
            headers["X-Api-Key"] = self.secret
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        status, answer, fields = self.server.request(method, path, body, headers)
        data = json.loads(answer) if answer and fields.get("Content-Type") == "application/json" else answer
        return status, data

    def make_key(self, tenant, key_id, *permissions):
        status, answer = self("POST", f"{ADMIN}/{tenant}/keys", {"id": key_id, "permissions": permissions})
        assert status == 201, answer
        return answer["data"]["secret"]

    def push(self, value, at=NOW):
        body = remote_write.snappy(remote_write.request([remote_write.series({"__name__": "m"}, [(at, value)])]))
        return self("POST", "/api/v1/push", body, {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"})[0]

    def values(self):
        status, answer = self("GET", f"/api/v1/query?query=m&time={NOW / 1000}")
        return status, [float(s["value"][1]) for s in answer["data"]["result"]] if status == 200 else answer

    def lines(self):
        status, answer = self("GET", f"/loki/api/v1/query_range?query=%7Ba%3D%22b%22%7D&start={NOW - 10**6}000000&end={NOW + 10**6}000000")
        return status, [line for stream in answer["data"]["result"] for _, line in stream["values"]] if status == 200 else answer


class Tenants(unittest.TestCase):
    def test_life_of_a_tenant(self):
        with Server() as server:
            admin = Api(server)
            self.assertEqual(admin("PUT", f"{ADMIN}/a", {"retention": "30d", "limits": {"max_series": 7}})[0], 200)
            status, answer = admin("GET", f"{ADMIN}/a")
            self.assertEqual(status, 200)
            self.assertEqual(answer["data"]["config"]["limits"]["max_series"], 7)
            self.assertEqual((answer["data"]["source"], answer["data"]["state"]), ("api", "active"))
            # The first key must be able to administrate.
            status, answer = admin("POST", f"{ADMIN}/a/keys", {"id": "r", "permissions": ["read"]})
            self.assertEqual(status, 409, answer)
            admin = Api(server, admin.make_key("default", "root", "admin"))
            self.assertEqual(Api(server)("GET", ADMIN)[0], 401, "authentication is on now")
            reader = Api(server, admin.make_key("a", "r", "read"))
            writer = Api(server, admin.make_key("a", "w", "write"))
            self.assertEqual(writer.push(1.0), 204)
            self.assertEqual(reader.values(), (200, [1.0]))
            self.assertEqual(reader.push(2.0), 403)
            self.assertEqual(reader("GET", ADMIN)[0], 403)
            status, answer = admin("GET", f"{ADMIN}/a/keys")
            self.assertEqual([key["id"] for key in answer["data"]], ["r", "w"])
            self.assertNotIn("sha256", json.dumps(answer))
            self.assertEqual(admin("POST", f"{ADMIN}/a/keys", {"id": "r", "permissions": ["read"]})[0], 409)
            self.assertEqual(admin("POST", f"{ADMIN}/none/keys", {"id": "r", "permissions": ["read"]})[0], 404)
            self.assertEqual(admin("POST", f"{ADMIN}/a/keys", {"id": "x"})[0], 400)
            self.assertEqual(admin("PUT", f"{ADMIN}/a", {"limits": {"no": 1}})[0], 400)
            self.assertEqual(admin("DELETE", f"{ADMIN}/a/keys/r")[0], 204)
            self.assertEqual(reader.values()[0], 401)
            self.assertEqual(admin("DELETE", f"{ADMIN}/default/keys/root")[0], 409, "the last one")
            # What was made survives.
            server.kill()
            server.start()
            self.assertEqual(writer.push(2.0, NOW + 1), 204)
            self.assertEqual(reader.values()[0], 401)

    def test_the_file_wins(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("tenants: [{name: a, limits: {max_series: 3}}]\n")
            file.flush()
            with Server(flags=[f"--config={file.name}"]) as server:
                admin = Api(server)
                status, answer = admin("PUT", f"{ADMIN}/a", {})
                self.assertEqual(status, 409)
                self.assertIn("configuration file", answer["error"])
                admin.make_key("a", "root", "admin")

    def test_a_key_of_the_file_is_revoked_by_the_tool(self):
        made = [subprocess.run([BINARY, "key", "create", name, f"--permissions={permissions}"], capture_output=True,
                               text=True, check=True).stdout.splitlines() for name, permissions in (("r", "read"), ("root", "admin"))]
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("tenants: [{name: a, keys: [" + ", ".join(entry.removeprefix("- ") for _, entry in made) + "]}]\n")
            file.flush()
            with Server(flags=[f"--config={file.name}"]) as server:
                reader, root = (secret for secret, _ in made)
                self.assertEqual(Api(server, reader).values()[0], 200)
                revoked = subprocess.run([BINARY, "key", "revoke", "r", "--tenant=a", f"--server=http://127.0.0.1:{server.http_port}"],
                                         capture_output=True, text=True, env=dict(os.environ, TIDEGATE_KEY=root), check=False)
                self.assertEqual(revoked.returncode, 0, revoked.stderr)
                self.assertEqual(Api(server, reader).values()[0], 401)
                self.assertEqual([key["id"] for key in Api(server, root)("GET", f"{ADMIN}/a/keys")[1]["data"]], ["root"])
                server.kill()
                server.start()
                self.assertEqual(Api(server, reader).values()[0], 401, "it survives")
                self.assertEqual(Api(server, root)("POST", "/-/reload")[0], 200)
                self.assertEqual(Api(server, reader).values()[0], 401, "whatever the file says")

    def test_request_ids(self):
        with tempfile.TemporaryDirectory() as folder, Server(flags=[f"--query_log_file={folder}/query.log"]) as server:
            server.request("GET", "/api/v1/query?query=7", headers={"X-Request-Id": "log-me"})
            with open(f"{folder}/query.log", encoding="utf-8") as file:
                self.assertEqual(json.loads(file.read())["request_id"], "log-me")
            _, _, fields = server.request("GET", "/api/v1/query?query=1", headers={"X-Request-Id": "my-id.7"})
            self.assertEqual(fields["X-Request-Id"], "my-id.7")
            made = {server.request("GET", path)[2]["X-Request-Id"] for path in ("/-/ready", "/none", "/api/v1/query")}
            self.assertEqual(len(made), 3)

    def test_audit(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "audit.log")
            with Server(flags=[f"--audit_log_file={path}"]) as server:
                secret = Api(server).make_key("default", "root", "admin")
                admin = Api(server, secret)
                admin("PUT", f"{ADMIN}/a", {}, {"X-Request-Id": "id-1"})
                admin("POST", "/api/v1/admin/tsdb/delete_series?match[]=m&token=hidden")
                Api(server, "tg_wrong")("DELETE", f"{ADMIN}/a")
                admin("GET", ADMIN)
                admin("POST", "/-/flush")
                admin("POST", "/loki/api/v1/delete?query=%7Bapp%3D%22hidden%22%7D&start=1700000000&end=1700000001")
                admin("GET", "/loki/api/v1/delete")
                admin("DELETE", "/v1.0/projects/default/jobs/none")  # needs write, root has admin
                os.rename(path, path + ".old")
                admin("POST", "/-/reload")
                admin("DELETE", f"{ADMIN}/a")
                with open(path + ".old", encoding="utf-8") as file:
                    text = file.read()
                with open(path, encoding="utf-8") as file:
                    text += file.read()
            lines = [json.loads(line) for line in text.splitlines()]
            self.assertEqual(
                [(line["action"], line["status"], line["by_key"]) for line in lines],
                [("create_key", 201, ""), ("put_tenant", 200, "root"), ("delete_series", 204, "root"),
                 ("delete_tenant", 401, ""), ("flush", 204, "root"), ("delete_logs", 204, "root"),
                 ("delete_job", 403, "root"), ("reload", 200, "root"), ("delete_tenant", 202, "root")],
            )
            self.assertEqual(lines[1]["request_id"], "id-1")
            self.assertEqual((lines[1]["by_tenant"], lines[1]["tenant"]), ("default", "a"))
            self.assertTrue(lines[1]["source"].startswith("127.0.0.1:"))
            for hidden in (secret, "tg_", "hidden"):
                self.assertNotIn(hidden, text)

    def test_the_tool(self):
        with Server() as server:
            url = f"--server=http://127.0.0.1:{server.http_port}"

            def key(*words, secret=""):
                return subprocess.run([BINARY, "key", *words, url], capture_output=True, text=True,
                                      env=dict(os.environ, TIDEGATE_KEY=secret), check=False)

            root = key("create", "root", "--permissions=admin").stdout.strip()
            self.assertTrue(root.startswith("tg_"), root)
            self.assertEqual(key("list").returncode, 1)
            self.assertIn("401", key("list").stderr)
            secret = key("create", "r", "--permissions=read", secret=root).stdout.strip()
            self.assertEqual(Api(server, secret).values()[0], 200)
            self.assertIn('"id":"r"', key("list", secret=root).stdout)
            self.assertEqual(key("revoke", "r", secret=root).returncode, 0)
            self.assertEqual(Api(server, secret).values()[0], 401)
            self.assertIn("has no key r", key("revoke", "r", secret=root).stderr)


class Federation(unittest.TestCase):
    """X-Scope-OrgID: a|b, by keys and by trust."""

    def fill(self, person, tenant, admin):
        for i in range(2):  # Sealed and unsealed.
            labels = {"__name__": "m", "of": tenant, "i": str(i)}
            body = remote_write.snappy(remote_write.request(
                [remote_write.series(labels, [(NOW, 1.0)])], [remote_write.metadata("m", 2, f"help of {tenant}")]))
            headers = {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"}
            # Another process may not know the tenant yet.
            eventually(lambda: self.assertEqual(person("POST", "/api/v1/push", body, headers), (204, b"")), 5)
            body = json.dumps({"streams": [{"stream": {"app": "x", "i": str(i)}, "values": [[str(NOW * 10**6), f"line of {tenant}"]]}]})
            self.assertEqual(person("POST", "/loki/api/v1/push", body, {"Content-Type": "application/json"})[0], 204)
            if i == 0:
                self.assertEqual(admin("POST", "/-/flush")[0], 204)

    def check_queries(self, ask):
        """ask(path) of a|b gives (status, answer)."""
        times = f"start={NOW // 1000 - 60}&end={NOW // 1000 + 60}"
        data = lambda path: (lambda status, answer: answer["data"] if status == 200 else self.fail(answer))(*ask(path))
        ids = lambda series: sorted(one["__tenant_id__"] for one in series)
        result = data(f"/api/v1/query?query=m&time={NOW / 1000}")["result"]
        self.assertEqual(ids(one["metric"] for one in result), ["a", "a", "b", "b"])
        result = data(f"/prometheus/api/v1/query_range?query=sum+by(__tenant_id__,of)(m)&{times}&step=60")["result"]
        self.assertEqual([one["metric"] for one in result], [{"__tenant_id__": t, "of": t} for t in ("a", "b")])
        chosen = "m%7B__tenant_id__%3D~%22b%7Cc%22%7D"
        result = data(f"/api/v1/query?query={chosen}&time={NOW / 1000}")["result"]
        self.assertEqual(ids(one["metric"] for one in result), ["b", "b"])
        self.assertEqual(ids(data(f"/api/v1/series?match[]={chosen}")), ["b", "b"])
        self.assertIn("__tenant_id__", data("/api/v1/labels"))
        self.assertEqual(data("/api/v1/label/__tenant_id__/values"), ["a", "b"])
        self.assertEqual(data("/api/v1/label/of/values"), ["a", "b"])
        self.assertEqual(sorted(one["help"] for one in data("/api/v1/metadata")["m"]), ["help of a", "help of b"])
        result = data(f"/loki/api/v1/query_range?query=%7Bapp%3D%22x%22%7D&{times}")["result"]
        self.assertEqual(ids(one["stream"] for one in result), ["a", "a", "b", "b"])
        result = data(f"/loki/api/v1/query_range?query=%7B__tenant_id__%3D%22a%22%7D&{times}")["result"]
        self.assertEqual({line for one in result for _, line in one["values"]}, {"line of a"})
        metric = "sum+by(__tenant_id__)(count_over_time(%7Bapp%3D%22x%22%7D%5B2m%5D))"
        result = data(f"/loki/api/v1/query?query={metric}&time={NOW // 1000 + 60}")["result"]
        self.assertEqual([(one["metric"]["__tenant_id__"], one["value"][1]) for one in result], [("a", "2"), ("b", "2")])
        self.assertEqual(data(f"/loki/api/v1/label/__tenant_id__/values?{times}"), ["a", "b"])
        self.assertEqual(ids(data(f"/loki/api/v1/series?match[]=%7Bapp%3D%22x%22%7D&{times}")), ["a", "a", "b", "b"])
        _, answer = ask(f"/federate?match[]=m")
        self.assertEqual(answer.count(b'__tenant_id__="a"'), 2, answer)

    def check_refusals(self, ask, expected_other):
        """ask(method, path, body, org_id) gives (status, answer)."""
        self.assertEqual(ask("GET", "/api/v1/query?query=m", None, "a|c")[0], expected_other)
        self.assertIn(ask("GET", "/api/v1/query?query=m", None, "a|../b")[0], (401, 403))
        for method, path in (("POST", "/api/v1/push"), ("POST", "/loki/api/v1/push"), ("GET", "/api/v1/status/tenant_limits"),
                             ("GET", "/api/v1/rules"), ("GET", "/loki/api/v1/drilldown-limits")):
            status, answer = ask(method, path, b"x" if method == "POST" else None, "a|b")
            self.assertEqual(status, 400, (path, answer))
            self.assertIn("multiple org IDs", str(answer))

    def test_keys_that_read_others(self):
        for wiring in (Server, Cluster):
            with self.subTest(wiring.__name__), wiring() as processes:
                server = processes if wiring is Server else processes.gateway
                admin = Api(server, Api(server).make_key("default", "root", "admin"))
                people = {}
                for tenant in ("a", "b", "c"):
                    admin("PUT", f"{ADMIN}/{tenant}", {})
                    people[tenant] = Api(server, admin.make_key(tenant, "k", "read", "write"))
                eventually(lambda: [self.assertEqual(person.values()[0], 200) for person in people.values()], 5)
                for tenant, person in people.items():
                    self.fill(person, tenant, admin)
                status, answer = admin("POST", f"{ADMIN}/a/keys", {"id": "wide", "permissions": ["read", "write"], "read_tenants": ["b"]})
                self.assertEqual((status, answer["data"]["read_tenants"]), (201, ["b"]))
                wide = Api(server, answer["data"]["secret"])
                ask = lambda path: wide("GET", path, headers={"X-Scope-OrgID": "b|a|b"})
                eventually(lambda: self.assertEqual(ask("/api/v1/query?query=m")[0], 200), 5)
                self.check_queries(ask)
                self.check_refusals(lambda method, path, body, org_id: wide(method, path, body, {"X-Scope-OrgID": org_id}), 403)
                narrow = lambda path: people["a"]("GET", path, headers={"X-Scope-OrgID": "a|b"})
                self.assertEqual(narrow("/api/v1/query?query=m")[0], 403, "without read_tenants")
                admin("PUT", f"{ADMIN}/b", {"limits": {"max_query_series": 3, "max_tenants_per_query": 1}})
                eventually(lambda: self.assertEqual(ask("/api/v1/query?query=m")[0], 400), 5)
                self.assertEqual(ask("/api/v1/query?query=m")[1]["error"], "too many tenants, max: 1, actual: 2")
                admin("PUT", f"{ADMIN}/b", {"limits": {"max_query_series": 3}})
                eventually(lambda: self.assertEqual(ask("/api/v1/query?query=m")[0], 422), 5)
                self.assertEqual(people["a"].values()[0], 200)

    def test_trusted_names(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("trust_org_id: true\ntenants: [{name: a}, {name: b}]\n")
            file.flush()
            with Server(flags=[f"--config={file.name}"]) as server:
                api = Api(server)
                of = lambda tenant: (lambda method, path, body=None, headers=None: api(
                    method, path, body, {**(headers or {}), "X-Scope-OrgID": tenant}))
                for tenant in ("a", "b"):
                    self.fill(of(tenant), tenant, api)
                self.check_queries(lambda path: of("a|b")("GET", path))
                self.check_refusals(lambda method, path, body, org_id: of(org_id)(method, path, body), 404)


class Limits(unittest.TestCase):
    def test_rates_hold_at_once_and_only_for_their_tenant(self):
        with Server() as server:
            admin = Api(server, Api(server).make_key("default", "root", "admin"))
            people = {}
            for tenant in ("a", "b"):
                admin("PUT", f"{ADMIN}/{tenant}", {})
                people[tenant] = Api(server, admin.make_key(tenant, "k", "read", "write"))
            pushes = lambda person: [person.push(1.0, NOW + i) for i in range(20)]
            self.assertEqual(set(pushes(people["a"])), {204})
            for limits in ({"ingestion_rate": 0.01, "ingestion_burst_size": 5}, {"request_rate": 0.01, "request_burst_size": 5}):
                admin("PUT", f"{ADMIN}/a", {"limits": limits})
                self.assertEqual(pushes(people["a"]).count(204), 5, limits)
                self.assertEqual(set(pushes(people["b"])), {204}, limits)
            body = remote_write.snappy(remote_write.request([remote_write.series({"__name__": "m"}, [(NOW, 1.0)])]))
            status, text, fields = server.request("POST", "/api/v1/push", body, {"X-Api-Key": people["a"].secret})
            self.assertEqual((status, bool(fields.get("Retry-After"))), (429, True))
            self.assertIn(b"request_rate of 0.01", text)
            _, text = admin("GET", "/-/metrics")
            self.assertRegex(text.decode(), r'tidegate_ingest_rejected_samples_total{reason="rate_limited",tenant="a"} [1-9]')


class Use(unittest.TestCase):
    def test_a_tenant_sees_its_limits_and_its_use(self):
        with Server() as server:
            api = Api(server)
            api("PUT", f"{ADMIN}/default", {"limits": {"max_series": 100}})
            api.push(1.0)
            status, answer = api("GET", "/api/v1/status/tenant_limits")
            self.assertEqual(status, 200)
            self.assertEqual(answer["data"]["tenant"], "default")
            self.assertEqual(answer["data"]["config"]["limits"]["max_series"], 100)
            use = answer["data"]["use"]
            self.assertEqual({name: use[name] for name in ("max_series", "max_concurrent_queries", "max_rule_groups", "max_monitors", "max_hosts", "max_push_groups")},
                             {"max_series": 1, "max_concurrent_queries": 0, "max_rule_groups": 0, "max_monitors": 0, "max_hosts": 0,
                              "max_push_groups": 0})
            self.assertEqual(use["max_scrape_jobs"], 4, "the reserved ones")

    def test_the_page_is_the_tenants_own(self):
        with Server() as server:
            admin = Api(server, Api(server).make_key("default", "root", "admin"))
            admin("PUT", f"{ADMIN}/a", {"limits": {"max_series": 1, "max_series_per_metric": 1, "max_metadata_length": 9}})
            admin("PUT", f"{ADMIN}/b", {})
            person = Api(server, admin.make_key("a", "k", "read", "write"))
            self.assertEqual(person.push(1.0), 204)
            body = remote_write.snappy(remote_write.request(
                [remote_write.series({"__name__": "other"}, [(NOW, 1.0)])], [remote_write.metadata("m" * 10, 2)]))
            status, answer = person("POST", "/api/v1/push", body, {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"})
            self.assertEqual(status, 400, answer)
            status, page, fields = server.request("GET", "/tenant-limits", headers={"X-Api-Key": person.secret})
            self.assertEqual(status, 200)
            self.assertIn("default-src 'none'", fields["Content-Security-Policy"])
            self.assertIn(b"Limits of a<", page)
            self.assertRegex(page.decode(), r"max_series</code></td><td class=.n.>1</td><td class=.n.>1</td><td>series_limit: 1")
            self.assertIn("metadata_too_long: 1", page.decode())
            self.assertEqual(person("GET", "/api/v1/status/tenant_limits")[1]["data"]["rejected"], {"metadata_too_long": 1, "series_limit": 1})
            self.assertNotIn(b"tenant=b", page)
            self.assertEqual(person("GET", "/tenant-limits?tenant=b")[0], 403)
            self.assertEqual(server.request("GET", "/tenant-limits")[0], 401)
            self.assertIn(b"tenant=b", admin("GET", "/tenant-limits?tenant=a")[1])


class Processes(unittest.TestCase):
    def test_keys_hold_everywhere_and_fail_within_five_seconds(self):
        with Cluster() as cluster:
            root = Api(cluster.gateway).make_key("default", "root", "admin")
            admin = Api(cluster.gateway, root)
            admin("PUT", f"{ADMIN}/a", {})
            secret = admin.make_key("a", "k", "read", "write")
            gateway, ingester, querier = (Api(s, secret) for s in (cluster.gateway, cluster.ingester, cluster.querier))

            def let_in():
                self.assertEqual([gateway.push(1.0), ingester.push(1.0), gateway.values()[0], querier.values()[0]],
                                 [204, 204, 200, 200])

            eventually(let_in, 5)
            admin("DELETE", f"{ADMIN}/a/keys/k")

            def shut_out():
                self.assertEqual([gateway.push(1.0), ingester.push(1.0), gateway.values()[0], querier.values()[0]],
                                 [401, 401, 401, 401])

            eventually(shut_out, 5)

    def test_the_gateway_tells_what_the_ingester_refused(self):
        with Cluster() as cluster:
            admin = Api(cluster.gateway, Api(cluster.gateway).make_key("default", "root", "admin"))
            admin("PUT", f"{ADMIN}/a", {"limits": {"max_series": 1}})
            person = Api(cluster.gateway, admin.make_key("a", "k", "read", "write"))
            eventually(lambda: self.assertEqual(person.push(1.0), 204), 5)
            body = remote_write.snappy(remote_write.request([remote_write.series({"__name__": "other"}, [(NOW, 1.0)])]))
            self.assertEqual(person("POST", "/api/v1/push", body, {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"})[0], 400)
            status, answer = person("GET", "/api/v1/status/tenant_limits")
            self.assertEqual((status, answer["data"]["rejected"]), (200, {"series_limit": 1}))
            self.assertEqual(answer["data"]["use"]["max_series"], 1)
            self.assertEqual(answer["data"]["use"]["max_monitors"], 0)

    def test_a_deleted_tenant_leaves_nothing(self):
        with Cluster() as cluster:
            admin = Api(cluster.gateway, Api(cluster.gateway).make_key("default", "root", "admin"))
            people = {}
            for tenant in ("a", "b"):
                admin("PUT", f"{ADMIN}/{tenant}", {})
                people[tenant] = Api(cluster.gateway, admin.make_key(tenant, "k", "read", "write"))

            def fill(person, first):
                """Sealed and unsealed, samples and log lines."""
                for i in range(2):
                    self.assertEqual(person.push(float(first + i), NOW - 1000 + i), 204)
                    body = json.dumps({"streams": [{"stream": {"a": "b"}, "values": [[str((NOW + i) * 10**6), f"line {first + i}"]]}]})
                    self.assertEqual(person("POST", "/loki/api/v1/push", body, {"Content-Type": "application/json"})[0], 204)
                    if i == 0:
                        self.assertEqual(admin("POST", "/-/flush")[0], 204)

            eventually(lambda: self.assertEqual(people["b"].push(0.0, NOW - 5000), 204), 5)
            for tenant, first in (("a", 10), ("b", 20)):
                fill(people[tenant], first)
            self.assertEqual(admin("DELETE", f"{ADMIN}/a")[0], 202)
            self.assertEqual(people["a"].values()[0], 401)
            self.assertEqual(admin("PUT", f"{ADMIN}/a", {})[0], 409, "its data is being removed")
            eventually(lambda: self.assertEqual(admin("GET", f"{ADMIN}/a")[0], 404), 60)
            # The same name is a new tenant.
            self.assertEqual(admin("PUT", f"{ADMIN}/a", {})[0], 200)
            again = Api(cluster.gateway, admin.make_key("a", "k", "read", "write"))
            eventually(lambda: self.assertEqual(again.values(), (200, [])), 5)
            self.assertEqual(again.lines(), (200, []))
            self.assertEqual(people["b"].values(), (200, [21.0]))
            self.assertEqual(sorted(people["b"].lines()[1]), ["line 20", "line 21"])

    def test_nobody_is_let_in_before_the_store_was_asked(self):
        with Cluster() as cluster:
            root = Api(cluster.gateway).make_key("default", "root", "admin")
            cluster.store.kill()
            cluster.gateway.kill()
            cluster.gateway.start(wait_ready=False)
            for person in (Api(cluster.gateway), Api(cluster.gateway, root)):
                self.assertEqual(person.push(1.0), 503)
                self.assertEqual(person.values()[0], 503)
                status, answer = person("GET", "/v1.0/projects/default/jobs", headers={"X-SYSMON-REGION": "kr"})
                self.assertEqual(status, 503)
                self.assertFalse(answer["header"]["isSuccessful"])
            self.assertEqual(cluster.gateway.request("GET", "/-/ready")[0], 503)
            cluster.store.start()
            eventually(lambda: self.assertEqual(Api(cluster.gateway, root)("GET", ADMIN)[0], 200))
            self.assertEqual(Api(cluster.gateway).push(1.0), 401)


if __name__ == "__main__":
    unittest.main()
