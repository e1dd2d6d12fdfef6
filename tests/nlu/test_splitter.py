import pytest

from bot.language.spelling import Speller
from bot.language.splitting import _sentencizer, split_questions

SPELLER = Speller({}, {"n": "and"})


def parts(message: str) -> list[str]:
    return [part.text.rstrip("?. ") for part in split_questions(SPELLER.normalise(message))]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("what do they do", ["what do they do"]),
        ("what do they do, what tools do they use and how much do they earn?", 3),
        ("what do they do? what do they use?", 2),
        ("difference between the two and which one should i take", 2),
        ("is it hard n do they talk to clients", 2),
        ("tools and skills of ml engineers", 1),
        ("how and why do they use spark", 1),
        ("", 0),
        ("?!", 1),
        ("a b. c d. e f. g h. i j. k l.", 4),
    ],
)
def test_messages_are_split_where_a_new_question_starts(message: str, expected: list[str] | int) -> None:
    found = parts(message)
    assert found == expected if isinstance(expected, list) else len(found) == expected


def test_parts_keep_their_words_in_order() -> None:
    message = "what is spark, and who uses it?"
    assert parts(message) == ["what is spark", "who uses it"]


def test_what_people_write_is_not_kept() -> None:
    vocab = _sentencizer().vocab
    parts("what is spark, and who uses it?")
    before = len(vocab), len(vocab.strings)
    for number in range(100):
        assert len(parts(f"what is zebra{number}? and who uses quagga{number}!")) == 2
    assert (len(vocab), len(vocab.strings)) == before
