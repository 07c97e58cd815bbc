#!/usr/bin/python3
"""deploy/kubernetes: every overlay builds, its objects are valid, and they fit the server and each other."""

import glob
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

try:
    import kubernetes_schema
    import kustomize
    import yaml
except ImportError as error:
    kustomize, MISSING = None, error

import server

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
FOLDER = os.path.join(ROOT, "deploy", "kubernetes")
OVERLAYS = sorted(glob.glob(os.path.join(FOLDER, "overlays", "*")))
WORKLOADS = {"Deployment", "StatefulSet"}


def overlay(name):
    return kustomize.build(os.path.join(FOLDER, "overlays", name))


def of_kind(objects, *kinds):
    return [found for found in objects if found["kind"] in kinds]


def named(found):
    return f"{found['kind']} {found['metadata']['name']}"


def container(workload):
    (only,) = workload["spec"]["template"]["spec"]["containers"]
    return only


def flags(workload):
    return dict(argument[2:].split("=", 1) for argument in container(workload)["args"])


def selects(selector, labels):
    return selector.items() <= labels.items()


@unittest.skipIf(kustomize is None, "python3-yaml and python3-kubernetes are not installed")
class Kubernetes(unittest.TestCase):
    def setUp(self):
        self.assertEqual([os.path.basename(o) for o in OVERLAYS], ["all-in-one", "services"])
        self.overlays = {os.path.basename(o): kustomize.build(o) for o in OVERLAYS}

    def objects(self, *kinds):
        for objects in self.overlays.values():
            yield from of_kind(objects, *kinds)

    def test_every_object_is_valid(self):
        for objects in self.overlays.values():
            self.assertGreater(len(objects), 5)
            for found in objects:
                self.assertEqual(kubernetes_schema.faults(found), [], named(found))

    def test_the_check_finds_faults(self):
        workload = overlay("services")
        broken = of_kind(workload, "StatefulSet")[0]
        container(broken)["readynessProbe"] = {}
        del broken["spec"]["selector"]
        broken["spec"]["replicas"] = "1"
        text = " ".join(kubernetes_schema.faults(broken))
        for part in ("readynessProbe", "`selector`", "replicas"):
            self.assertIn(part, text)

    def test_nothing_is_defined_twice(self):
        for objects in self.overlays.values():
            names = [named(found) for found in objects]
            self.assertEqual(len(names), len(set(names)), names)

    def test_kubectl_builds_the_same(self):
        kubectl = shutil.which("kubectl")
        if kubectl is None:
            self.skipTest("kubectl is not installed")
        for path, ours in zip(OVERLAYS, self.overlays.values()):
            built = subprocess.run([kubectl, "kustomize", path], capture_output=True, text=True)
            if "unknown field" in built.stderr or "omponent" in built.stderr:
                self.skipTest("this kubectl is older than kustomize's components")
            self.assertEqual(built.returncode, 0, built.stderr)
            theirs = [found for found in yaml.safe_load_all(built.stdout)]
            self.assertEqual(sorted(ours, key=named), sorted(theirs, key=named))

    def test_schemas_with_formats_and_custom_resources(self):
        """Node's models of Kubernetes 1.27 and the Prometheus operator: enums, formats, ServiceMonitor."""
        npm = shutil.which("npm")
        if npm is None:
            self.skipTest("npm is not installed")
        with tempfile.TemporaryDirectory(prefix="tidegate-schemas-") as folder:
            packages = ["kubernetes-models@5.1.0", "@kubernetes-models/prometheus-operator@6.0.0"]
            try:
                subprocess.run([npm, "install", "--no-package-lock", "--no-audit", "--no-fund", *packages],
                               cwd=folder, check=True, capture_output=True, timeout=120)
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
                self.skipTest("the schemas cannot be installed")
            with open(os.path.join(folder, "objects.json"), "w", encoding="utf-8") as file:
                json.dump([found for objects in self.overlays.values() for found in objects], file)
            shutil.copy(os.path.join(os.path.dirname(__file__), "kubernetes_models.mjs"), folder)
            checked = subprocess.run(["node", "kubernetes_models.mjs", "objects.json"], cwd=folder,
                                     capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        self.assertRegex(checked.stdout, r"\d\d objects are valid")

    # --- Against the server ---

    def test_flags_exist(self):
        text = subprocess.run([server.BINARY, "--help"], capture_output=True, text=True).stdout
        known = set(re.findall(r"^  --(\w+)=", text, re.M))
        self.assertIn("storage_dir", known)
        targets = set()
        for workload in self.objects(*WORKLOADS):
            self.assertLessEqual(set(flags(workload)), known, named(workload))
            targets.add(flags(workload)["target"])
        self.assertEqual(targets, {"all", "gateway", "ingester", "store", "querier", "control"})

    def test_the_configuration_is_valid(self):
        for config in self.objects("ConfigMap"):
            if config["metadata"]["name"] != "tidegate-config":
                continue
            with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
                file.write(config["data"]["tidegate.yaml"])
                file.flush()
                checked = subprocess.run([server.BINARY, "check", "config", file.name],
                                         capture_output=True, text=True)
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_probes_answer(self):
        paths = set()
        for workload in self.objects(*WORKLOADS):
            for probe in ("readinessProbe", "livenessProbe"):
                paths.add(container(workload)[probe]["httpGet"]["path"])
        for monitor in self.objects("ServiceMonitor"):
            paths.add(monitor["spec"]["endpoints"][0]["path"])
        self.assertEqual(paths, {"/-/ready", "/-/healthy", "/-/metrics"})
        with server.Server() as tidegate:
            for path in paths:
                self.assertEqual(tidegate.request("GET", path)[0], 200, path)

    # --- Against each other ---

    def test_pods_run_without_rights(self):
        for workload in self.objects(*WORKLOADS):
            pod = workload["spec"]["template"]["spec"]
            self.assertTrue(pod["securityContext"]["runAsNonRoot"], named(workload))
            self.assertFalse(pod["automountServiceAccountToken"], named(workload))
            security = container(workload)["securityContext"]
            self.assertTrue(security["readOnlyRootFilesystem"], named(workload))
            self.assertEqual(security["capabilities"]["drop"], ["ALL"], named(workload))
            self.assertIn("memory", container(workload)["resources"]["limits"], named(workload))
        self.assertEqual(list(self.objects("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")), [])

    def test_ports_match(self):
        for workload in self.objects(*WORKLOADS):
            ports = {port["name"]: port["containerPort"] for port in container(workload)["ports"]}
            given = flags(workload)
            self.assertEqual(given["http_address"], f"0.0.0.0:{ports['http']}", named(workload))
            if "grpc" in ports:
                self.assertEqual(given["grpc_address"], f"0.0.0.0:{ports['grpc']}", named(workload))
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                if probe in container(workload):
                    self.assertIn(container(workload)[probe]["httpGet"]["port"], ports)

    def test_selectors_find_pods(self):
        for objects in self.overlays.values():
            pods = {}
            for workload in of_kind(objects, *WORKLOADS):
                labels = workload["spec"]["template"]["metadata"]["labels"]
                self.assertTrue(selects(workload["spec"]["selector"]["matchLabels"], labels))
                pods[workload["metadata"]["name"]] = (labels, container(workload)["ports"])
            selectors = []
            for found in objects:
                spec = found.get("spec", {})
                if found["kind"] == "Service":
                    selectors.append((named(found), spec["selector"], [p["targetPort"] for p in spec["ports"]]))
                elif found["kind"] == "PodDisruptionBudget":
                    selectors.append((named(found), spec["selector"]["matchLabels"], []))
                elif found["kind"] == "NetworkPolicy":
                    selectors.append((named(found), spec["podSelector"]["matchLabels"],
                                      [p["port"] for rule in spec["ingress"] for p in rule["ports"]]))
            self.assertGreater(len(selectors), 1)
            for name, selector, ports in selectors:
                chosen = [p for labels, p in pods.values() if selects(selector, labels)]
                self.assertEqual(len(chosen), 1, name)
                self.assertLessEqual(set(ports), {port["name"] for port in chosen[0]}, name)

    def test_addresses_are_services_that_may_be_reached(self):
        """Each --*_address names a Service with that port, whose policy lets the caller in."""
        objects = self.overlays["services"]
        services = {found["metadata"]["name"]: found["spec"] for found in of_kind(objects, "Service")}
        policies = {found["metadata"]["name"]: found["spec"] for found in of_kind(objects, "NetworkPolicy")}
        calls = 0
        for workload in of_kind(objects, *WORKLOADS):
            labels = workload["spec"]["template"]["metadata"]["labels"]
            own = policies[workload["metadata"]["name"]]
            for flag, value in flags(workload).items():
                if not re.fullmatch("(ingester|store|querier|control)_address", flag):
                    continue
                for address in value.split(","):
                    host, port = address.split(":")
                    name = host.split(".")[-1]
                    self.assertIn(int(port), [p["port"] for p in services[name]["ports"]], address)
                    peers = [peer["podSelector"]["matchLabels"] for rule in policies[name]["ingress"]
                             for peer in rule["from"] if "podSelector" in peer]
                    self.assertTrue(any(selects(peer, labels) for peer in peers), f"{flag} of {named(workload)}")
                    if "egress" in own:
                        allowed = [peer["podSelector"]["matchLabels"] for rule in own["egress"]
                                   for peer in rule.get("to", [])]
                        self.assertIn(services[name]["selector"], allowed, f"{flag} of {named(workload)}")
                    calls += 1
        self.assertEqual(calls, 11)

    def test_control_processes_have_the_names_that_gateways_ask(self):
        objects = {named(found): found for found in self.overlays["services"]}
        control = objects["StatefulSet tidegate-control"]
        asked = flags(objects["Deployment tidegate-gateway"])["control_address"].split(",")
        self.assertEqual(asked, [f"tidegate-control-{i}.{control['spec']['serviceName']}:9095"
                                 for i in range(control["spec"]["replicas"])])

    def test_only_one_process_opens_a_volume(self):
        for workload in self.objects(*WORKLOADS):
            if "storage_dir" not in flags(workload):
                continue
            self.assertEqual((workload["kind"], workload["spec"]["replicas"]), ("StatefulSet", 1))
            mounts = {mount["mountPath"]: mount["name"] for mount in container(workload)["volumeMounts"]}
            claims = [claim["metadata"]["name"] for claim in workload["spec"]["volumeClaimTemplates"]]
            self.assertIn(mounts[flags(workload)["storage_dir"]], claims)

    def test_autoscaling_by_metrics_that_exist(self):
        with open(os.path.join(ROOT, "docs", "operations.md"), encoding="utf-8") as file:
            documented = file.read()
        scaled = set()
        for scaler in self.objects("HorizontalPodAutoscaler"):
            scaled.add(scaler["spec"]["scaleTargetRef"]["name"])
            for metric in scaler["spec"]["metrics"]:
                self.assertIn(f"`{metric['pods']['metric']['name']}`", documented)
        names = {w["metadata"]["name"] for w in of_kind(self.overlays["services"], "Deployment")}
        self.assertEqual(scaled, names)

    def test_alert_rules_are_those_of_the_file(self):
        with open(os.path.join(ROOT, "deploy", "alerts", "tidegate.yaml"), encoding="utf-8") as file:
            groups = yaml.safe_load(file)["groups"]
        for rule in self.objects("PrometheusRule"):
            self.assertEqual(rule["spec"]["groups"], groups)

    def test_data_sources_name_the_service_that_answers(self):
        for objects in self.overlays.values():
            (config,) = [c for c in of_kind(objects, "ConfigMap") if "datasources.yaml" in c["data"]]
            services = {f"{s['metadata']['name']}.{s['metadata']['namespace']}.svc": s["spec"]
                        for s in of_kind(objects, "Service")}
            for source in yaml.safe_load(config["data"]["datasources.yaml"])["datasources"]:
                host, port = re.match(r"http://([^:/]+):(\d+)", source["url"]).groups()
                self.assertIn(int(port), [p["port"] for p in services[host]["ports"]])


if __name__ == "__main__":
    unittest.main()
