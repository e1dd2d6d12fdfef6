import pytest

from bot.language.spelling import Speller, english_words

SHORTHAND = {"u": "you", "diff": "difference", "ai/ml": "ai and ml", "mle": "ml engineer", "b": "be", "n": "and"}
KNOWN = ["what do machine learning engineers actually do", "career projects hadoop skills difference"] * 2


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller.from_texts(KNOWN, SHORTHAND)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("What do ML engineers do?", "what do ml engineers do?"),
        ("actualy", "actually"),
        ("machine learnign enginers", "machine learning engineers"),
        ("u know the diff?", "you know the difference?"),
        ("AI/ML careeer", "ai and ml career"),
        ("MLE projcts", "ml engineer projects"),
        ("self-driving", "self driving"),
        ("sooooo", "so"),
    ],
)
def test_messages_are_brought_into_one_form(speller: Speller, typed: str, read: str) -> None:
    assert speller.normalise(typed).text == read


@pytest.mark.parametrize("word", ["Zanzibar", "Müller", "привет", "quixotic"])
def test_words_that_are_near_nothing_known_stay(speller: Speller, word: str) -> None:
    assert speller.normalise(word).text == word.lower()


@pytest.mark.parametrize("choice", ["b", "B)", "2", "option b"])
def test_a_bare_choice_is_not_shorthand(speller: Speller, choice: str) -> None:
    assert "be" not in speller.normalise(choice).text.split()


def test_offsets_point_into_the_original(speller: Speller) -> None:
    message = "  So: MLE projcts?!"
    tokens = speller.normalise(message).tokens
    assert [message[t.start : t.end] for t in tokens if t.text in ("ml", "engineer", "projects")] == [
        "MLE",
        "MLE",
        "projcts",
    ]


def test_a_single_misspelling_in_the_training_data_is_not_learnt() -> None:
    speller = Speller.from_texts(["what skils do they need", "skills", "skills"], {})
    assert "skils" not in speller.vocabulary
    assert speller.normalise("skils").text == "skills"


def test_the_word_list_is_there() -> None:
    assert len(english_words()) > 80_000
