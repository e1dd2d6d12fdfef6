import random

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

from bot.knowledge import load_knowledge
from bot.language.near import MIN_RATIO, NearPhrases
from bot.language.spelling import words

ALIASES = (" ".join(words(alias)) for _, _, alias in load_knowledge("data/knowledge").phrases())
PHRASES = sorted({alias for alias in ALIASES if len(alias) >= 7})
NEAR = NearPhrases(PHRASES)


def compared_with_all(text: str) -> tuple[str, float] | None:
    found = process.extractOne(text, PHRASES, scorer=fuzz.ratio, score_cutoff=MIN_RATIO)
    return (found[0], found[1]) if found else None


def misspelt(phrase: str, edits: int, chance: random.Random) -> str:
    for _ in range(edits):
        place = chance.randrange(len(phrase) + 1)
        letter = chance.choice(("", chance.choice("abcdefghijklmnopqrstuvwxyz ")))
        phrase = phrase[:place] + letter + phrase[place + chance.randrange(2) :]
    return phrase


@given(st.sampled_from(PHRASES), st.integers(0, 6), st.randoms())
def test_the_index_finds_what_comparing_with_all_phrases_finds(phrase: str, edits: int, chance: random.Random) -> None:
    text = misspelt(phrase, edits, chance)
    assert NEAR.best(text) == compared_with_all(text)


@given(st.text(max_size=40))
def test_it_does_so_for_any_text(text: str) -> None:
    assert NEAR.best(text) == compared_with_all(text)


def test_a_misspelt_name_is_found() -> None:
    assert NEAR.best("reinforcment learning") is not None
    assert NEAR.best("zzzzzzzzz") is None
