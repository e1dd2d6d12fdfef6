"""What the advice says to a question that the pipeline has already understood."""

import pytest

from bot.advice import Answer, Context, Question, reply
from bot.advice.answer import texts_of
from bot.knowledge import load_knowledge

KB = load_knowledge("data/knowledge")
AI, ML = "ai_engineer", "ml_engineer"


def ask(intent: str, *, context: Context | None = None, **found: object) -> tuple[Answer, Context]:
    return reply(KB, [Question(intent, **found)], context or Context())  # type: ignore[arg-type]


def text(answer: Answer) -> str:
    return " ".join(piece for part in answer.parts for piece in texts_of(part))


@pytest.mark.parametrize("topic", ["focus_areas", "skills", "tools", "projects", "career_paths"])
@pytest.mark.parametrize("role", [AI, ML])
def test_a_topic_of_one_role_is_answered_from_that_role_alone(role: str, topic: str) -> None:
    answer, _ = ask(f"ask_{topic}", roles=(role,))
    assert answer.kind == "answer"
    assert answer.facts
    assert all(role in KB.facts[fact].roles and KB.facts[fact].topic == topic for fact in answer.facts)


@pytest.mark.parametrize("topic", ["definition", "focus_areas", "skills", "tools", "projects", "career_paths"])
def test_without_a_role_both_are_answered(topic: str) -> None:
    answer, _ = ask(f"ask_{topic}")
    assert {role for fact in answer.facts for role in KB.facts[fact].roles} == {AI, ML}


@pytest.mark.parametrize("intent", ["ask_choosing", "ask_synergy", "ask_trends", "ask_difference", "ask_industries"])
def test_questions_about_both_roles_are_answered(intent: str) -> None:
    answer, _ = ask(intent)
    assert answer.kind == "answer"
    assert answer.facts


def test_every_answer_is_short() -> None:
    for intent in ("focus_areas", "skills", "tools", "projects", "career_paths", "definition"):
        for roles in ((AI,), (ML,), (AI, ML)):
            answer, _ = ask(f"ask_{intent}", roles=roles)
            assert answer.words <= 120, (intent, roles, answer.words)


def test_two_roles_and_a_topic_are_compared_in_a_table() -> None:
    answer, _ = ask("compare", topics=("tools",))
    assert "spaCy" in text(answer)
    assert "Spark" in text(answer)


def test_who_names_the_role_first() -> None:
    answer, _ = ask("ask_who", things=("fpga",))
    assert text(answer).startswith("**AI engineers.**")


def test_a_thing_of_the_other_role_is_said_to_be_so_and_not_denied() -> None:
    answer, _ = ask("ask_if_role_does", roles=(ML,), things=("opencv",), text="do ml engineers use opencv")
    assert answer.kind == "partial"
    assert "for AI engineers" in text(answer)
    assert "does not say whether ML engineers" in text(answer)
    assert not text(answer).startswith(("Yes", "No"))


def test_a_listed_thing_is_confirmed_with_the_fact() -> None:
    answer, _ = ask("ask_if_role_does", roles=(ML,), things=("spark",), text="do ml engineers use spark")
    assert text(answer).startswith("Yes. ")
    assert "ml_engineer.tools.spark" in answer.facts


def test_what_is_needed_is_never_claimed() -> None:
    answer, _ = ask("ask_if_role_does", roles=(AI,), things=("nlp",), text="do i need nlp to be an ai engineer")
    assert not text(answer).startswith("Yes")


@pytest.mark.parametrize("kind", list(KB.uncovered))
def test_each_uncovered_kind_is_declined_as_what_it_is(kind: str) -> None:
    answer, _ = ask(f"uncovered_{kind}", text="x")
    assert answer.kind in ("declined", "partial")
    assert "does not cover" in text(answer)
    assert len(answer.suggestions) >= 2


def test_an_unnamed_tool_is_declined_by_name_with_what_is_named() -> None:
    answer, _ = ask("ask_if_role_does", roles=(ML,), uncovered=("pytorch",), text="do ml engineers use pytorch")
    assert answer.kind == "partial"
    assert "PyTorch" in text(answer)
    assert "Spark" in text(answer)


def test_another_role_is_declined_and_the_known_half_given() -> None:
    answer, _ = ask("uncovered_other_roles", roles=(ML,), uncovered=("data_scientist",), text="x")
    assert answer.kind == "partial"
    assert "data scientists" in text(answer)
    assert "ml_engineer.focus_areas.overview" in answer.facts


def test_a_role_that_is_only_the_listener_does_not_decline() -> None:
    answer, _ = ask(
        "ask_definition", roles=(ML,), uncovered=("software_engineer",), text="explain ml to a software engineer"
    )
    assert answer.kind == "answer"


def test_nothing_is_guessed_for_a_question_without_an_intent() -> None:
    answer, _ = ask("nlu_fallback", text="blorf", hits=(("ml_engineer.tools.spark", 0.1),))
    assert answer.kind == "declined"
    assert not answer.facts


def test_a_fact_that_is_near_is_offered_and_one_that_is_clear_is_told() -> None:
    near, _ = ask("nlu_fallback", text="x", hits=(("ml_engineer.tools.spark", 0.36),))
    clear, _ = ask("nlu_fallback", text="x", hits=(("ml_engineer.tools.spark", 0.6),))
    assert near.kind == "clarify"
    assert near.suggestions
    assert clear.kind == "answer"
    assert clear.facts == ("ml_engineer.tools.spark",)


def test_several_questions_are_answered_one_after_another() -> None:
    questions = [Question("ask_tools", roles=(ML,)), Question("uncovered_salary", text="how much do they earn")]
    answer, _ = reply(KB, questions, Context())
    assert answer.kind == "partial"
    assert "Spark" in text(answer)
    assert "does not cover pay" in text(answer)


def test_suggestions_are_never_repeated_in_a_conversation() -> None:
    context, seen = Context(), set()
    for intent in ("ask_focus_areas", "ask_skills", "ask_tools", "ask_projects", "ask_career_paths"):
        answer, context = ask(intent, context=context, roles=(ML,))
        titles = {suggestion.title for suggestion in answer.suggestions}
        assert not titles & seen
        assert len(titles) <= 3
        seen |= titles


def test_a_subject_that_nothing_of_ours_has_is_not_answered_about_engineers() -> None:
    unknown = {
        "text": "what tools do glaziers use",
        "unfamiliar": ("glaziers",),
        "hits": (("ml_engineer.tools.spark", 0.2),),
    }
    assert ask("ask_tools", **unknown)[0].kind == "declined"
    assert ask("ask_tools", roles=(ML,), **unknown)[0].kind == "answer"
    assert (
        ask("ask_tools", **{**unknown, "text": "which gizmos do they use", "unfamiliar": ("gizmos",)})[0].kind
        == "answer"
    )
    assert ask("ask_tools", **{**unknown, "unfamiliar": ()})[0].kind == "answer"


def test_how_to_become_one_gives_the_skills_of_the_role_that_was_named() -> None:
    answer, context = ask("uncovered_how_to_become", roles=(AI,))
    assert answer.kind == "partial"
    assert answer.facts == (KB.overview(AI, "skills").id,)  # type: ignore[union-attr]
    later, _ = ask("uncovered_education", context=context)
    assert later.kind == "declined"


def test_a_question_that_names_our_roles_gets_no_note_about_other_roles() -> None:
    ranking = (("ask_difference", 0.5), ("uncovered_other_roles", 0.4))
    answer, _ = ask("ask_difference", roles=(AI, ML), confidence=0.5, ranking=ranking)
    assert "other than" not in text(answer)
    salary = (("ask_difference", 0.5), ("uncovered_salary", 0.4))
    assert "pay" in text(ask("ask_difference", roles=(AI, ML), confidence=0.5, ranking=salary)[0])
