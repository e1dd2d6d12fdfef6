"""A conversation that is longer than what stays live of it goes on as if all of it did."""

from collections.abc import Callable
from itertools import cycle, islice

from evaluation.server import Conversation

Converse = Callable[..., list[tuple[str, dict]]]
# More turns than the tracker store keeps live.
MANY = 15
QUESTIONS = (
    "what is machine learning?",
    "what do AI engineers build?",
    "thanks",
    "who uses Spark?",
    "how much do they earn?",
)


def test_a_fit_check_is_resumed_after_many_questions(converse: Converse) -> None:
    between = list(islice(cycle(QUESTIONS), MANY))
    replies = converse("start the fit check", "the first one", *between, "continue the fit check", "the first one")
    kinds = [custom["kind"] for _, custom in replies]
    assert kinds[:2] == kinds[-2:] == ["quiz", "quiz"]
    assert "quiz" not in kinds[2:-2]
    before, after = replies[1][0], replies[-2][0]
    assert before.splitlines()[-1] in after, (before, after)


def test_starting_over_forgets_what_is_not_live_any_more_as_well(converse: Converse) -> None:
    replies = converse("what tools do ML engineers use?", *["thanks"] * MANY, "start over", "and AI?")
    assert replies[-1][1]["topics"] != ["tools"]


def test_nothing_is_suggested_twice_in_a_long_conversation(url: str) -> None:
    talk, suggested = Conversation(url), []
    for question in islice(cycle(("what tools do ML engineers use?", "what is AI?", "who uses Spark?")), 2 * MANY):
        for message in talk.say(question):
            suggested += [button["payload"] for button in message.get("buttons", ())]
    assert suggested
    assert len(suggested) == len(set(suggested))
