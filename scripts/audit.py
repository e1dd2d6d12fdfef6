"""Checks the locks against deploy/advisories.yml, without a network; exits 1 if a locked version has an advisory."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from packaging.version import Version

PROJECT = Path(__file__).resolve().parents[1]
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def affected(lock: str, advisories: Iterable[dict[str, Any]]) -> list[tuple[dict[str, Any], str]]:
    """The advisories on versions that a lock's text names, each with that version."""
    locked = [(re.sub(r"[-_.]+", "-", name).lower(), version) for name, version in _LOCKED.findall(lock)]
    return [
        (each, version)
        for each in advisories
        for name, version in locked
        if name == each["package"] and (each["fixed_in"] is None or Version(version) < Version(str(each["fixed_in"])))
    ]


def main() -> int:
    """Print what is affected; returns 1 if any of it is not accepted, or nothing was locked."""
    advisories = yaml.safe_load((PROJECT / "deploy" / "advisories.yml").read_text(encoding="utf-8"))["advisories"]
    code = 0
    for path in sorted(PROJECT.glob("requirements*.lock")):
        lock = path.read_text(encoding="utf-8")
        print(f"{path.name}: {len(_LOCKED.findall(lock))} packages, {len(advisories)} advisories")
        for each, version in affected(lock, advisories):
            reason = each.get("accepted")
            print(f"  {each['id']}: {each['package']} {version}: {each['about']}; {reason or 'NOT accepted'}")
            code |= not reason
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
