"""Starts a new role: two YAML files with the role, its source, and a place for each fact, ready to be filled in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.content.errors import ScaffoldError
from bot.knowledge import KnowledgeBase, normalize_alias

_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True)
class NewRole:
    """What is known about a role before its first fact. ``source`` is the id of a source, or the title of a new one."""

    id: str
    name: str
    aliases: tuple[str, ...]
    source: str
    plural: str = ""
    short: str = ""
    publisher: str = "Unknown publisher"
    published: date | None = None
    url: str = ""


def scaffold(kb: KnowledgeBase, folder: Path, new: NewRole) -> list[Path]:
    """Write the files of a new role below ``folder`` (data/knowledge); returns their paths.

    Raises ScaffoldError if the role, an alias of it or one of the files is there already; then nothing is written.
    """
    _check(kb, new)
    source = new.source if new.source in kb.sources else _id_of(new.source)
    # Files are read by name, so that new roles come after those in roles.yml.
    role_file, facts_file = folder / f"roles_{new.id}.yml", folder / "facts" / f"{new.id}.yml"
    for file in (role_file, facts_file):
        if file.exists():
            raise ScaffoldError(f"{file} is there already; nothing was written")
    texts = {role_file: _role_text(kb, new, source), facts_file: _facts_text(kb, new, source)}
    for file, text in texts.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as stream:  # "x": never over a file that came up meanwhile
            stream.write(text)
    return list(texts)


def _check(kb: KnowledgeBase, new: NewRole) -> None:
    if not _ID.fullmatch(new.id):
        raise ScaffoldError(f"ROLE={new.id} is no id: use small letters, digits and _, such as data_analyst")
    if new.id in kb.roles:
        raise ScaffoldError(f"there is a role {new.id} already")
    for what, value in (("NAME", new.name), ("SOURCE", new.source)):
        if not value.strip():
            raise ScaffoldError(f"{what} is empty")
    if new.source not in kb.sources and new.published is None:
        known = ", ".join(kb.sources)
        raise ScaffoldError(f"a new source needs DATE=2025-06-11; or name one that is there: SOURCE={known}")
    taken = {
        normalize_alias(words): f"{kind} {owner}" for kind, owner, words in kb.phrases() if kind in ("role", "thing")
    }
    for alias in _aliases(new):
        if normalize_alias(alias) in taken:
            raise ScaffoldError(f"the alias {alias!r} belongs to the {taken[normalize_alias(alias)]} already")


def _aliases(new: NewRole) -> list[str]:
    return list(dict.fromkeys(alias.strip().lower() for alias in (new.name, *new.aliases) if alias.strip()))


def _id_of(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:40] or "source"


def _role_text(kb: KnowledgeBase, new: NewRole, source: str) -> str:
    lines = [f"# The role {new.name}. Its facts are in facts/{new.id}.yml."]
    if source not in kb.sources:
        assert new.published
        lines += [
            "sources:",
            f"  - id: {source}  # what facts refer to",
            f"    title: {_quoted(new.source)}  # as answers name it",
            f"    publisher: {_quoted(new.publisher)}",
            f"    date: {new.published.isoformat()}  # when it was published",
            f"    url: {_quoted(new.url) if new.url else 'null'}",
            "    # outdated_from: 2027-01-01  # from this day on, answers say that the source is out of date",
            "",
        ]
    plural = new.plural or f"{new.name}s"
    lines += [
        "roles:",
        f"  - id: {new.id}",
        f"    name: {_quoted(new.name)}  # one person, in the middle of a sentence",
        f"    plural: {_quoted(plural)}",
        f"    short: {_quoted(new.short or new.name)}  # for narrow columns and for the field, such as AI",
        "    # what people call it, in small letters; plurals are found by themselves",
        f"    aliases: [{', '.join(_quoted(alias) for alias in _aliases(new))}]",
    ]
    return "\n".join(lines) + "\n"


_HEAD = """\
# What the sources say about {plural}, in your own words. Take the "# " off an entry to switch it on, and fill it in:
#   id        role.topic.word, each only once
#   overview  true for the short answer to the topic; each topic with facts needs exactly one
#   entities  ids from entities.yml that the fact names; [] if none
#   text      the whole statement, understandable on its own, at most 40 words
#   point     the same as a bullet under a heading that names role and topic, at most 12 words
#   section   the heading in the source under which it stands
# Then: make content-check, make content-preview ROLE={id} TOPIC=..., make train
facts:
"""

_FACT = """\
  # {name}: {covers}
  # - id: {id}.{topic}.overview
  #   roles: [{id}]
  #   topic: {topic}
  #   overview: true
  #   entities: []
  #   text:
  #   point:
  #   source: {source}
  #   section:
  # - id: {id}.{topic}.detail
  #   roles: [{id}]
  #   topic: {topic}
  #   entities: []
  #   text:
  #   point:
  #   source: {source}
  #   section:
"""

_PAIRS = """\
# Pairs for the fit check, each a task of {plural} against one of another role. Without any, the check cannot lean to
# this role (what people say about themselves still can).
pairs:
  # - id: {id}_or_other
  #   first: a task of {plural}, at most 12 words
  #   first_fact: {id}.focus_areas.detail
  #   second: a task of the other role
  #   second_fact: {other}
"""


def _facts_text(kb: KnowledgeBase, new: NewRole, source: str) -> str:
    plural = new.plural or f"{new.name}s"
    topics = (
        _FACT.format(id=new.id, topic=topic.id, name=topic.name, covers=topic.covers, source=source)
        for topic in kb.topics.values()
    )
    other = next((pair.second_fact for pair in kb.pairs.values()), "id of its fact")
    return "\n".join(
        [_HEAD.format(id=new.id, plural=plural), *topics, _PAIRS.format(id=new.id, plural=plural, other=other)]
    )


def _quoted(text: str) -> str:
    """Text as a YAML string, whatever is in it: JSON's strings are YAML's."""
    return json.dumps(text, ensure_ascii=False)
