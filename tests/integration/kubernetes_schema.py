"""Objects against the types of Debian's Kubernetes client (Kubernetes 1.22).

Stricter than the API server: a field that the types do not have is an error, not dropped.
autoscaling/v2 is younger than these types and is read as the v2beta2 that it was made from."""

import re

import kubernetes.client as types

SCALARS = {"str": str, "int": int, "bool": bool, "float": (int, float), "object": object}
CLASSES = {
    ("v1", "ConfigMap"): "V1ConfigMap",
    ("v1", "Namespace"): "V1Namespace",
    ("v1", "Service"): "V1Service",
    ("v1", "ServiceAccount"): "V1ServiceAccount",
    ("apps/v1", "Deployment"): "V1Deployment",
    ("apps/v1", "StatefulSet"): "V1StatefulSet",
    ("autoscaling/v2", "HorizontalPodAutoscaler"): "V2beta2HorizontalPodAutoscaler",
    ("networking.k8s.io/v1", "NetworkPolicy"): "V1NetworkPolicy",
    ("policy/v1", "PodDisruptionBudget"): "V1PodDisruptionBudget",
}
# Custom resources have no types there.
CUSTOM = {("monitoring.coreos.com/v1", "ServiceMonitor"), ("monitoring.coreos.com/v1", "PrometheusRule")}


def faults(manifest):
    """What is wrong with an object, one sentence each."""
    kind = (manifest.get("apiVersion"), manifest.get("kind"))
    if kind in CUSTOM:
        return []
    if kind not in CLASSES:
        return [f"{kind}: no such kind is expected"]
    return list(_object(manifest, CLASSES[kind], manifest["kind"]))


def _object(value, name, where):
    if not isinstance(value, dict):
        yield f"{where}: {value!r} is not a {name}"
        return
    kind = getattr(types, name)
    fields = {wire: kind.openapi_types[field] for field, wire in kind.attribute_map.items()}
    for key, item in value.items():
        if key not in fields:
            yield f"{where}.{key}: {name} has no such field"
        else:
            yield from _value(item, fields[key], f"{where}.{key}")
    try:  # The constructor asks for what is required.
        kind(**{field: value[wire] for field, wire in kind.attribute_map.items() if wire in value})
    except ValueError as error:
        yield f"{where}: {error}"


def _value(value, kind, where):
    if found := re.fullmatch(r"list\[(.*)\]", kind):
        if not isinstance(value, list):
            yield f"{where}: {value!r} is not a list"
            return
        for index, item in enumerate(value):
            yield from _value(item, found.group(1), f"{where}[{index}]")
    elif found := re.fullmatch(r"dict\(str, (.*)\)", kind):
        if not isinstance(value, dict):
            yield f"{where}: {value!r} is not a map"
            return
        for key, item in value.items():
            yield from _value(item, found.group(1), f"{where}.{key}")
    elif kind in SCALARS:
        if not isinstance(value, SCALARS[kind]) or (kind == "int" and isinstance(value, bool)):
            yield f"{where}: {value!r} is not a {kind}"
    else:
        yield from _object(value, kind, where)
