"""What a larger knowledge base costs: the project with its roles, things and facts copied under invented names."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from benchmarks.client import Client, spread
from benchmarks.sections import Figures, Pair, Result

_SYLLABLES = ("ba", "do", "fe", "gu", "hi", "ka", "lo", "mi", "nu", "pe", "ra", "so", "tu", "ve", "wi", "zo")
_MOST_WORDS = 40
_Content = dict[str, list[dict[str, Any]]]


def knowledge(pair: Pair) -> Result:
    """Seconds to train and milliseconds a message at each multiple of roles and facts, and the ratios of this bot."""
    bot, figures = pair.bots[0], Figures()
    for times in pair.sizes.times:
        with tempfile.TemporaryDirectory() as folder:
            project = bot.copy(Path(folder) / "project")
            multiply(project / "data" / "knowledge", times)
            figures[f"knowledge_x{times}_train_s"] = bot.train(project, Path(folder) / "cache")
            with bot.running(folder=project) as running:
                taken = asyncio.run(_talk(running.url, bot.questions, pair.sizes.messages))
                figures[f"knowledge_x{times}_memory_mb"] = running.memory()
        figures[f"knowledge_x{times}_p50_ms"] = spread(taken)["p50_ms"]
    most = pair.sizes.times[-1]
    for name in ("p50_ms", "train_s"):
        ratio = figures[f"knowledge_x{most}_{name}"] / figures[f"knowledge_x1_{name}"]
        figures[f"knowledge_x{most}_{name.split('_')[0]}_to_x1"] = ratio
    return {bot.name: figures}


def multiply(folder: Path, times: int) -> None:
    """Add ``times - 1`` copies of every role, thing and fact to the knowledge base in the folder, as a file more.

    Names and aliases of a copy end in a word of its own, so that nothing is ambiguous, as the loader demands.
    """
    content: _Content = {"roles": [], "entities": [], "facts": []}
    for file in sorted(folder.rglob("*.yml")):
        document = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for key in content:
            content[key] += document.get(key, [])
    words = _words()
    added: _Content = {key: [] for key in content}
    for number in range(1, times):
        word = next(words)
        for key, records in _copied(content, number, word).items():
            added[key] += records
    if times > 1:
        text = yaml.dump(added, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=1000)
        (folder / "zz_generated.yml").write_text(text, encoding="utf-8")


def _copied(content: _Content, number: int, word: str) -> _Content:
    copies = deepcopy(content)
    for record in (*copies["roles"], *copies["entities"]):
        record["id"] = f"{record['id']}_{number}"
        for key in ("name", "plural", "short"):
            if key in record:
                record[key] = f"{record[key]} {word}"
        record["aliases"] = [f"{alias} {word}" for alias in record["aliases"]]
    for fact in copies["facts"]:
        fact["id"] = f"{fact['id']}_{number}"
        for key in ("roles", "overview_for"):
            if key in fact:
                fact[key] = [f"{role}_{number}" for role in fact[key]]
        fact["entities"] = [f"{entity}_{number}" for entity in fact["entities"]]
        fact["text"] = " ".join([*fact["text"].split()[: _MOST_WORDS - 1], word])
    return copies


def _words() -> Iterator[str]:
    generator, seen = random.Random(6), set[str]()
    while True:
        word = "".join(generator.choice(_SYLLABLES) for _ in range(4))
        if word not in seen:
            seen.add(word)
            yield word


async def _talk(url: str, questions: tuple[str, ...], messages: int) -> list[float]:
    async with Client(url, questions) as client:
        await client.users(1, messages=20)
        return (await client.users(1, messages=messages)).all_answered()
