"""Leaves out what people say about who they are, so that everybody with the same question gets the same answer.

Name, gender, age, nationality, family and school say nothing about which role fits, yet every word of a message moves
its embedding. So self-descriptions ("I'm a 45 year old mother from Brazil, ...", "as a Harvard graduate", "my name is
Aisha and ...") are taken out before anything reads the message. What a person does, knows and likes stays, and so does
a question that is about such a detail ("am I too old?", "is it harder for women?"). Words: data/personal_details.yml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from bot.language.names import name_spans
from bot.language.personal_labels import Labeller, words_of
from bot.language.spelling import NormalisedText, Token

_STRONG = frozenset({"AGE", "COLOURS", "PEOPLE", "TRAITS", "NATIONALITIES", "PLACES", "SCHOOLS", "NUMBER"})
_SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "AGE": ("age",),
    "NUMBER": ("age", "family"),
    "PEOPLE": ("gender", "family", "age", "origin"),
    "COLOURS": ("origin",),
    "TRAITS": ("family", "gender", "age", "origin"),
    "NATIONALITIES": ("origin",),
    "PLACES": ("origin",),
    "SCHOOLS": ("school",),
}
"""Which detail a label is: keys of ``about`` in the word lists."""

_LINKS = words_of(
    "a an the of from in at with and also , i am was my but originally currently living based born raised who is both"
    " two three four five six no my to"
)
"""Words that may stand between details without ending the description."""

_ENDS = words_of(". ? ! ; : , and but so") | {"\n"}
_CLAUSES = words_of(
    "what which who whose how where when why do does did is are can could should will would tell explain describe list"
    " compare give show i my i'm please hi hello"
)
_JOINTS = frozenset((",", "and", "but", "so", ".", ";", ":", "!", "\n"))
_GREETINGS = frozenset(("hi", "hello", "hey"))
_GREETING_WORDS = _GREETINGS | {"there", "everyone", "all", "folks"}
_SHORTEST_REST = 3
_LEADS = words_of("because since given that as considering although though if while so and hi hello hey")
_OPENERS: tuple[tuple[str, ...], ...] = tuple(
    tuple(line.split())
    for line in """
    i am|i am also|i am just|i am currently|i am actually|i am only|i am turning|i just turned|i turned
    i have|i have got|i got|i come|i came|i live|i live in|i am living|i am based|i was born|i grew up|i moved here
    i studied|i study|i am studying|i went|i went to|i go to|i attend|i attended|i graduated|i just graduated
    i recently graduated|i finished|i identify as|my age is|as|as someone|being|speaking as|coming
    """.replace("\n", "|").split("|")
    if line.strip()
)
_TO_BE = frozenset({("as",), ("being",), ("speaking", "as"), ("i", "am")})
"""Openers after which other words may go on: "as a 45 year old | teacher"."""
_YOUNGEST = 12
_ARTICLES = frozenset(("a", "an", "the"))
_PREPOSITIONS = frozenset(("in", "at", "with", "on", "for", "of", "from"))
_REASONS = words_of("because since given that considering although though")
_MODIFIERS = frozenset({"AGE", "TRAITS", "NATIONALITIES"})
_ALSO_ADJECTIVES = frozenset({"female", "male", "woman", "trans", "transgender", "immigrant", "teen", "adult"})


class PersonalDetails:
    """Finds and leaves out self-descriptions in normalised messages. Not bound to Rasa; safe to share."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        """``words`` is the content of data/personal_details.yml. Raises KeyError if a list is missing."""
        self.lists = dict(words)
        self._labeller = Labeller(words)
        self._names = frozenset(words["names"])
        self._instead: Mapping[str, str] = words["instead"]
        self._about = {name: [tuple(p.split()) for p in phrases] for name, phrases in words["about"].items()}

    def neutral(self, message: str, text: NormalisedText) -> NormalisedText:
        """``text``, the normalised ``message``, without self-descriptions and without a greeting before the matter.

        A message of nothing else reads as the same sentence for everybody, the one that the word lists name.
        """
        text = _without_greeting(text)
        words = [token.text for token in text.tokens]
        if not _may_hold_details(words):
            return text
        labels = self._labeller.labels(words)
        names = list(name_spans(message, text.tokens, self._names))
        details = list(_descriptions(words, labels))
        gone = {index for start, end in (*names, *details) for index in range(start, end)}
        rest = [word for index, word in enumerate(words) if index not in gone]
        if not gone or self._is_about(rest, {labels[index] for index in gone}):
            return text
        kept = _tidy(text, gone)
        if any(token.text[0].isalnum() and token.text not in _LEADS - _GREETINGS for token in kept.tokens):
            return kept
        start, end = text.tokens[0].start, text.tokens[-1].end
        sentence = self._instead["details" if details else "name"]
        return NormalisedText(tuple(Token(word, start, end) for word in sentence.split()))

    def _is_about(self, rest: Sequence[str], labels: set[str]) -> bool:
        """Whether the rest of a message asks about the details that would be left out."""
        subjects = {"any", *chain.from_iterable(_SUBJECTS.get(label, ()) for label in labels)}
        phrases = chain.from_iterable(self._about.get(subject, ()) for subject in subjects)
        return any(_contains(rest, phrase) for phrase in phrases)


def _without_greeting(text: NormalisedText) -> NormalisedText:
    """The text without a greeting at its start, where more than a greeting follows: polite people get the same."""
    start = 0
    while start < len(text.tokens) and text.tokens[start].text in _GREETING_WORDS:
        start += 1
    while start and start < len(text.tokens) and text.tokens[start].text in _JOINTS:
        start += 1
    rest = text.part(start, len(text.tokens))
    return rest if sum(token.text[0].isalnum() for token in rest.tokens) >= _SHORTEST_REST else text


def _may_hold_details(words: Sequence[str]) -> bool:
    return not {"i", "my", "as", "being", "here", "me", "this", "coming", "speaking"}.isdisjoint(words)


def _descriptions(words: Sequence[str], labels: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Token spans of self-descriptions, in order."""
    start = 0
    while start < len(words):
        opener = max((o for o in _OPENERS if tuple(words[start : start + len(o)]) == o), key=len, default=None)
        if opener is None or (start and words[start - 1] in ("like", "if")):  # "explain it like I'm a child"
            start += 1
            continue
        end = _details_end(words, labels, start + len(opener)) if _may_follow(words, labels, start, opener) else 0
        if end and (opener in _TO_BE or _is_end(words, end)):
            yield _cut(words, labels, start, opener, end)
        start = max(end, start + len(opener))
        yield from _places_in_clause(words, labels, start)


def _may_follow(words: Sequence[str], labels: Sequence[str], start: int, opener: tuple[str, ...]) -> bool:
    """Only "as a ..." describes somebody; "as China grows" does not."""
    first = start + len(opener)
    return first < len(words) and (opener[-1] != "as" or words[first] in _ARTICLES or labels[first] == "AGE")


def _is_end(words: Sequence[str], position: int) -> bool:
    return position >= len(words) or words[position] in _ENDS | _CLAUSES


def _details_end(words: Sequence[str], labels: Sequence[str], start: int) -> int:
    """Where the run of details from ``start`` on ends, 0 if there is none."""
    end, position = 0, start
    school = False
    while position < len(words):
        label = labels[position]
        if label == "NUMBER" and not _is_age(words, labels, position):
            if words[position] not in _LINKS:
                break
        elif label in _STRONG and (label != "COLOURS" or words[start - 1] == "am"):
            school = school or label == "SCHOOLS"
            end = position + 1
        elif label == "CALENDAR_YEAR" and school:
            end = position + 1
        elif label == "STUDIES":
            if school or "SCHOOLS" in labels[position : position + 6]:
                end = position + 1 if school else end
            elif words[position] not in _LINKS:
                break
        elif label not in ("WEAK", "COLOURS") and words[position] not in _LINKS:
            break
        position += 1
    return end


def _is_age(words: Sequence[str], labels: Sequence[str], position: int) -> bool:
    """A bare number is an age at the end of a clause, and a number of children before or after them."""
    following = position + 1
    if following == len(words) or words[following] in _ENDS:
        return not words[position].isdigit() or int(words[position]) >= _YOUNGEST or words[position - 1] == "of"
    return labels[following] in ("PEOPLE", "NUMBER")


def _cut(words: Sequence[str], labels: Sequence[str], start: int, opener: tuple[str, ...], end: int) -> tuple[int, int]:
    """What to leave out of the description whose details end at ``end``, given what follows it."""
    details = start + len(opener)
    personal = opener[0] == "i"
    following = words[end] if end < len(words) else "."
    after_joiner = words[end + 1] if end + 1 < len(words) else "."
    if personal and following in ("and", "but") and after_joiner not in _CLAUSES | _ENDS | _LEADS | _ARTICLES:
        # "I'm 45 and work in marketing" -> "I work in marketing"; "I'm 45 and in sales" -> "I'm in sales"
        return (details if after_joiner in _PREPOSITIONS else start + 1), end + 1
    if following in _ENDS or following in _CLAUSES:
        while start and words[start - 1] in _REASONS:
            start -= 1
        return start, end
    if following in _PREPOSITIONS:
        return (details, end) if personal else (start, end)  # "I'm a woman in tech" -> "I'm in tech"
    if labels[end - 1] in _MODIFIERS or words[end - 1] in _ALSO_ADJECTIVES:
        return details + (words[details] in _ARTICLES), end  # "a 45 year old teacher" -> "a teacher"
    return (details, end) if personal else (start, end)


def _places_in_clause(words: Sequence[str], labels: Sequence[str], start: int) -> Iterable[tuple[int, int]]:
    """ "I am a nurse from Brazil", "I have a degree in physics from Oxford": only the origin."""
    for position in range(start, len(words) - 1):
        if words[position] in _ENDS - {"and"} or words[position] in _CLAUSES - {"i", "my"}:
            return
        if words[position] in ("from", "in", "at"):
            first = position + 1 + (words[position + 1] == "the")
            end = first
            while end < len(words) and labels[end] in ("PLACES", "SCHOOLS"):
                end += 1
            if end > first:
                yield position, end


def _contains(words: Sequence[str], phrase: tuple[str, ...]) -> bool:
    return any(tuple(words[i : i + len(phrase)]) == phrase for i in range(len(words) - len(phrase) + 1))


def _tidy(text: NormalisedText, gone: set[int]) -> NormalisedText:
    """The kept tokens, without joiners and punctuation that have lost what they joined."""
    kept: list[Token] = []
    dropped: set[int] = set()
    for index, token in enumerate(text.tokens):
        if index in gone:
            continue
        orphan = (index - 1 in gone or index - 1 in dropped) and (not kept or kept[-1].text in _JOINTS | {"?"})
        if orphan and token.text in _JOINTS:
            dropped.add(index)
        elif token.text == "who" and index - 1 in gone:
            kept.append(replace(token, text="i"))  # "as a mother who loves statistics" -> "i loves statistics"
        else:
            kept.append(token)
    while kept and kept[-1].text in _JOINTS | _REASONS - {".", "!"}:
        kept.pop()
    return NormalisedText(tuple(kept))
