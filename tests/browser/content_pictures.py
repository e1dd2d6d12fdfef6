"""Takes the pictures of docs/content.md: `python -m tests.browser.content_pictures docs/images`.

Each is what the command prints when it is run on a copy of the project's data, set as a terminal shows it.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from bot.content.suggest import review
from bot.knowledge import load_knowledge

from .browser import chromium

PROJECT = Path(__file__).resolve().parents[2]
_PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #fff; font: 14px/1.45 "DejaVu Sans Mono", monospace }}
main {{ display: inline-block; width: 900px; padding: 16px; background: #10161d; color: #e6edf3 }}
pre {{ margin: 0; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere }} b {{ color: #7ee787 }}
</style><main><pre><b>$ {command}</b>
{output}</pre></main>"""


@dataclass(frozen=True)
class _Near:
    id: str = "ml_engineer.focus_areas.monitoring"
    text: str = "ML engineers watch models in production."


@dataclass(frozen=True)
class _Where:
    file: str = "facts/ml_engineer.yml"
    roles: tuple[str, ...] = ("ml_engineer",)
    topic: str = "focus_areas"


@dataclass(frozen=True)
class _Group:
    label: str = "who gets called when a model breaks at night"
    count: int = 9
    conversations: int = 8
    examples: tuple[str, ...] = ("who gets called when a model breaks at night", "are ML engineers on call")
    intent: str = "nlu_fallback"
    nearest: _Near = _Near()
    place: _Where = _Where()


def take(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        copy = Path(folder)
        for name in ("data", "tests/nlu"):
            shutil.copytree(PROJECT / name, copy / name)
        shutil.copy(PROJECT / "tests" / "held_out.yml", copy / "tests")
        kb = load_knowledge(copy / "data" / "knowledge")
        page = browser.new_page(viewport={"width": 940, "height": 400})

        def picture(name: str, command: str, output: str) -> None:
            page.set_content(_PAGE.format(command=escape(command), output=escape(output.rstrip())))
            page.locator("main").screenshot(path=out / f"{name}.png")

        picture("content-check", "make content-check", _run(copy, ["check"]))
        options = ["preview", "--role", "ml_engineer", "--topic", "skills"]
        picture("content-preview", "make content-preview ROLE=ml_engineer TOPIC=skills", _run(copy, options))
        picture("content-suggest", "cat review.yml", review([_Group()], kb, "review.yml"))
        facts = copy / "data" / "knowledge" / "facts" / "ml_engineer.yml"
        facts.write_text(facts.read_text(encoding="utf-8").replace("topic: tools", "topic: tols", 1), encoding="utf-8")
        picture("content-mistake", "make content-check", _run(copy, ["check"]))
        shutil.copy(PROJECT / "data" / "knowledge" / "facts" / "ml_engineer.yml", facts)
        options = ["--role", "data_analyst", "--name", "data analyst", "--source", "A Day in Data"]
        said = _run(copy, ["new-role", *options, "--date", "2026-01-15"])
        command = 'make content-new-role ROLE=data_analyst NAME="data analyst" SOURCE="A Day in Data" DATE=2026-01-15'
        written = (copy / "data" / "knowledge" / "facts" / "data_analyst.yml").read_text(encoding="utf-8")
        head = "\n".join(written.splitlines()[:20])
        picture("content-new-role", command, f"{said}\n$ head -20 data/knowledge/facts/data_analyst.yml\n{head}")


def _run(folder: Path, arguments: Sequence[str]) -> str:
    command = [sys.executable, "-W", "ignore", "-m", "bot.content", *arguments]
    done = subprocess.run(
        command, cwd=folder, env={"PYTHONPATH": str(PROJECT)}, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


if __name__ == "__main__":
    take(Path(sys.argv[1]))
