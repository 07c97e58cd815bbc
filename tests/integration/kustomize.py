"""The part of `kubectl kustomize` that deploy/ uses, so that its manifests can be read where there is none.

Knows resources, components, namespace, images and configMapGenerator with fixed names; any other
key is an error. kubernetes_test.py compares it with the real one where that is installed."""

import os

import yaml

KNOWN = {"apiVersion", "kind", "resources", "components", "namespace", "images", "configMapGenerator"}
CLUSTER_WIDE = {"Namespace"}


def build(folder):
    """The objects of a folder with a kustomization.yaml."""
    with open(os.path.join(folder, "kustomization.yaml"), encoding="utf-8") as file:
        customization = yaml.safe_load(file)
    if unknown := set(customization) - KNOWN:
        raise ValueError(f"{folder}: {sorted(unknown)}: not known here")
    objects = []
    for path in customization.get("resources", []) + customization.get("components", []):
        objects += _load(os.path.normpath(os.path.join(folder, path)))
    objects += [_config_map(folder, entry) for entry in customization.get("configMapGenerator", [])]
    if namespace := customization.get("namespace"):
        for found in objects:
            if found["kind"] not in CLUSTER_WIDE:
                found["metadata"]["namespace"] = namespace
    for image in customization.get("images", []):
        _rename(objects, image)
    return objects


def _load(path):
    if os.path.isdir(path):
        return build(path)
    with open(path, encoding="utf-8") as file:
        return [found for found in yaml.safe_load_all(file) if found is not None]


def _config_map(folder, entry):
    options = entry.get("options", {})
    if unknown := (set(entry) - {"name", "files", "options"}) | (
        set(options) - {"disableNameSuffixHash", "labels"}
    ):
        raise ValueError(f"{folder}: {sorted(unknown)}: not known here")
    if not options.get("disableNameSuffixHash"):
        raise ValueError(f"{folder}: {entry['name']}: names with a hash are not known here")
    data = {}
    for path in entry["files"]:
        with open(os.path.join(folder, path), encoding="utf-8") as file:
            data[os.path.basename(path)] = file.read()
    metadata = {"name": entry["name"]}
    if "labels" in options:
        metadata["labels"] = options["labels"]
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def _rename(value, image):
    if isinstance(value, list):
        for item in value:
            _rename(item, image)
    elif isinstance(value, dict):
        if value.get("image") == image["name"]:
            value["image"] = f"{image.get('newName', image['name'])}:{image['newTag']}"
        for item in value.values():
            _rename(item, image)
