"""Taking personal details out of what people wrote, before anybody reads it.

Rather too much than too little: a site owner needs to know what was asked, never who asked it. What is recognised:
addresses of mail, web and network, numbers of five digits and more (phones, cards, accounts, post codes), postal
addresses, and names: after words that announce one, first names of the list in data/personal_details.yml, and
capitalised words that are none of ours. Another name in lower case that nothing announces is not recognised;
docs/insights.md says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from bot.insights.details import CAPITAL, COMMON, CUES, PATTERNS
from bot.knowledge import KnowledgeBase
from bot.language.names import first_names

_SEVERAL_NAMES = re.compile(
    r"\[name\](?:[\s,]*(?:(?:van|von|vom|zu|zum|der|den|de|del|della|di|da|do|dos|du|des|la|le|el|al|bin|ibn|ter|ten|y|e)"
    r"\s+){0,3}\[name\])+",
    re.IGNORECASE,
)
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
        phrases = [_words(words) for _, _, words in kb.phrases()] if kb else []
        # A word of a longer phrase is known within that phrase: "young worker" is ours, and Jordan Young is not.
        single = {words[0].strip(".") for words in phrases if len(words) == 1}
        self._known = COMMON | single | {word.strip(".") for phrase in vocabulary for word in _words(phrase)}
        self._phrases = {tuple(words) for words in phrases if len(words) > 1}
        self._longest = max(map(len, self._phrases), default=1)
        self._names = first_names()
        unknown = "|".join(map(re.escape, sorted(self._names - self._known)))
        self._first_name = re.compile(rf"(?<![\w\[])(?:{unknown})(?!\w)" if unknown else r"(?!)", re.IGNORECASE)

    def __call__(self, text: str) -> str:
        """The text on one line with ``[e-mail]``, ``[name]`` and the like in place of what says who somebody is."""
        words = unicodedata.normalize("NFKC", _printable(text)).split()
        text = " ".join(word if len(word) <= _LONGEST_WORD else _long_mask(word) for word in words)
        for pattern, mask in PATTERNS:
            text = pattern.sub(mask, text)
        text = CUES.sub(self._announced, text)
        text = self._first_name.sub("[name]", self._capitalised(text))
        text = _SEVERAL_NAMES.sub("[name]", text)
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
        ours = self._within_phrases([match.group().strip(".").lower() for match in words])
        suspects = [not known and self._suspect(m.group()) for m, known in zip(words, ours, strict=True)]
        # A first name that is a word of ours as well (Julia) is a name beside another one.
        maybe = [word.group()[:1].isupper() and word.group().lower() in self._names for word in words]
        parts, end = [], 0
        for place, match in enumerate(words):
            beside = any(
                suspects[at] or (suspects[place] and maybe[at])
                for at in (place - 1, place + 1)
                if 0 <= at < len(words) and _touch(words, place, at)
            )
            alone = suspects[place] and _inside_a_sentence(text, match.start())
            if alone or (beside and (suspects[place] or maybe[place])):
                parts += [text[end : match.start()], "[name]"]
                end = match.end()
        return "".join([*parts, text[end:]])

    def _within_phrases(self, words: list[str]) -> list[bool]:
        """Which of the words belong to a phrase of ours of two and more words."""
        found = [False] * len(words)
        for start in range(len(words)):
            for length in range(2, min(self._longest, len(words) - start) + 1):
                phrase = words[start : start + length]
                if {tuple(phrase), (*phrase[:-1], phrase[-1].removesuffix("s"))} & self._phrases:
                    found[start : start + length] = [True] * length
        return found

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
