"""Questions about nothing but what they name are read as such, whatever their few other words sound like."""

from collections.abc import Callable
from typing import Any

import pytest

Parse = Callable[[str], dict[str, Any]]


def question(parse: Parse, text: str) -> dict[str, Any]:
    (found,) = parse(text)["questions"]
    return dict(found)


@pytest.mark.parametrize(
    "text",
    [
        "what about Kafka?",
        "and fraud?",
        "tell me about space",
        "which role deals with LangChain?",
        "what does the article say about creativity?",
        "do ML engineers work with Pinecone?",
        "explain quantum computing to me",
        "what about Vertex AI?",
    ],
)
def test_a_name_and_words_around_it_are_a_question_of_ours(parse: Parse, text: str) -> None:
    found = question(parse, text)
    assert found["bare"]
    assert found["intent"].startswith(("ask_", "uncovered_"))
    assert found["intent"] != "ask_source"


@pytest.mark.parametrize(
    "text",
    [
        "are you a robot?",
        "how does quantum computing work?",
        "which games should I buy for my nephew?",
        "what tools do they use?",
        "why do they use spaCy?",
        "hello",
    ],
)
def test_any_other_word_says_that_more_is_asked(parse: Parse, text: str) -> None:
    assert not question(parse, text)["bare"]


@pytest.mark.parametrize("text", ["how do I become an ML engineer?", "what tools are used?", "how much do they earn?"])
def test_a_topic_and_words_around_it_are_told_from_a_side_of_the_topic(parse: Parse, text: str) -> None:
    found = question(parse, text)
    assert found["topical"]
    assert not found["intent"].startswith("offtopic_")
    assert not question(parse, f"{text.rstrip('?')} in Portugal?")["topical"]


def test_what_is_told_does_not_decide_what_the_rest_of_a_message_asks(parse: Parse) -> None:
    read = parse("my passion is A/B testing, which role fits me?")
    assert read["intent"]["name"] in ("which_fits", "ask_choosing")
    assert read["told"]
