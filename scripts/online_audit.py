"""Has pip-audit ask the OSV database about the locked packages; skipped, in one line, where that cannot be reached.

Not a part of `make test`, which has to say the same today and in a year. Exits 1 for an advisory that is not accepted
in deploy/advisories.yml.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
_TOOLS = PROJECT / ".tools" / "audit"
_LOCK = PROJECT / "requirements-audit.lock"
Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


def report(locks: Iterable[Path], accepted: Iterable[str], run: Run) -> tuple[int, list[str]]:
    """The exit code, and a line for each advisory or for why there is no answer; ``run`` runs pip-audit."""
    options = [
        "--disable-pip",
        "--vulnerability-service=osv",
        "--format=json",
        "--progress-spinner=off",
        "--timeout=20",
    ]
    ignored = [f"--ignore-vuln={name}" for name in accepted]
    lines, code = [], 0
    for lock in locks:
        done = run([f"--requirement={lock}", *options, *ignored])
        try:
            dependencies: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
        except (ValueError, KeyError, TypeError):
            why = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            return code, [*lines, f"skipped: pip-audit got no answer ({why[:160]})"]
        found = [(each, advisory) for each in dependencies for advisory in each.get("vulns", [])]
        lines.append(f"{lock.name}: {len(dependencies)} packages, {len(found)} advisories")
        for each, advisory in found:
            names = ", ".join([advisory["id"], *advisory.get("aliases", [])])
            fixed = ", ".join(advisory.get("fix_versions", [])) or "nothing"
            lines.append(f"  {each['name']} {each['version']}: {names}; fixed in {fixed}")
            code = 1
    return code, lines


def _install() -> Path:
    """pip-audit from its hash-checked lock, in an environment of its own. Raises CalledProcessError."""
    stamp, uv = _TOOLS / ".installed", PROJECT / ".tools" / "bin" / "uv"
    content = _LOCK.read_text(encoding="utf-8")
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != content:
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", "3.10", _TOOLS], check=True)
        subprocess.run([uv, "pip", "sync", "--quiet", "--python", _TOOLS, "--require-hashes", _LOCK], check=True)
        stamp.write_text(content, encoding="utf-8")
    return _TOOLS / "bin" / "pip-audit"


def main() -> int:
    """Print the report; returns its exit code."""
    advisories = yaml.safe_load((PROJECT / "deploy" / "advisories.yml").read_text(encoding="utf-8"))["advisories"]
    tool = _install()

    def run(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run([tool, *arguments], capture_output=True, text=True, check=False)

    accepted = [each["id"] for each in advisories if each.get("accepted")]
    code, lines = report([PROJECT / name for name in LOCKS], accepted, run)
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
