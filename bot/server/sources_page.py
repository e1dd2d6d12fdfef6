"""``/sources``: a page without script that lists every source of the knowledge base, and what is taken from each."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw

from bot.channels.errors import unavailable
from bot.knowledge import KnowledgeBase, KnowledgeError, Source, SourceKind
from bot.knowledge.current import knowledge
from bot.render.sources import edition_of, in_words, today

KINDS: dict[SourceKind, tuple[str, str]] = {
    "article": ("Articles", "They decide what the two roles are; everything else stands beside them."),
    "official_statistics": ("Official statistics", "Figures about occupations, few of which have the roles' titles."),
    "official_classification": ("Official classifications", "What an occupation is called, and what belongs to it."),
    "official_guidance": ("Official guidance", "What a public employer or a training standard asks for."),
    "industry_report": (
        "Reports by companies and organizations",
        "Counts of job ads and of profiles, or what employers expect.",
    ),
    "research": ("Research", "Studies, some of them not reviewed yet."),
    "self_selected_survey": ("Surveys", "Whoever likes takes part, so they do not represent everybody."),
    "practitioner_guide": ("Guides by practitioners", "What people who do the work have found and think."),
    "provider_page": ("Pages of providers", "Written by those who sell or give the course, exam or service."),
}
"""What a kind is called, and how to read it, in the order of the page."""


@dataclass(frozen=True)
class Listed:
    """A source as the page shows it; ``taken`` are topics with the number of facts on each."""

    source: Source
    published: str
    taken: tuple[tuple[str, int], ...]
    outdated_from: str
    outdated: bool

    @property
    def facts(self) -> int:
        """How many facts are from it."""
        return sum(number for _, number in self.taken)


def sources_page(load: Callable[[], KnowledgeBase] = knowledge) -> Blueprint:
    """The route /sources; ``load`` gives the knowledge base, or raises KnowledgeError where there is none."""

    async def show(request: Request) -> HTTPResponse:
        try:
            kb = load()
        except KnowledgeError as error:
            raise unavailable() from error
        content, zipped, tag = _page(kb, today())
        headers = {
            "Cache-Control": "no-cache",
            "ETag": tag,
            "Vary": "Accept-Encoding",
            "Content-Security-Policy": content_policy(),
        }
        if tag in request.headers.get("if-none-match", ""):
            return empty(304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            content, headers["Content-Encoding"] = zipped, "gzip"
        return raw(content, headers=headers, content_type="text/html; charset=utf-8")

    routes = Blueprint("sources")
    routes.add_route(show, "/sources", methods=["GET", "HEAD"])
    return routes


@lru_cache(maxsize=2)
def _page(kb: KnowledgeBase, day: date) -> tuple[bytes, bytes, str]:
    """The page of a day, the same compressed, and its tag."""
    content = page(kb, day).encode()
    return content, gzip.compress(content, mtime=0), f'"{hashlib.sha256(content).hexdigest()[:20]}"'


def page(kb: KnowledgeBase, day: date) -> str:
    """The page as it is on that day."""
    groups = [(kind, *words, listed) for kind, words in KINDS.items() if (listed := _of_kind(kb, kind, day))]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_text("sources.html")).render(
        style=Markup(style()), groups=groups, sources=len(kb.sources), facts=len(kb.facts)
    )


def _of_kind(kb: KnowledgeBase, kind: SourceKind, day: date) -> list[Listed]:
    return [_listed(kb, source, day) for source in kb.sources.values() if source.kind == kind]


def _listed(kb: KnowledgeBase, source: Source, day: date) -> Listed:
    topics = Counter(fact.topic for fact in kb.facts.values() if fact.source == source.id)
    return Listed(
        source,
        edition_of(source),
        tuple((kb.topics[topic].name, topics[topic]) for topic in kb.topics if topics[topic]),
        in_words(source.outdated_from) if source.outdated_from else "",
        source.is_outdated(day),
    )


def style() -> str:
    """The style sheet of the page."""
    return _text("sources.css")


def content_policy() -> str:
    """The Content-Security-Policy that the page needs: its own style sheet, and nothing else from anywhere."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    nothing_else = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return f"default-src 'none'; style-src 'sha256-{digest}'; {nothing_else}"


def _text(name: str) -> str:
    return (files("bot.server") / "templates" / name).read_text("utf-8")
