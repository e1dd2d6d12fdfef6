from dataclasses import replace

import pytest

from bot.advice import Answer, Bullets, Context, Question, reply
from bot.advice.answer import texts_of
from bot.advice.fit_check import FEWEST, MARGIN, STEPS, Progress, pairs_of, step
from bot.advice.talk import question_of
from bot.knowledge import Pair, load_knowledge
from bot.render import to_plain
from bot.render.slack import BUTTON_TEXT

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
    assert text(answer).startswith(f"**Question 1 of {len(PAIRS)}**")
    assert [s.title for s in answer.suggestions[2:]] == ["Neither", "Skip", "Stop"]


def test_the_tasks_are_lettered_on_their_buttons_and_not_printed_as_well() -> None:
    answer, _ = start()
    titles = [s.title for s in answer.suggestions[:2]]
    assert titles == [f"A: {PAIRS[0].first}", f"B: {PAIRS[0].second}"]
    assert PAIRS[0].first not in text(answer)


@pytest.mark.parametrize("pair", list(KB.pairs.values()), ids=lambda pair: pair.id)
def test_a_task_fits_on_a_button_of_every_channel(pair: Pair) -> None:
    assert max(len(f"A: {pair.first}"), len(f"B: {pair.second}"), len(f"10: {pair.first}")) <= BUTTON_TEXT


def test_the_console_has_the_tasks_in_words() -> None:
    shown = to_plain(start()[0])
    assert f"A: {PAIRS[0].first}\n" in shown
    assert "Neither / Skip / Stop" in shown
    assert "You could ask" not in shown


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
    assert text(again).startswith(f"**Question {len(PAIRS) + 1} of {len(PAIRS) + 2}")


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
    answer, context = reply(KB, [Question("ask_tools", roles=("ml_engineer",))], context)
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
    assert answer.kind == ("answer" if intent == "neither" else "clarify")
    assert answer.suggestions[0].payload == "/start_fit_check"


def payload(text: str, context: Context) -> tuple[Answer, Context]:
    """Press a button of the fit check."""
    question = question_of(text)
    return step(KB, question, context) if question.intent in STEPS else reply(KB, [question], context)


def press(title: str, answer: Answer, context: Context) -> tuple[Answer, Context]:
    return payload(next(s.payload for s in answer.suggestions if s.title.startswith(title)), context)


def given(result: Answer) -> tuple[str, ...]:
    """The numbered list of what was chosen."""
    return next(part.items for part in result.parts if isinstance(part, Bullets) and part.numbered)


@pytest.fixture
def finished() -> tuple[Answer, Context]:
    return for_role("ml_engineer", start()[1])


def test_the_result_has_every_answer_the_next_step_and_a_way_to_change_one() -> None:
    _, context = start()
    answer = Answer("quiz", ())
    for number, _pair in enumerate(PAIRS):
        answer, context = step(KB, Question("neither"), context) if number == 3 else choose("first", context)
    shown = given(answer)
    assert len(shown) == len(PAIRS)
    assert shown[3] == "neither"
    assert all(pair.first in item for pair, item in list(zip(PAIRS, shown, strict=True))[:3])
    assert "next step" in text(answer)
    assert "Change an answer" in [s.title for s in answer.suggestions]


def test_a_lean_offers_the_next_step_that_it_names(finished: tuple[Answer, Context]) -> None:
    answer, _ = finished
    assert f"next step: {answer.suggestions[0].title}" in text(answer)


@pytest.mark.parametrize("number", range(1, len(PAIRS) + 1))
def test_one_answer_can_be_changed_after_the_result(finished: tuple[Answer, Context], number: int) -> None:
    answer, context = finished
    which, context = press("Change an answer", answer, context)
    assert len(which.suggestions) == len(PAIRS) + 1
    once_more, context = press(f"{number}: ", which, context)
    assert text(once_more).startswith(f"**Question {number} of {len(PAIRS)}**, once more")
    result, context = press("Neither", once_more, context)
    assert result.kind == "recommendation"
    assert [n for n, item in enumerate(given(result), 1) if item == "neither"] == [number]
    assert Progress.of(context) == Progress(
        tuple("neither" if n == number - 1 else a for n, a in enumerate(Progress.of(finished[1]).answers)),  # type: ignore[union-attr]
        active=False,
    )


@pytest.mark.parametrize(
    ("words", "number"), [("3", 3), ("the third", 3), ("number 8", 8), ("last", 8), ("question seven please", 7)]
)
def test_which_one_to_change_can_be_said_in_words(finished: tuple[Answer, Context], words: str, number: int) -> None:
    _, context = press("Change an answer", *finished)
    answer, _ = reply(KB, [Question("ask_fact", text=words)], context)
    assert text(answer).startswith(f"**Question {number} of")


@pytest.mark.parametrize("words", ["change question 2", "I want to answer the second one again"])
def test_the_pair_may_be_named_at_once(finished: tuple[Answer, Context], words: str) -> None:
    answer, _ = step(KB, Question("change_answer", text=words), finished[1])
    assert text(answer).startswith("**Question 2 of")


@pytest.mark.parametrize("pair", ["0", "9", "99", "-1", "x", "²", "1" * 50, "first"])
def test_a_payload_that_names_no_pair_asks_which_one(finished: tuple[Answer, Context], pair: str) -> None:
    answer, context = step(KB, Question("change_answer", values={"pair": pair}), finished[1])
    assert text(answer).startswith("Which answer")
    assert Progress.of(context).answers == Progress.of(finished[1]).answers  # type: ignore[union-attr]


def test_changing_in_the_middle_goes_on_with_the_pair_that_was_next() -> None:
    _, context = choose("first", choose("first", start()[1])[1])
    which, context = step(KB, Question("change_answer"), context)
    assert len(which.suggestions) == 3
    once_more, context = press("1: ", which, context)
    assert "Until now: A." in text(once_more)
    answer, context = press("B: ", once_more, context)
    assert text(answer).startswith("**Question 3 of")
    assert Progress.of(context).answers == ("second", "first")  # type: ignore[union-attr]


@pytest.mark.parametrize("way_out", ["Leave", "cancel", "skip", "neither"])
def test_nothing_changes_for_who_thinks_better_of_it(finished: tuple[Answer, Context], way_out: str) -> None:
    which, context = press("Change an answer", *finished)
    result, after = press(way_out, which, context) if way_out == "Leave" else step(KB, Question(way_out), context)
    assert text(result) == text(finished[0])
    assert Progress.of(after) == Progress.of(finished[1])


def test_a_number_later_on_is_not_taken_for_an_answer_to_change(finished: tuple[Answer, Context]) -> None:
    _, context = press("Change an answer", *finished)
    _, context = reply(KB, [Question("ask_tools", roles=("ml_engineer",))], context)
    answer, _ = reply(KB, [Question("pick_option", text="the second")], context)
    assert answer.kind != "quiz"


@pytest.mark.parametrize("change", [-2, 8, 99, "1", None, 1.5, [1], {}])
def test_a_stored_state_that_is_odd_changes_nothing(finished: tuple[Answer, Context], change: object) -> None:
    _, context = finished
    odd = replace(context, fit={**(context.fit or {}), "change": change, "turn": context.turn})
    answer, _ = step(KB, Question("resume"), odd)
    assert text(answer) == text(finished[0])


def test_without_any_answer_there_is_nothing_to_change() -> None:
    assert step(KB, Question("change_answer"), Context())[0].kind == "clarify"
    answer, _ = step(KB, Question("change_answer"), start()[1])
    assert text(answer).startswith("**Question 1 of")
