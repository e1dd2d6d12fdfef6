import pytest

from bot.advice import Answer, Context, Question, reply
from bot.advice.answer import texts_of
from bot.advice.fit_check import FEWEST, MARGIN, pairs_of, step
from bot.knowledge import load_knowledge

KB = load_knowledge("data/knowledge")
PAIRS = pairs_of(KB, tie=False)


def text(answer: Answer) -> str:
    return " ".join(piece for part in answer.parts for piece in texts_of(part))


def start() -> tuple[Answer, Context]:
    return step(KB, Question("start_fit_check"), Context())


def choose(choice: str, context: Context) -> tuple[Answer, Context]:
    return reply(KB, [Question("pick_option", values={"choice": choice})], context)


def for_role(role: str, context: Context, most: int = 99) -> tuple[Answer, Context]:
    """Choose ``role`` in every pair, or "neither" after the first ``most``."""
    answer = Answer("quiz", ())
    for number, pair in enumerate(PAIRS):
        if number >= most:
            answer, context = step(KB, Question("neither"), context)
            continue
        first = KB.facts[pair.first_fact].roles == (role,)
        answer, context = choose("first" if first else "second", context)
    return answer, context


def test_each_pair_sets_one_role_against_the_other() -> None:
    assert 8 <= len(PAIRS) <= 10
    for pair in KB.pairs.values():
        roles = [KB.facts[fact].roles for fact in (pair.first_fact, pair.second_fact)]
        assert sorted(roles) == [("ai_engineer",), ("ml_engineer",)]


def test_either_role_stands_first_equally_often() -> None:
    first = [KB.facts[pair.first_fact].roles[0] for pair in PAIRS]
    assert first.count("ai_engineer") == first.count("ml_engineer")


def test_it_starts_with_progress_and_buttons() -> None:
    answer, _ = start()
    assert answer.kind == "quiz"
    assert text(answer).startswith(f"Question 1 of {len(PAIRS)}")
    assert [s.title for s in answer.suggestions[2:]] == ["Neither", "Skip", "Stop"]


@pytest.mark.parametrize("role", ["ai_engineer", "ml_engineer"])
def test_a_clear_lean_names_role_answers_facts_and_what_would_change_it(role: str) -> None:
    answer, _ = for_role(role, start()[1])
    assert answer.kind == "recommendation"
    assert answer.roles == (role,)
    assert "not a measurement" in text(answer)
    assert "the other way" in text(answer)
    assert all(KB.facts[fact].roles == (role,) for fact in answer.facts)
    assert "%" not in text(answer)


def test_a_draw_is_too_close_to_call_with_tie_breakers() -> None:
    _, context = start()
    answer = Answer("quiz", ())
    for _pair in PAIRS:
        answer, context = choose("first", context)
    assert "Too close to call" in text(answer)
    assert answer.suggestions[0].title == "Two tie-breakers"
    again, _ = step(KB, Question("start_fit_check", values={"tie": "yes"}), context)
    assert text(again).startswith(f"Question {len(PAIRS) + 1} of {len(PAIRS) + 2}")


def test_too_few_decisions_name_no_lean() -> None:
    answer, _ = for_role("ai_engineer", start()[1], most=FEWEST - 1)
    assert "too few" in text(answer)


def test_a_lead_below_the_margin_is_no_lean() -> None:
    assert MARGIN == 2
    context = start()[1]
    answer, _ = for_role("ai_engineer", context, most=FEWEST)
    assert answer.roles == ("ai_engineer",)


def test_neither_and_skip_move_on() -> None:
    _, context = start()
    answer, context = step(KB, Question("neither"), context)
    assert "Question 2" in text(answer)
    answer, _ = step(KB, Question("skip"), context)
    assert "Question 3" in text(answer)


def test_words_choose_as_well_as_buttons() -> None:
    _, context = start()
    answer, _ = reply(KB, [Question("pick_option", text="the second one")], context)
    assert "Question 2" in text(answer)
    free, _ = reply(
        KB, [Question("tell_about_me", text="cleaning a messy dataset", things=("data_cleaning",))], context
    )
    assert "Question 2" in text(free)


def test_a_question_in_between_is_answered_and_the_check_goes_on() -> None:
    _, context = choose("first", start()[1])
    answer, context = reply(KB, [Question("ask_tools", roles=("ml_engineer",), text="tools")], context)
    assert answer.kind == "answer"
    assert answer.suggestions[0].payload == "/resume"
    resumed, _ = step(KB, Question("resume"), context)
    assert "Question 2" in text(resumed)


def test_it_can_be_cancelled_and_started_again() -> None:
    _, context = choose("first", start()[1])
    stopped, context = step(KB, Question("cancel"), context)
    assert "stopped" in text(stopped)
    answer, _ = step(KB, Question("start_fit_check"), context)
    assert "Question 1" in text(answer)


@pytest.mark.parametrize("intent", ["skip", "neither", "cancel", "resume"])
def test_without_a_running_check_one_is_offered(intent: str) -> None:
    answer, _ = step(KB, Question(intent), Context())
    assert answer.kind == "clarify"
    assert answer.suggestions[0].payload == "/start_fit_check"
