"""/sources: all sources with what is taken from them, without script, safe whatever a knowledge base says."""

import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest

from bot.knowledge import KnowledgeBase, Source, load_knowledge
from bot.render.sources import in_words
from bot.server.sources_page import KINDS, page

KB = load_knowledge("data/knowledge")
DAY = date(2026, 11, 30)


class Reader(HTMLParser):
    """Text of each article by its id, and every start tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.articles: dict[str, str] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag == "article":
            self._open = given["id"] or ""
            self.articles[self._open] = ""

    def handle_endtag(self, tag: str) -> None:
        self._open = "" if tag == "article" else self._open

    def handle_data(self, data: str) -> None:
        if self._open:
            self.articles[self._open] += data


READ = Reader(page(KB, DAY))


def test_every_source_is_listed_once_and_every_kind_has_words() -> None:
    assert sorted(READ.articles) == sorted(KB.sources)
    assert set(KINDS) == set(Source.__fields__["kind"].type_.__args__)


@pytest.mark.parametrize("source", list(KB.sources.values()), ids=lambda source: source.id)
def test_all_that_is_known_of_a_source_is_there(source: Source) -> None:
    shown = READ.articles[source.id]
    known = (source.title, source.publisher, source.edition or in_words(source.date), source.geography, source.licence)
    for each in (*known, source.credit, source.note, source.checked):
        assert each is None or each in shown
    taken = [fact for fact in KB.facts.values() if fact.source == source.id]
    assert sum(int(number) for number in re.findall(r"\((\d+) facts?\)", shown)) == len(taken)
    assert all(KB.topics[fact.topic].name in shown for fact in taken)


@pytest.mark.parametrize("source", list(KB.sources.values()), ids=lambda source: source.id)
def test_a_source_is_out_of_date_from_its_day_on(source: Source) -> None:
    if source.outdated_from is None:
        assert "ut of date" not in READ.articles[source.id]
        return
    said = f"Out of date since {in_words(source.outdated_from)}"
    assert said in Reader(page(KB, source.outdated_from)).articles[source.id]
    before = Reader(page(KB, source.outdated_from - timedelta(days=1))).articles[source.id]
    assert said not in before
    assert f"Out of date from{in_words(source.outdated_from)}" in before


def test_links_open_elsewhere_and_lead_only_to_addresses_of_sources() -> None:
    links = [attrs for tag, attrs in READ.tags if tag == "a"]
    outside = [link for link in links if not (link["href"] or "").startswith(("#", "/"))]
    assert sorted(link["href"] or "" for link in outside) == sorted(s.url for s in KB.sources.values() if s.url)
    assert all(link["target"] == "_blank" and link["rel"] == "noopener nofollow" for link in outside)
    targets = {attrs.get("id") for _, attrs in READ.tags}
    assert all((link["href"] or "")[1:] in targets for link in links if (link["href"] or "").startswith("#"))


def test_it_needs_no_script_and_loads_nothing() -> None:
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & {tag for tag, _ in READ.tags}
    assert not [name for _, attrs in READ.tags for name in attrs if name.startswith("on") or name == "style"]


def test_an_id_is_given_once() -> None:
    given = [attrs["id"] for _, attrs in READ.tags if attrs.get("id")]
    assert len(given) == len(set(given))


def test_what_a_source_says_is_text_and_no_markup() -> None:
    hostile = "<script>alert(1)</script>\"'&{{ 7*7 }}"
    fields = dict.fromkeys(("edition", "geography", "licence", "credit", "note", "checked"), hostile)
    url = "https://example.org/?a=1&b=2"
    source = Source(id="x", title=hostile, publisher=hostile, date=DAY, url=url, **fields)  # type: ignore[arg-type]
    read = Reader(page(KnowledgeBase.of(sources=[source]), DAY))
    assert "script" not in {tag for tag, _ in read.tags}
    assert read.articles["x"].count(hostile) == 8
    assert [attrs["href"] for tag, attrs in read.tags if attrs.get("target")] == [url]
