"""What people like, what "those" are, and whose thing it is: readings that the words decide, not the classifier."""

import pytest
from bot.advice.readings import joined, plausible
from bot.advice.small_steps import agree, start_over
from bot.advice.things import does_role, listed_for

from bot.advice import Context, Question, fit_check, reply
from bot.advice.leaning import lean
from bot.knowledge import load_knowledge

KB = load_knowledge("data/knowledge")
AI, ML = "ai_engineer", "ml_engineer"


@pytest.mark.parametrize(
    ("text", "intent", "things", "expected"),
    [
        ("i love robotics, which role fits me?", "ask_who", ("robotics",), "tell_about_me"),
        ("i hate a/b testing, which role fits me?", "ask_choosing", ("ab_testing",), "tell_about_me"),
        ("i love fpgas and spark", "uncovered_other_tools", ("fpga", "spark"), "tell_about_me"),
        ("i would like to know which role uses spark", "ask_who", ("spark",), "ask_who"),
        ("i love spark, but who uses it?", "ask_who", ("spark",), "ask_who"),
        ("says who?", "ask_who", (), "ask_source"),
        ("tell me about business needs", "ask_industries", ("business_needs",), "ask_about_thing"),
    ],
)
def test_wording_decides(text: str, intent: str, things: tuple[str, ...], expected: str) -> None:
    question = Question(intent, text=text, things=things, hits=(("ml_engineer.tools.spark", 0.3),))
    assert plausible(KB, question).intent == expected


def test_liking_and_asking_are_one_question() -> None:
    likes = Question("ask_tools", text="i love spark and hadoop", things=("spark", "hadoop"))
    (one,) = joined([likes, Question("ask_choosing", text="which role fits me?")])
    assert (one.intent, one.things) == ("tell_about_me", ("spark", "hadoop"))
    two = joined([likes, Question("ask_tools", text="what tools fit me", roles=(ML,))])
    assert len(two) == 2


def test_what_is_liked_and_what_is_not_are_told_apart() -> None:
    answer = lean(
        KB, [Question("tell_about_me", text="i love spark but i hate robotics", things=("spark", "robotics"))]
    )
    assert answer is not None
    assert answer.roles == (ML,)
    answer = lean(
        KB, [Question("tell_about_me", text="i hate spark but i love robotics", things=("spark", "robotics"))]
    )
    assert answer is not None
    assert answer.roles == (AI,)


def test_a_fact_that_is_only_near_is_no_yes() -> None:
    hits = (("ml_engineer.focus_areas.monitoring", 0.6),)
    answer = does_role(
        KB, Question("ask_if_role_does", "do ml engineers use diagnostics?", things=("diagnostics",), hits=hits), [ML]
    )
    assert answer is not None
    assert answer.kind == "partial"
    assert answer.roles == (ML, AI)


def test_a_correction_to_the_other_role_says_whose_thing_it_is() -> None:
    answer = listed_for(KB, Question("ask_about_thing", "about fraud", things=("fraud_detection",)), [AI])
    assert answer is not None
    assert answer.kind == "partial"


def test_which_of_those_looks_among_the_last_answers_facts() -> None:
    _, context = reply(KB, [Question("ask_projects", "what do they build", roles=(ML,))], Context())
    hits = (("ai_engineer.skills.industries", 0.4), ("ml_engineer.projects.fraud_detection", 0.18))
    answer, _ = reply(KB, [Question("pick_option", "which of those is about money?", hits=hits)], context)
    assert answer.facts[0] == "ml_engineer.projects.fraud_detection"
    answer, _ = reply(KB, [Question("pick_option", "which of those is about money?")], context)
    assert answer.kind == "clarify"


def test_what_is_not_covered_is_said_in_a_follow_up_too() -> None:
    _, context = reply(KB, [Question("ask_tools", "what tools", roles=(ML,))], Context())
    answer, _ = reply(KB, [Question("follow_up_role", "what about jupyter?", uncovered=("jupyter",))], context)
    assert answer.kind in ("declined", "partial")


def test_yes_starts_the_fit_check_that_was_offered() -> None:
    answer, _ = agree(KB, Context(turn=1, pending=("/start_fit_check",)))
    assert answer.kind == "quiz"


def test_starting_over_means_the_fit_check_where_it_is_named() -> None:
    assert start_over(KB, Question("start_over", "restart the fit check"))[0].kind == "quiz"
    assert start_over(KB, Question("start_over", "let us start over"))[0].kind == "smalltalk"


def test_restarting_the_fit_check_is_no_stopping() -> None:
    _, context = fit_check.step(KB, Question("start_fit_check"), Context())
    _, context = fit_check.step(KB, Question("skip"), context)
    answer, context = fit_check.step(KB, Question("cancel", "restart the fit check"), context)
    assert answer.kind == "quiz"
    assert context.fit == {"answers": [], "tie": False, "active": True}
