#!/usr/bin/env python3
"""Checks, without the network, where every package of the workspace comes from and under what licence: crates.io or this repository,
and nothing that a user of honey could not accept. Lists the packages that are there in several versions.

    scripts/licences.py [MANIFEST…]     (default: Cargo.toml and fuzz/Cargo.toml)
"""

import collections
import json
import pathlib
import re
import subprocess
import sys

ALLOWED = {
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "NCSA",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
}
CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index"


def is_allowed(expression):
    """Whether an SPDX expression can be met with allowed licences: `OR` is a choice, `AND` binds closer; `/` is an old `OR`."""
    words = re.findall(r"[()]|[^\s()]+", expression.replace("/", " OR "))
    place = 0

    def one():
        nonlocal place
        if words[place] == "(":
            place += 1
            result = either()
            place += 1
            return result
        licence = words[place]
        place += 1
        if words[place : place + 1] == ["WITH"]:
            licence += f" WITH {words[place + 1]}"
            place += 2
        return licence in ALLOWED

    def both():
        nonlocal place
        result = one()
        while words[place : place + 1] == ["AND"]:
            place += 1
            result = one() and result
        return result

    def either():
        nonlocal place
        result = both()
        while words[place : place + 1] == ["OR"]:
            place += 1
            result = both() or result
        return result

    try:
        return either() and place == len(words)
    except IndexError:
        return False


def problems(manifest):
    command = ["cargo", "metadata", "--offline", "--locked", "--format-version", "1", "--manifest-path", manifest]
    packages = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)["packages"]
    root = pathlib.Path(__file__).resolve().parent.parent
    versions = collections.defaultdict(set)
    for package in packages:
        name = f"{package['name']} {package['version']}"
        versions[package["name"]].add(package["version"])
        source = package["source"]
        if source is None and root not in pathlib.Path(package["manifest_path"]).resolve().parents:
            yield f"{name} is at {package['manifest_path']}, outside this repository"
        if source not in (None, CRATES_IO):
            yield f"{name} comes from {source}, not from crates.io"
        licence = package["license"]
        if not licence or not is_allowed(licence):
            yield f"{name} has the licence {licence!r}, which is not among those allowed"
    several = {name: found for name, found in versions.items() if len(found) > 1}
    print(f"{manifest}: {len(packages)} packages, {len(several)} in several versions")
    for name, found in sorted(several.items()):
        print(f"  {name} {', '.join(sorted(found))}")


def main():
    manifests = sys.argv[1:] or ["Cargo.toml", "fuzz/Cargo.toml"]
    found = [problem for manifest in manifests for problem in problems(manifest)]
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
