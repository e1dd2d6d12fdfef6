"""Each pattern of data/wording.yml: what it is to find, and what looks like it and is not."""

from pathlib import Path

import pytest

from bot.language import wording as module
from bot.language.wording import WordingError, wording

FOUND: dict[str, tuple[str, ...]] = {
    "who": (
        "who trains the models",
        "which of the two builds robots",
        "which role needs more maths",
        "what kind of engineer cleans data",
        "is that ai or ml",
        "ml or ai person ?",
    ),
    "bare_who": ("which one is it ?", "and who would do that", "which of them should i ask"),
    "fits_me": ("which role fits me", "what suits a shy person", "is ml right for me"),
    "background": ("i am a former", "i work as a", "coming from"),
    "differs": ("how do they differ", "put them side by side", "ai vs ml", "a comparison please"),
    "the_other": ("and the other one ?", "what about the other role", "the others then"),
    "doubts": ("are you sure ?", "hm i doubt it", "no way", "but that can not be right"),
    "first_person": ("what would i do", "does it suit my brother", "can we do both"),
    "asks": ("what do they do", "tell me about pay", "my question: pay", "really ?", "i would like to know the pay"),
    "refuses": ("i do not care about robots", "i am not asking about pay", "i do not want to hear of chips"),
    "asks_the_bot": ("are you a robot", "do you use spacy", "can you build robots", "have you seen robots"),
    "yes_no": ("do they code", "so is it hard", "hey can i do both", "should i learn sql"),
    "no_claim": (
        "do i need a degree",
        "is it better than ml",
        "can they work without gpus",
        "do they only train models",
    ),
    "refers_back": ("what does that cost", "and pay ?", "why", "is it hard", "the second one"),
    "points_back": ("what are those good for", "how about pay", "and the tools", "does it pay"),
    "which_of_those": ("which of those is about money", "which one of these is easy", "which part of them"),
    "likes": (
        "i really enjoy statistics",
        "i am good at maths",
        "my passion is robots",
        "yes , data",
        "i would love to build",
    ),
    "dislikes": (
        "i hate soldering",
        "bored by meetings",
        "i do not really like sales",
        "not so keen on it",
        "no , hardware",
    ),
    "no_dislike": ("i do not mind meetings", "i did not hate it"),
    "asks_dislikes": ("what did i say i hate", "what do i not like"),
    "asks_likes": ("what did i say i enjoy", "what am i into"),
    "afresh": ("restart the fit check", "again from the beginning", "start over"),
    "fit_check": ("the fit check", "this quiz", "fitcheck", "take the test"),
    "opinion": ("what do you think", "in your experience", "what would you recommend", "do you like spark"),
    "ranking": ("the top five tools", "which is the best", "most useful skills", "your favorite tool"),
    "reasons": ("why ?", "how come", "what is the deal with that"),
    "meaning": ("what is mlops", "define latency", "explain nlp"),
    "instructions": ("how do i start", "how to tune a model", "so how can one learn it", "how exactly do i deploy"),
    "job": ("an engineer", "both roles", "mles", "these people", "a career"),
    "bare_choice": ("which is better ?", "so which one should i pick", "which role do i choose"),
    "disagrees": ("my cousin says otherwise", "i expected ai", "that is not true", "i thought it was ml", "i disagree"),
    "one_sentence": ("in one sentence", "a single line", "say it in 1 sentence"),
}

NOT_FOUND: dict[str, tuple[str, ...]] = {
    "who": ("what do they build", "who are you", "who says so", "ai and ml"),
    "bare_who": ("which one builds robots", "who tunes hyperparameters", "which tools"),
    "fits_me": ("a fitting answer", "suitable tools"),
    "background": ("i am in doubt and", "an ml engineer", "what pays"),
    "differs": ("indifferent", "a part of it", "the same"),
    "the_other": ("other tools", "another one", "the other day"),
    "doubts": ("i am sure", "that is right", "a doubtful model"),
    "first_person": ("ai engineers", "what is it", "users"),
    "asks": ("i love data", "ok", "nice to hear what you say"),
    "refuses": ("i do care", "i want to know", "why not"),
    "asks_the_bot": (
        "can you explain spacy",
        "do you know spark",
        "what do you have on gpus",
        "what are robots to you",
    ),
    "yes_no": ("what do they do", "tell me", "doing well"),
    "no_claim": ("do they use spark", "is mlops part of it"),
    "refers_back": ("what do ai engineers build", "pay of ml engineers"),
    "points_back": ("what do ai engineers build", "name the tools"),
    "which_of_those": ("which of those two", "which of these roles", "which tools"),
    "likes": ("i hate it", "what do they love", "it is alike"),
    "dislikes": ("i enjoy it", "do they like it", "nobody noticed"),
    "no_dislike": ("i do hate it", "i mind"),
    "asks_dislikes": ("what do i like", "what did i say"),
    "asks_likes": ("what did i say", "what do i hate"),
    "afresh": ("start the fit check", "go on", "from the article"),
    "fit_check": ("does it fit", "attest", "latest"),
    "opinion": ("what do they think", "does it work", "your answer"),
    "ranking": ("which tools", "a model on top", "mostly data"),
    "reasons": ("what for", "how", "which"),
    "meaning": ("who needs nlp", "where is it used", "what does the article say about nlp"),
    "instructions": ("how do they start", "what to tune", "how is it done"),
    "job": ("a robot", "training", "engine"),
    "bare_choice": ("which one is better paid", "which tools should i pick", "which"),
    "disagrees": ("that is right", "i agree", "nevertheless"),
    "one_sentence": ("a long sentence", "two lines", "sentence"),
}


def test_every_pattern_is_tested() -> None:
    assert set(FOUND) == set(NOT_FOUND) == set(wording().patterns)


@pytest.mark.parametrize(("pattern", "text"), [(name, text) for name, texts in FOUND.items() for text in texts])
def test_it_finds_what_it_is_there_for(pattern: str, text: str) -> None:
    assert wording().says(pattern, text)


@pytest.mark.parametrize(("pattern", "text"), [(name, text) for name, texts in NOT_FOUND.items() for text in texts])
def test_it_leaves_what_only_looks_like_it(pattern: str, text: str) -> None:
    assert not wording().says(pattern, text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("the first one", 0),
        ("B", 1),
        ("2nd", 1),
        ("the latter please", 1),
        ("number 3", 2),
        ("the last of these", -1),
        ("a", 0),
        ("a tool that one likes", None),
        ("none", None),
        ("", None),
    ],
)
def test_a_place_in_a_list_is_found(text: str, place: int | None) -> None:
    assert wording().ordinal(text) == place


def test_every_feeling_has_a_kind_word_and_a_step_and_there_is_one_for_any_other() -> None:
    feelings = wording().feelings
    assert all(each["say"] and each["step"] for each in feelings)
    assert [bool(each["words"]) for each in feelings] == [True] * (len(feelings) - 1) + [False]
    words = [word for each in feelings for word in each["words"]]
    assert all(word == word.lower() for word in words)


@pytest.mark.parametrize("content", ["", "patterns: {who: '('}", "patterns: [", "patterns: {}\nordinals: {first: x}"])
def test_a_file_that_cannot_be_used_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "wording.yml").write_text(content)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WordingError, match=r"wording\.yml cannot be used") as error:
        module.wording.__wrapped__()
    assert "\n" not in str(error.value)


def test_no_pattern_takes_long_for_any_text() -> None:
    # Patterns that try many ways to read a text would take hours for these.
    for text in ("a " * 500, "and " * 250, "which of the " * 80, "i really " * 110, "no , " * 200, "?" * 1000):
        for name in wording().patterns:
            wording().says(name, text)
