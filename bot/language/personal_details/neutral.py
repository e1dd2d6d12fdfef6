"""Leaves out what people say about who they are, so that everybody with the same question gets the same answer.

Name, gender, age, origin, religion, family, health and school say nothing about which role fits, yet every word of a
message moves its embedding. So they are taken out before anything reads the message: first the descriptions that have
a fixed form ("I'm a 45 year old mother from Brazil", "as a Harvard graduate", "my name is Aisha"), which may be a part
of a clause, then every clause that says who somebody is ("I was born in Lagos and raised by my grandparents."), learnt
from examples. What a person does, knows and likes stays, and a message that asks about such a detail ("am I too old?",
"is it harder for women?") stays whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.language.encoder import shared_encoder
from bot.language.personal_details.clauses import (
    MARKS,
    Clause,
    ClauseClassifier,
    ClauseSplitter,
    Embed,
    Verdict,
    labelled,
    others,
)
from bot.language.personal_details.descriptions import Descriptions
from bot.language.personal_details.names import NameFinder
from bot.language.spelling import NormalisedText, Token, english_words

PERSONAL = 0.45
"""From this probability on a clause in which somebody speaks of themselves is left out: the value that lost least on
example clauses which were left out of the training."""

PERSONAL_BESIDE = 0.3
"""The same for what is left of a clause, or goes on with one, that has been left out."""

PERSONAL_BY_ITSELF = 0.9
"""The same for a clause that names nobody ("female, ...")."""

EMPTY = 0.5
"""From this probability on a clause says nothing ("by the way") and goes with the personal clause beside it."""

ABOUT = 0.5
"""From this probability on a question is about who somebody is."""

DOUBT, URGENT = 0.02, 0.6
"""From the second probability on a clause or a message may be a cry for help, and the message stays as it is; from the
first one on that a clause has, the whole message is looked at."""

_SHORTEST_REST = 3


class PersonalDetails:
    """Finds and leaves out what people say about who they are. Not bound to Rasa; safe to share."""

    def __init__(self, words: Mapping[str, Any], classifier: ClauseClassifier, embed: Embed | None = None) -> None:
        """``words`` is the content of data/personal_details.yml; ``embed`` defaults to the bot's own encoder.

        Raises KeyError if a list is missing.
        """
        self._words = {name: words[name] for name in words if name not in ("examples", "masks")}
        self._classifier = classifier
        self._embed = embed
        self._descriptions = Descriptions(words)
        self._splitter = ClauseSplitter(words["grammar"])
        self._names = NameFinder(words)
        self._instead: Mapping[str, str] = words["instead"]
        grammar = words["grammar"]
        self._saying_nothing = frozenset((*grammar["leads"], *grammar["fillers"], *grammar["joiners"])) - {"who"}
        self._greetings = frozenset(grammar["greetings"])
        self._greeted = frozenset(grammar["greeted"])
        self._first_person = frozenset(grammar["first_person"])
        self._pronouns = frozenset(grammar["pronouns"])
        self._subjects = self._pronouns | frozenset(grammar["possessives"])
        self._before_nouns = frozenset((*grammar["articles"], *grammar["numbers"], "my"))
        self._after_am = frozenset(grammar["prepositions"]) | frozenset(grammar["articles"])
        self._joints = MARKS - {"?"} | {"and", "but", "so"}
        self._idle = self._saying_nothing | frozenset(grammar["idle"])
        self._of_others: Mapping[str, str] = grammar["of_others"]
        self._dangling = self._joints - {".", "!"} | frozenset(grammar["reasons"])

    @classmethod
    def fit(
        cls,
        words: Mapping[str, Any],
        normalise: Callable[[str], NormalisedText],
        embed: Embed,
        messages: Iterable[str] = (),
        urgent: Iterable[str] = (),
    ) -> PersonalDetails:
        """Learn from the example clauses in ``words`` and from normalised ``messages`` that say nothing of that kind.

        ``urgent`` are messages that have to be heard whatever they say about a person.
        """
        splitter = ClauseSplitter(words["grammar"])

        def prepare(clause: str) -> str:
            return " ".join(splitter.bare([token.text for token in normalise(clause).tokens]))

        examples = [*labelled(words["examples"], prepare), *others(messages, urgent)]
        return cls(words, ClauseClassifier.fit(examples, embed))

    def neutral(self, message: str, text: NormalisedText, embed: Embed | None = None) -> NormalisedText:
        """``text``, the normalised ``message``, without personal details and without a greeting before the matter.

        A message of nothing but descriptions of a fixed form reads as the same sentence for everybody, the one that the
        word lists name; clauses are left out where something else remains.
        """
        text = self._without_greeting(text)
        embed = embed or self._embed or shared_encoder().encode
        parts, described = self._parts(message, text)
        cut = any(part.cut for part in parts)
        if len(parts) == 1 and not cut:
            return text
        verdicts = self._verdicts([part for part in parts if part.text and not part.clause.asks], embed)
        personal = self._personal(parts, verdicts)
        if not personal and not cut:
            return text
        asked = self._verdicts([part for part in parts if part.text and part.clause.asks], embed)
        if any(verdict.about + verdict.personal >= ABOUT for verdict in asked.values()):
            return text
        if self._is_urgent(text, [*verdicts.values(), *asked.values()], embed):
            return text
        kept = self._kept(text, parts, personal)
        if any(token.text not in self._saying_nothing and token.text[0].isalnum() for token in kept.tokens):
            return kept
        if any(part.text for part in personal):
            return text
        start, end = text.tokens[0].start, text.tokens[-1].end
        sentence = self._instead["details" if described else "name"]
        return NormalisedText(tuple(Token(word, start, end) for word in sentence.split()))

    def texts(self, message: str, text: NormalisedText) -> list[str]:
        """The texts whose embeddings :meth:`neutral` may ask for, to make those of many messages together."""
        text = self._without_greeting(text)
        parts, _ = self._parts(message, text)
        return [text.text, *(part.text for part in parts if part.text)]

    def save(self, path: Path) -> None:
        """Write the word lists to ``path`` and the classifier beside it."""
        path.write_text(json.dumps(self._words), encoding="utf-8")
        self._classifier.save(path.with_suffix(".npz"))

    @classmethod
    def read(cls, path: Path) -> PersonalDetails:
        """Read what :meth:`save` wrote; nothing in the files is executed."""
        words = json.loads(path.read_text(encoding="utf-8"))
        return cls(words, ClauseClassifier.read(path.with_suffix(".npz")))

    def _parts(self, message: str, text: NormalisedText) -> tuple[list[_Part], bool]:
        """The clauses with what is left of them without names and descriptions, and whether there are descriptions."""
        words = [token.text for token in text.tokens]
        named = _positions(self._names.spans(message, text.tokens))
        described = _positions(self._descriptions.spans(words))
        parts: list[_Part] = []
        subject: list[str] = []
        for clause in self._splitter.split(message, text):
            said = range(clause.first, clause.last)
            kept = [i for i in said if i not in named and i not in described]
            content = [words[i] for i in kept]
            joined = clause.first > clause.start and content and content[0] in self._before_nouns
            if joined and subject:  # "I have two sons and | a dog" is read as "I have a dog"
                content = [*subject, *content]
            elif clause.last > clause.first:
                subject = words[clause.first : clause.first + 2] if words[clause.first] == "i" else []
            if self._idle.issuperset(content):
                content = []
            asked = bool(parts) and parts[-1].clause.asks and words[clause.start - 1] not in MARKS
            speaks = self._first_person - {"as", "with"} if asked else self._first_person
            named_here = not speaks.isdisjoint(content)
            parts.append(_Part(clause, tuple(kept), " ".join(content), len(kept) < len(said), named_here))
        return parts, bool(described)

    def _verdicts(self, parts: Sequence[_Part], embed: Embed) -> dict[_Part, Verdict]:
        """What each of these clauses is."""
        vectors = embed([part.text for part in parts]) if parts else ()
        return {part: self._classifier.judge(part.text, vector) for part, vector in zip(parts, vectors, strict=True)}

    def _is_urgent(self, text: NormalisedText, verdicts: Sequence[Verdict], embed: Embed) -> bool:
        """Whether a message may be a cry for help, by its clauses or, where one of them raises a doubt, as a whole."""
        most = max((verdict.urgent for verdict in verdicts), default=0.0)
        if DOUBT <= most < URGENT:
            most = max(most, self._classifier.judge(text.text, embed([text.text])[0]).urgent)
        return most >= URGENT

    def _personal(self, parts: Sequence[_Part], verdicts: Mapping[_Part, Verdict]) -> set[_Part]:
        """The clauses to leave out."""
        gone: set[_Part] = set()
        for before, part in zip([None, *parts], parts, strict=False):
            if part not in verdicts:
                gone.update([part] if part.cut and not part.text else [])
                continue
            if before in gone and part.text.startswith("with "):
                least = PERSONAL_BESIDE / 2
            elif part.cut or (before in gone and self._leans(part)):
                least = PERSONAL_BESIDE
            else:
                least = PERSONAL if part.speaks else PERSONAL_BY_ITSELF
            if verdicts[part].personal >= least:
                gone.add(part)
        beside = set()
        for place, part in enumerate(parts):
            empty = not part.text or (part in verdicts and verdicts[part].empty >= EMPTY)
            empty = empty and not self._pronouns.issuperset(part.text.split() or [""])
            if part.cut or not gone.isdisjoint(parts[max(place - 1, 0) : place + 2]):
                beside.update([part] if empty else [])
        return gone | beside

    def _leans(self, part: _Part) -> bool:
        """Whether a clause has no subject of its own and goes on with what the one before says."""
        return part.text.partition(" ")[0] not in self._subjects

    def _kept(self, text: NormalisedText, parts: Sequence[_Part], personal: Collection[_Part]) -> NormalisedText:
        """The text without the personal clauses; a clause that goes on after one keeps its subject ("I")."""
        kept: list[Token] = []
        subject: list[Token] = []
        for part, following in zip(parts, [*parts[1:], None], strict=True):
            clause = part.clause
            if part not in personal:
                if kept and not subject:
                    kept += text.tokens[clause.start : clause.first]
                kept += [*subject, *(text.tokens[i] for i in part.kept), *text.tokens[clause.last : clause.end]]
                subject = []
                continue
            begins = not kept or kept[-1].text in MARKS - {","}
            subject = self._subject(text, clause, following, subject) if following and begins else []
            mark = text.tokens[clause.last : clause.end][:1]
            if mark and kept and (mark[0].text == "?" or kept[-1].text not in MARKS):
                kept = [*(kept[:-1] if kept[-1].text in MARKS else kept), *mark]
            elif mark and len(kept) > 1 and kept[-1].text == "," and kept[-2].text in self._pronouns:
                kept.pop()  # "should I, being deaf, become ..." -> "should I become ..."
        return self._tidy(kept)

    def _subject(self, text: NormalisedText, clause: Clause, following: _Part, before: list[Token]) -> list[Token]:
        """What the clause after a personal one needs in front of it: "I am deaf and | love robots"."""
        words = [token.text for token in text.tokens[clause.first : clause.last]]
        joiner = text.tokens[following.clause.start]
        first = text.tokens[following.kept[0]].text if following.kept else ""
        if joiner.text == "who" and following.clause.first > following.clause.start and words[0] in ("i", "as"):
            return [replace(joiner, text="i")]
        if joiner.text not in ("and", "but") or following.clause.asks or not first or first in self._subjects:
            return []
        if words[0] != "i":
            return before
        if first.endswith("s") and first[:-1] in english_words():  # "I am a priest and people confess to me"
            return []
        verb = first in self._before_nouns or (
            words[1:2] == ["am"] and (first in self._after_am or first.endswith("ing"))
        )
        return [*text.tokens[clause.first : clause.first + 1 + verb]]

    def _without_greeting(self, text: NormalisedText) -> NormalisedText:
        """The text without a greeting before what matters: polite people get the same."""
        start = 0
        while start < len(text.tokens) and text.tokens[start].text in self._greetings:
            start += 1
        while start and start < len(text.tokens) and text.tokens[start].text in self._greeted:
            start += 1
        while start and start < len(text.tokens) and text.tokens[start].text in self._joints:
            start += 1
        rest = text.part(start, len(text.tokens))
        return rest if sum(token.text[0].isalnum() for token in rest.tokens) >= _SHORTEST_REST else text

    def _tidy(self, tokens: Sequence[Token]) -> NormalisedText:
        """The tokens without joiners and marks that have lost what they joined."""
        kept: list[Token] = []
        for token in tokens:
            if token.text in self._joints and (not kept or kept[-1].text in self._joints):
                continue
            if kept and kept[-1].text == "i":  # "as a mother who loves statistics" -> "I love statistics"
                token = replace(token, text=self._of_first_person(token.text))
            kept.append(token)
        while kept and kept[-1].text in self._dangling:
            kept.pop()
        return NormalisedText(tuple(kept))

    def _of_first_person(self, verb: str) -> str:
        if verb in self._of_others:
            return self._of_others[verb]
        return verb[:-1] if verb.endswith("s") and verb[:-1] in english_words() else verb


@dataclass(frozen=True)
class _Part:
    """A clause without details of a fixed form.

    ``kept``: the places of the words that are left; ``text``: what they say; ``cut``: something is gone; ``speaks``: it
    speaks of the person who writes.
    """

    clause: Clause
    kept: tuple[int, ...]
    text: str
    cut: bool
    speaks: bool


def _positions(spans: Iterable[tuple[int, int]]) -> set[int]:
    return {index for start, end in spans for index in range(start, end)}
