#!/usr/bin/python3
"""Every relative link in a *.md file of the tree leads to a file or folder, and to a heading of it
where it names one. Addresses of other sites are not followed."""

import os
import re
import tempfile
import unittest
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

INLINE = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)>?", re.MULTILINE)
FENCE = re.compile(r"^ {0,3}(```|~~~).*?^ {0,3}\1[^\n]*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
NOT_OURS = {"out", "node_modules"}
SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def markdown_files(root):
    """Paths from the root; hidden folders and build results are not ours."""
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = sorted(s for s in subfolders if s[0] != "." and s not in NOT_OURS)
        for name in sorted(names):
            if name.endswith(".md"):
                yield os.path.relpath(os.path.join(folder, name), root)


def prose(text):
    """The text without code: brackets in there are no links."""
    return CODE.sub("", FENCE.sub("", text))


def links(text):
    text = prose(text)
    return INLINE.findall(text) + DEFINITION.findall(text)


def anchors(text):
    """What a heading is called in an address: lower case, no punctuation, hyphens for spaces."""
    found = set()
    for heading in HEADING.findall(FENCE.sub("", text)):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        count = 0
        while (unique := f"{slug}-{count}" if count else slug) in found:
            count += 1
        found.add(unique)
    return found


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def problem(root, path, link):
    """Why the link in the file at `path` leads nowhere, or None."""
    if SCHEME.match(link):
        return None
    target, _, fragment = urllib.parse.unquote(link).partition("#")
    full = os.path.normpath(os.path.join(root, os.path.dirname(path), target)) if target else ""
    if target.startswith("/"):
        return "not relative"
    if target and not (full + os.sep).startswith(os.path.join(root, "")):
        return "leads out of the tree"
    if target and not os.path.exists(full):
        return "does not exist"
    file = full or os.path.join(root, path)
    if fragment and file.endswith(".md") and fragment not in anchors(read(file)):
        return "no such heading"
    return None


def dead_links(root):
    found = []
    for path in markdown_files(root):
        for link in links(read(os.path.join(root, path))):
            reason = problem(root, path, link)
            if reason:
                found.append(f"{path}: {link}: {reason}")
    return found


class Checker(unittest.TestCase):
    """The check itself, on small trees."""

    def dead(self, **files):
        with tempfile.TemporaryDirectory() as root:
            for name, text in files.items():
                path = os.path.join(root, *name.split("__")) + ".md"
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            return dead_links(root)

    def test_files_folders_and_headings_that_exist_are_fine(self):
        a = "# One two\n[b](docs/b.md) [c](docs/b.md#what-it-is-not) [d](docs) [e](#one-two)"
        self.assertEqual(self.dead(a=a, docs__b="## What it is, not?\n[up](../a.md)"), [])

    def test_a_missing_file_is_named(self):
        self.assertEqual(self.dead(a="[b](no/b.md)"), ["a.md: no/b.md: does not exist"])

    def test_a_missing_heading_is_named(self):
        self.assertEqual(self.dead(a="[b](#gone)\n# Here"), ["a.md: #gone: no such heading"])

    def test_definitions_and_pictures_count(self):
        self.assertEqual(len(self.dead(a="![p](p.png)\n\n[x]: y.md\n")), 2)

    def test_links_out_of_the_tree_are_dead(self):
        self.assertEqual(len(self.dead(a="[x](/etc/passwd) [y](../../etc/passwd)")), 2)

    def test_code_and_other_sites_are_not_followed(self):
        text = "`[x](y.md)` [s](https://example.org/z)\n```\n[x](y.md)\n```\n"
        self.assertEqual(self.dead(a=text), [])

    def test_build_results_are_not_read(self):
        self.assertEqual(self.dead(out__a="[b](b.md)", web__node_modules__a="[b](b.md)"), [])


class Tree(unittest.TestCase):
    def test_the_tree_is_found(self):
        self.assertIn("README.md", set(markdown_files(ROOT)))

    def test_no_link_is_dead(self):
        self.assertEqual(dead_links(ROOT), [])


if __name__ == "__main__":
    unittest.main()
