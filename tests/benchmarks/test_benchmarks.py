import json
import os
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.breakdown import timed
from benchmarks.client import spread
from benchmarks.knowledge import multiply
from benchmarks.machine import described, proportional_memory
from bot.knowledge import load_knowledge

PROJECT = Path(__file__).parents[2]
SECTIONS = {
    "all": {
        report.OURS: {name: 10.0 for _, name, _ in report._ROWS}
        | {name: 1.25 for _, name in report._ALONE}
        | {"messages": 10_000, "growth_percent": 1.5, "three_questions_p50_ms": 40.0},
        report.STOCK: {name: 70.0 for _, name, _ in report._ROWS},
    }
}


def test_the_readme_gets_its_figures_from_a_result(tmp_path: Path) -> None:
    result, readme = {**described(), "sections": SECTIONS}, tmp_path / "README.md"
    readme.write_text(f"# Title\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    report.write_readme(result, readme)
    text = readme.read_text()
    assert "| start to first answer | 70.0 s | 10.0 s | 1/7.0 |" in text
    assert "growth of memory after 10,000 messages | 1.5 %" in text
    assert text.startswith("# Title\n") and text.endswith("\nafter\n") and "old" not in text
    report.write_readme(result, readme)
    assert readme.read_text() == text


def test_a_readme_without_a_place_for_the_figures_is_an_error(tmp_path: Path) -> None:
    result, readme = {**described(), "sections": SECTIONS}, tmp_path / "README.md"
    readme.write_text("# Title\n")
    with pytest.raises(ValueError, match="no place for the figures"):
        report.write_readme(result, readme)
    assert readme.read_text() == "# Title\n"


def test_what_was_measured_again_replaces_its_section_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def keep(number: int, sections: dict[str, dict[str, dict[str, float]]]) -> None:
        content = {"date": f"day {number}", "commit": f"c{number}", "sections": sections}
        (tmp_path / f"bench-{number}.json").write_text(json.dumps(content))

    monkeypatch.setattr(report, "RESULTS", tmp_path)
    with pytest.raises(FileNotFoundError):
        report.newest()
    both = {report.OURS: {"p50_ms": 10.0}, report.STOCK: {"p50_ms": 70.0}}
    keep(1, {"latency": both, "start": both})
    keep(2, {"latency": {**both, report.OURS: {"p50_ms": 9.0}}})
    keep(3, {"start": {report.OURS: {"p50_ms": 1.0}}})
    found = report.newest()
    assert found["sections"] == {"latency": {**both, report.OURS: {"p50_ms": 9.0}}, "start": both}
    assert found["commit"] == "c2, c1"
    assert found["date"] == "day 3"


def test_the_project_readme_has_a_place_for_the_figures() -> None:
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert text.index(report.BEGIN) < text.index(report.END)


def test_the_table_has_ratios_where_both_bots_have_a_figure() -> None:
    table = list(report.lines({"latency": {report.OURS: {"p50_ms": 10, "own_ms": 1}, report.STOCK: {"p50_ms": 70}}}))
    assert table[1].split() == ["latency", "p50_ms", "10.0", "70.0", "0.143"]
    assert table[2].split() == ["latency", "own_ms", "1.00", "–"]


def test_a_multiplied_knowledge_base_is_valid_and_as_large_as_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "knowledge"
    folder.mkdir()
    for file in (PROJECT / "data" / "knowledge").rglob("*.yml"):
        (folder / file.name).write_bytes(file.read_bytes())
    before = load_knowledge(folder)
    multiply(folder, 4)
    after = load_knowledge(folder)
    assert [len(after.roles), len(after.facts), len(after.entities)] == [
        4 * len(before.roles),
        4 * len(before.facts),
        4 * len(before.entities),
    ]


def test_spread_and_memory() -> None:
    assert spread([float(n) for n in range(1, 102)]) == {"p50_ms": 51, "p95_ms": 96, "p99_ms": 100}
    assert 5 < proportional_memory(os.getpid()) < 5_000


async def test_timed_functions_return_what_they_did() -> None:
    async def later(value: int) -> int:
        return value

    assert timed("now", lambda value: value + 1)(1) == 2
    assert await timed("later", later)(3) == 3
