"""Takes personal details out of what people wrote, before anybody reads it.

Rather too much than too little: a site owner needs to know what was asked, never who asked it. What is recognised:
addresses of mail, web and network, handles, dates, ids, numbers of five digits and more (phones, cards, accounts, post
codes), postal addresses, and names: after words that announce one, capitalised words that are none of ours, and first
names in any case. A rare name in lower case that nothing announces is not recognised; docs/insights.md says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from bot.language.personal_details.words import detail_words

_FLAGS = re.IGNORECASE | re.VERBOSE
_SENTENCE_GOES_ON = re.compile(r"[\w\]]['’\")]{0,3}[,;:]?\s?[-–(\"'’]?$")
_LOOK_BACK = 8
"""Characters before a word that tell whether a sentence begins with it."""

_LONGEST_WORD = 80
"""Characters without a space that are looked into. Some patterns try each place in a word, and each time read on to its
end: this keeps the time that a text takes in proportion to its length. Longer ones are masked as a whole."""

_BESIDE_A_NAME = re.compile(
    r"\b\d{1,5}[A-Za-z]?,?\s+(?:[A-Z][\w'’-]+\s+){0,2}\[name\](?:\s+[A-Z][\w'’-]+)?|\[name\],?\s+\d{1,4}[A-Za-z]?\b"
)
_BEFORE_AN_ADDRESS = re.compile(
    r"(?:\b(?:level|lot|block|house|no\.?|#)\s*)?\b\d{1,5}[a-z]?[\s,]+\[address\]|"
    r"\b(?:level|lot|block|house)\s+\d+\w*",
    re.IGNORECASE,
)
_PLACE_BEFORE_AN_ADDRESS = re.compile(r"\b[A-Z][\w'’-]+ \[address\]")
_SEVERAL_ADDRESSES = re.compile(r"\[address\](?:[\s,]*(?:\[address\]|\[number\]|\[name\]|[A-Z]{2}\b))+")


class Masker:
    """Masks personal details. Safe to share."""

    def __init__(self, known: Iterable[str] = (), words: Mapping[str, Any] | None = None) -> None:
        """``known`` are phrases that are no people, such as the names in a knowledge base.

        ``words`` is the content of data/personal_details.yml, by default as :func:`detail_words` reads it. Raises
        KeyError if a list is missing, and re.error if a pattern cannot be used.
        """
        words = words or detail_words()
        masks = words["masks"]
        self._patterns = [
            (compiled := re.compile(_filled(pattern, masks), _FLAGS), _instead(compiled, group["mask"]))
            for group in masks["patterns"]
            for pattern in group["any"]
        ]
        word = masks["word"]
        cues = re.sub(r"\s*\n?\s+", "", masks["before_names"])
        self._cues = re.compile(rf"\b({cues}),?\s+((?:{word}\s*,?\s*){{1,4}})", re.IGNORECASE)
        self._word = re.compile(rf"(?<![\w\[])({word})")
        particles = "|".join(masks["particles"])
        self._several = re.compile(rf"\[name\](?:[\s,]*(?:(?:{particles})\s+){{0,3}}\[name\])+", re.IGNORECASE)
        self._common = frozenset(masks["common"])
        phrases = [phrase.lower() for phrase in known]
        parts = {word.strip(".") for phrase in phrases for word in re.findall(r"[\w'’.+-]+", phrase)}
        self._with_capital = frozenset(words["names_and_words"]) - set(phrases)
        self._known = self._common | parts - self._with_capital
        self._names = frozenset(words["names"]) - self._known

    def __call__(self, text: str) -> str:
        """The text on one line with ``[e-mail]``, ``[name]`` and the like in place of what says who somebody is."""
        found = unicodedata.normalize("NFKC", _printable(text)).split()
        text = " ".join(word if len(word) <= _LONGEST_WORD else _long_mask(word) for word in found)
        for pattern, mask in self._patterns:
            text = pattern.sub(mask, text)
        text = self._cues.sub(self._announced, text)
        text = self._without_names(text)
        text = self._several.sub("[name]", text)
        text = _BESIDE_A_NAME.sub("[address]", text)
        text = _BEFORE_AN_ADDRESS.sub("[address]", text)
        text = _PLACE_BEFORE_AN_ADDRESS.sub("[address]", text)
        return _SEVERAL_ADDRESSES.sub("[address]", text)

    def _announced(self, match: re.Match[str]) -> str:
        cue, names = match.group(1), match.group(2)
        masked, rest = 0, names.split()
        told = "name" in cue.lower() or "called" in cue.lower()
        while rest and not self._ends_name(rest[0].strip(",."), told or masked > 0):
            ended = rest[0].endswith(",") and masked
            rest.pop(0)
            masked += 1
            if ended:
                break
        if not masked:
            return match.group(0)
        return " ".join([cue, "[name]", *rest]) + (" " if names.endswith(" ") else "")

    def _ends_name(self, word: str, begun: bool) -> bool:
        """Whether a word is no part of a name; where one has ``begun`` a word of ours may be ("Jordan Young")."""
        if word[:1].isupper():
            return word.lower() in (self._common if begun else self._known) - self._with_capital
        return word.lower() in self._known

    def _without_names(self, text: str) -> str:
        """Mask first names, capitalised words inside a sentence, and runs of two and more at its beginning."""
        words = list(self._word.finditer(text))
        bare = [word.group().strip(".").lower().removesuffix("'s").removesuffix("’s") for word in words]
        named = [name in self._names for name in bare]
        suspect = [
            is_name or (word.group()[0].isupper() and name not in self._known and not self._is_ours(name))
            for word, name, is_name in zip(words, bare, named, strict=True)
        ]
        parts, end, masked = [], 0, False
        for place, word in enumerate(words):
            before = text[max(word.start() - _LOOK_BACK, 0) : word.start()]
            neighbours = [p for p in (place - 1, place + 1) if 0 <= p < len(words)]
            beside = [p for p in neighbours if _touch(words[min(place, p)], words[max(place, p)])]
            if suspect[place]:
                masked = named[place] or any(suspect[p] for p in beside) or bool(_SENTENCE_GOES_ON.search(before))
            else:  # a surname that is also a word of ours
                masked = (
                    masked and place - 1 in beside and word.group()[0].isupper() and bare[place] not in self._common
                )
            if masked:
                parts += [text[end : word.start()], "[name]"]
                end = word.end()
        return "".join((*parts, text[end:]))

    def _is_ours(self, word: str) -> bool:
        return set(word.split("-")) <= self._known


def _filled(pattern: str, lists: Mapping[str, Any]) -> str:
    """A pattern with ``<name>`` replaced by the list of that name."""
    for name in ("word", "months", "streets"):
        values = lists[name]
        pattern = pattern.replace(f"<{name}>", values if isinstance(values, str) else "|".join(values))
    return pattern


def _instead(pattern: re.Pattern[str], mask: str) -> str:
    return rf"\g<before>[{mask}]" if "before" in pattern.groupindex else f"[{mask}]"


def _long_mask(word: str) -> str:
    if "://" in word or word.lower().startswith("www."):
        return "[link]"
    return "[e-mail]" if "@" in word else "[id]"


def _touch(first: re.Match[str], second: re.Match[str]) -> bool:
    return second.start() - first.end() <= 2


def _printable(text: str) -> str:
    """Without characters that no reader sees or that turn the writing around; lone surrogates are none at all."""
    return "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
        for c in text
        if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn")
    )
