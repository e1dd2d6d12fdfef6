"""Follow-ups: what a message means depends on what was said before."""

from bot.advice.small_steps import agree, complaint, disagree

from bot.advice import Answer, Context, Question, reply
from bot.advice.answer import texts_of
from bot.advice.question import FRESH_TURNS
from bot.knowledge import load_knowledge

KB = load_knowledge("data/knowledge")
AI, ML = "ai_engineer", "ml_engineer"


def text(answer: Answer) -> str:
    return " ".join(piece for part in answer.parts for piece in texts_of(part))


def talk(*questions: Question, context: Context | None = None) -> tuple[Answer, Context]:
    context = context or Context()
    for question in questions:
        answer, context = reply(KB, [question], Context.from_slot(context.to_slot()))
    return answer, context


TOOLS = Question("ask_tools", roles=(ML,), text="what tools do ml engineers use")


def test_another_role_gets_the_same_question() -> None:
    answer, _ = talk(TOOLS, Question("follow_up_role", roles=(AI,), text="and ai"))
    assert answer.roles == (AI,)
    assert "OpenCV" in text(answer)


def test_the_other_one_needs_no_name() -> None:
    answer, _ = talk(TOOLS, Question("follow_up_role", text="the other one"))
    assert answer.roles == (AI,)


def test_a_follow_up_to_a_question_that_its_words_rule_out_ends() -> None:
    ranking = (("follow_up_role", 0.8), ("ask_tools", 0.1))
    before = Context(turn=2, content_turn=2, intent="uncovered_other_roles", text="do they do the same", roles=(ML,))
    answer, _ = talk(Question("follow_up_role", text="and the other", ranking=ranking), context=before)
    assert answer.roles == (AI,)


def test_a_conversation_may_begin_with_follow_ups() -> None:
    first, again = (Question("follow_up_role", roles=(role,), text=f"and {role}") for role in (AI, ML))
    answer, _ = talk(first, again, Question("correction", roles=(AI,), text="no, I meant ai"), first)
    assert answer.roles == (AI,)


def test_a_new_topic_keeps_the_last_role() -> None:
    follow = Question("follow_up_role", roles=(AI,), text="and ai")
    answer, _ = talk(TOOLS, follow, Question("ask_projects", text="what about projects"))
    assert answer.roles == (AI,)
    assert "hatbots" in text(answer)


def test_a_correction_answers_again() -> None:
    answer, _ = talk(
        Question("ask_tools", roles=(AI,), text="tools"), Question("correction", roles=(ML,), text="no, i meant ml")
    )
    assert answer.roles == (ML,)
    assert "Spark" in text(answer)


def test_why_and_where_from_name_facts_and_source() -> None:
    why, context = talk(TOOLS, Question("ask_why", text="why"))
    source, _ = talk(Question("ask_source", text="source"), context=context)
    assert why.facts
    assert "Tech Review" in text(source)


def test_more_shows_what_was_not_shown_yet() -> None:
    first, context = talk(Question("ask_focus_areas", roles=(ML,), text="focus"))
    more, _ = talk(Question("more", text="more"), context=context)
    assert more.facts
    assert not set(more.facts) & set(first.facts)


def test_in_short_is_shorter() -> None:
    first, context = talk(Question("ask_skills", roles=(ML,), text="skills"))
    short, _ = talk(Question("shorten", text="in short"), context=context)
    assert short.words < first.words


def test_say_that_again_repeats_word_for_word() -> None:
    first, context = talk(TOOLS)
    again, _ = talk(Question("repeat", text="again"), context=context)
    assert again.parts == first.parts


def test_the_second_one_picks_from_the_last_list() -> None:
    first, context = talk(Question("ask_projects", roles=(ML,), text="projects"))
    picked, _ = talk(Question("pick_option", text="the second one"), context=context)
    assert first.options[1] in picked.facts


def test_small_talk_does_not_lose_the_thread() -> None:
    _, context = talk(TOOLS)
    answer, _ = talk(Question("ask_projects", text="and projects"), context=context.next_turn())
    assert answer.roles == (ML,)


def test_what_is_too_old_is_asked_back() -> None:
    _, context = talk(TOOLS)
    for _ in range(FRESH_TURNS + 1):
        context = context.next_turn()
    answer, _ = talk(Question("ask_why", text="why"), context=context)
    assert answer.kind == "clarify"
    assert answer.suggestions


def test_a_follow_up_to_nothing_is_asked_back() -> None:
    for intent in ("more", "repeat", "shorten", "ask_why", "pick_option"):
        answer, _ = talk(Question(intent, text="x"))
        assert answer.kind == "clarify", intent


def test_yes_takes_the_first_offer() -> None:
    offer, context = talk(Question("nlu_fallback", text="x", hits=(("ml_engineer.tools.spark", 0.36),)))
    answer, _ = agree(KB, context)
    assert offer.kind == "clarify"
    assert answer.kind == "answer"
    assert answer.topics == ("tools",)


def test_no_asks_what_instead() -> None:
    answer, context = disagree(KB, talk(TOOLS)[1])
    assert answer.kind == "clarify"
    assert not context.pending


def test_complaints_are_not_answered_with_the_same_words_twice() -> None:
    first, context = complaint(KB, Question("complaint", text="wrong"), Context())
    second, _ = complaint(KB, Question("complaint", text="wrong"), context)
    assert text(first) != text(second)


def test_a_slot_of_somebody_else_gives_a_new_context() -> None:
    assert Context.from_slot({"strange": 1}) == Context()
    assert Context.from_slot(None) == Context()
    assert Context.from_slot("text") == Context()  # type: ignore[arg-type]
