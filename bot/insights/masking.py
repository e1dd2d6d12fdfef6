"""Taking personal details out of what people wrote, before anybody reads it.

Rather too much than too little: a site owner needs to know what was asked, never who asked it. What is recognised:
addresses of mail, web and network, numbers of five digits and more (phones, cards, accounts, post codes), postal
addresses, and names: after words that announce one, and capitalised words that are none of ours. A name in lower case
that nothing announces is not recognised; docs/insights.md says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from bot.insights.details import CAPITAL, COMMON, CUES, PATTERNS
from bot.knowledge import KnowledgeBase

_SEVERAL_NAMES = re.compile(
    r"\[name\](?:[\s,]*(?:(?:van|von|vom|zu|zum|der|den|de|del|della|di|da|do|dos|du|des|la|le|el|al|bin|ibn|ter|ten|y|e)"
    r"\s+){0,3}\[name\])+",
    re.IGNORECASE,
)
_FAMILY_NAME = re.compile(r"\[name\] [A-Z][a-z]+\b(?!-)")
"""A family name may be a word of ours: Jordan Young."""
_BESIDE_A_NAME = re.compile(
    r"\b\d{1,5}[A-Za-z]?,?\s+(?:[A-Z][\w'’-]+\s+){0,2}\[name\](?:\s+[A-Z][\w'’-]+)?|\[name\],?\s+\d{1,4}[A-Za-z]?\b"
)
_BEFORE_AN_ADDRESS = re.compile(
    r"(?:\b(?:level|lot|block|house|no\.?|#)\s*)?\b\d{1,5}[a-z]?[\s,]+\[address\]|"
    r"\b(?:level|lot|block|house)\s+\d+\w*",
    re.IGNORECASE,
)

_LONGEST_WORD = 80
"""Characters without a space that are looked into. The patterns try each place in a word, and each time read on to its
end: this keeps the time that a text takes in proportion to its length. Longer ones are masked as a whole."""


class Masker:
    """Masks personal details. The names in a knowledge base are known not to be people."""

    def __init__(self, kb: KnowledgeBase | None = None, vocabulary: Iterable[str] = ()) -> None:
        known = [words for _, _, words in kb.phrases()] if kb else []
        self._known = COMMON | {word.strip(".") for phrase in (*known, *vocabulary) for word in _words(phrase)}

    def __call__(self, text: str) -> str:
        """The text on one line with ``[e-mail]``, ``[name]`` and the like in place of what says who somebody is."""
        words = unicodedata.normalize("NFKC", _printable(text)).split()
        text = " ".join(word if len(word) <= _LONGEST_WORD else _long_mask(word) for word in words)
        for pattern, mask in PATTERNS:
            text = pattern.sub(mask, text)
        text = CUES.sub(self._announced, text)
        text = self._capitalised(text)
        text = _SEVERAL_NAMES.sub("[name]", _FAMILY_NAME.sub("[name]", text))
        text = _BESIDE_A_NAME.sub("[address]", text)
        text = _BEFORE_AN_ADDRESS.sub("[address]", text)
        text = re.sub(r"\b[A-Z][\w'’-]+ \[address\]", "[address]", text)
        return re.sub(r"\[address\](?:[\s,]*(?:\[address\]|\[number\]|\[name\]|[A-Z]{2}\b))+", "[address]", text)

    def _announced(self, match: re.Match[str]) -> str:
        cue, names = match.group(1), match.group(2)
        masked, rest = 0, names.split()
        while rest and rest[0].strip(",.").lower() not in self._known:
            ended = rest[0].endswith(",") and masked
            rest.pop(0)
            masked += 1
            if ended:
                break
        if not masked:
            return match.group(0)
        return " ".join([cue, "[name]", *rest]) + (" " if names.endswith(" ") else "")

    def _capitalised(self, text: str) -> str:
        """Mask capitalised words inside a sentence, and runs of two and more at its beginning."""
        words = [match for match in CAPITAL.finditer(text)]
        suspects = [self._suspect(match.group()) for match in words]
        parts, end = [], 0
        for place, match in enumerate(words):
            beside = any(
                suspects[at] for at in (place - 1, place + 1) if 0 <= at < len(words) and _touch(words, place, at)
            )
            if suspects[place] and (beside or _inside_a_sentence(text, match.start())):
                parts += [text[end : match.start()], "[name]"]
                end = match.end()
        return "".join([*parts, text[end:]])

    def _suspect(self, word: str) -> bool:
        bare = word.strip(".").lower().removesuffix("'s").removesuffix("’s")
        return word[:1].isupper() and bare not in self._known and not set(bare.split("-")) <= self._known


def _touch(words: list[re.Match[str]], one: int, other: int) -> bool:
    first, second = sorted((one, other))
    return words[second].start() - words[first].end() <= 2


def _inside_a_sentence(text: str, place: int) -> bool:
    """Whether the word at ``place`` follows another one with no end of a sentence between them."""
    if place and text[place - 1] in "-–(\"'’":
        place -= 1
    while place and text[place - 1].isspace():
        place -= 1
    if place and text[place - 1] in ",;:":
        place -= 1
    while place and text[place - 1] in "'’\")":
        place -= 1
    return place > 0 and (text[place - 1] in "_]" or text[place - 1].isalnum())


def _long_mask(word: str) -> str:
    if "://" in word or word.lower().startswith("www."):
        return "[link]"
    return "[e-mail]" if "@" in word else "[id]"


def _words(text: str) -> list[str]:
    return re.findall(r"[\w'’.+-]+", text.lower())


def _printable(text: str) -> str:
    """Without characters that no reader sees or that turn the writing around; lone surrogates are none at all."""
    return "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
        for c in text
        if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn")
    )
