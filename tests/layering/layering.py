"""The directions of includes: who may include what, as one table, and the check against it.

A rule is added or changed here and nowhere else. Paths are relative to the workspace root.
"""

import dataclasses
import os
import re

# Folder of the including file -> what it may include of our own. "x/*.h" is the root of x (its
# door), "x/**" all of its rooms, "x/testing/*.h" test doubles of its door (testonly in the build).
ALLOWED = {
    "model": ["model/**"],
    "storage": ["storage/**", "model/**"],
    "ingest": ["ingest/**", "storage/*.h", "storage/testing/*.h", "model/**"],
    "query": ["query/**", "storage/*.h", "storage/testing/*.h", "model/**"],
    "control": ["control/**", "query/*.h", "ingest/*.h", "storage/*.h", "storage/testing/*.h",
                "model/**"],
    "api": ["api/**", "query/*.h", "ingest/*.h", "control/*.h", "storage/testing/*.h", "model/**"],
    "proto": ["proto/**", "model/**"],
    "third_party": [],
    "tests": ["**", "!bench/**"],
    "bench": ["**", "!tests/**"],
}

# Rooms named grpc adapt a service to RPC: on top of their folder's row they see the messages and
# the doors of the services.
GRPC_ROOM = ["proto/**", "storage/*.h", "ingest/*.h", "query/*.h", "control/*.h"]

# Bodies of remote read and of federation are protobuf messages, off the hot path: these rooms see
# them through proto/wire.
PROTOBUF_BODIES = ["api/remote_read/**", "api/federate/**"]
PROTOBUF_BODIES_ROOM = ["proto/wire/*.h"]

# A unit test may compare with the generated protobuf classes.
UNIT_TEST = ["proto/**"]

# A main wires everything, but nobody outside includes the tests and benchmarks. The root holds
# mains only; their headers are for each other.
MAIN = ["**", "!tests/**", "!bench/**"]
MAIN_FILE = re.compile(r"_main\.(h|cc)$")

# Walls inside a folder: files that match the first never include files that match the second.
WALLS = [
    ("query/promql/**", "query/logql/**"),
    ("query/logql/**", "query/promql/**"),
]

# Libraries that only some files may include, beside tests/, bench/ and *_main.cc.
LIBRARIES = {
    "rocksdb/**": ["storage/rocks/**"],
    "boost/beast.hpp": ["api/http/**"],
    "boost/beast/**": ["api/http/**"],
    "boost/asio.hpp": ["api/http/**"],
    "boost/asio/**": ["api/http/**"],
    "curl/**": ["control/**"],
    "grpc/**": ["**/grpc/**"],
    "grpcpp/**": ["**/grpc/**"],
    "google/protobuf/**": ["proto/wire/**", "**/grpc/**", "**_test.cc"],
}

# Generated headers, the same way.
GENERATED = "**.pb.h"
GENERATED_ALLOWED = ["proto/wire/**", "**/grpc/**", "**_test.cc"]

# Names that say nothing about what is inside, alone or as the last word of a longer name.
EMPTY_NAMES = {"util", "utils", "common", "helper", "helpers", "manager", "base", "misc"}

SOURCE = re.compile(r"\.(h|cc|inc)$")
NOT_OURS = {"out", "node_modules"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


@dataclasses.dataclass(frozen=True)
class Violation:
    path: str
    line: int  # 0 when it is about the name
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"


def matches(path, pattern):
    """Like a shell's globs: * stays inside one folder, ** does not."""
    wild = {"*": "[^/]*", "**": ".*"}
    regex = "".join(wild.get(p, re.escape(p)) for p in re.split(r"(\*\*|\*)", pattern))
    return re.fullmatch(regex, path) is not None


def permits(patterns, path):
    """Whether some pattern matches and no pattern that starts with ! does."""
    refused = any(matches(path, p[1:]) for p in patterns if p.startswith("!"))
    return not refused and any(matches(path, p) for p in patterns if not p.startswith("!"))


def is_free(path):
    """Files that may use every library: they wire or test the whole."""
    return bool(MAIN_FILE.search(path)) or path.startswith(("tests/", "bench/"))


def row_of(path):
    """What of our own the file may include."""
    top = path.split("/")[0]
    if MAIN_FILE.search(path) and top not in ("tests", "bench"):
        return MAIN
    row = list(ALLOWED[top])
    if matches(path, "**/grpc/**"):
        row += GRPC_ROOM
    if permits(PROTOBUF_BODIES, path):
        row += PROTOBUF_BODIES_ROOM
    if path.endswith("_test.cc"):
        row += UNIT_TEST
    return row


def check_own(path, target):
    if target.startswith(("tests/", "bench/")) and not is_free(path):
        return f"nobody includes {target.split('/')[0]}/: {target}"
    if not permits(row_of(path), target):
        return f"{path.split('/')[0]}/ may not include {target}"
    for inside, outside in WALLS:
        if matches(path, inside) and matches(target, outside):
            return f"{inside} and {outside} never include each other: {target}"
    if matches(target, GENERATED) and not is_free(path) and not permits(GENERATED_ALLOWED, path):
        return f"generated protobuf code is for {', '.join(GENERATED_ALLOWED)}: {target}"
    return None


def check_library(path, target):
    for library, rooms in LIBRARIES.items():
        if matches(target, library) and not is_free(path) and not permits(rooms, path):
            return f"<{target}> is for {', '.join(rooms)} only"
    return None


def check_include(path, quote, target):
    """The complaint about one #include, or None."""
    if target.split("/")[0] in ALLOWED and "/" in target:
        return check_own(path, target)
    if "/" not in path and "/" not in target and MAIN_FILE.search(target):
        return None
    if ".." in target.split("/") or (quote == '"' and "/" not in target):
        return f"write the path from the workspace root: {target}"
    return check_library(path, target)


def check_name(path):
    for part in path.split("/"):
        stem = re.sub(r"_test$", "", part.split(".")[0])
        if stem.split("_")[-1] in EMPTY_NAMES:
            return f"'{part}' does not say what it holds"
    return None


def check_file(path, text):
    """All violations of one source file."""
    found = []
    name = check_name(path)
    if name:
        found.append(Violation(path, 0, name))
    known = path.split("/")[0] in ALLOWED if "/" in path else MAIN_FILE.search(path)
    if not known:
        return found + [Violation(path, 0, "sources live in " + ", ".join(sorted(ALLOWED)))]
    for number, line in enumerate(text.splitlines(), 1):
        include = INCLUDE.match(line)
        message = include and check_include(path, *include.groups())
        if message:
            found.append(Violation(path, number, message))
    return found


def sources(root):
    """Every C++ source of the tree. Hidden folders and build results hold no sources of ours."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            f for f in folders if not f.startswith((".", "bazel-")) and f not in NOT_OURS
        )
        for name in sorted(names):
            if SOURCE.search(name):
                yield os.path.relpath(os.path.join(folder, name), root)


def check_tree(root):
    found = []
    for path in sources(root):
        with open(os.path.join(root, path), encoding="utf-8") as source:
            found += check_file(path, source.read())
    return found
