"""Follow-ups: what a message means depends on what was said before."""

from dataclasses import replace

import pytest

from bot.advice import Answer, Bullets, Context, Question, reply
from bot.advice.complaints import answer_complaint
from bot.advice.conversation import ours_after_all
from bot.advice.question import FRESH_TURNS
from bot.advice.repetition import said_before
from bot.advice.talk import start_over
from bot.knowledge import Fact

from .asking import AI, KB, MAIN, ML, near, talk, text

TOOLS = Question(
    "ask_tools",
    roles=(ML,),
    text="what tools do ml engineers use",
    candidates=near(("ml_engineer.tools.overview", 0.9)),
)
SPARK = Question(
    "ask_fact", text="what is spark for", things=("spark",), candidates=near(("ml_engineer.tools.spark", 0.9))
)
FOLLOW_UPS = ("why", "more", "shorten", "simplify", "confused", "example", "meaning", "how_it_works", "react_doubt")


def after(question: Question, first: Question = TOOLS) -> Answer:
    return talk(first, question)[0]


def test_another_role_gets_the_same_question() -> None:
    answer = after(Question("follow_up_role", roles=(AI,), text="and ai"))
    assert answer.roles == (AI,)
    assert "OpenCV" in text(answer)


def test_the_other_one_needs_no_name() -> None:
    assert after(Question("follow_up_role", text="the other one")).roles == (AI,)


def test_a_conversation_may_begin_with_follow_ups() -> None:
    first, again = (Question("follow_up_role", roles=(role,), text=f"and {role}") for role in (AI, ML))
    answer, _ = talk(first, again, Question("correction", roles=(AI,), text="no, I meant ai"), first)
    assert answer.roles == (AI,)


def test_a_new_topic_keeps_the_last_role() -> None:
    follow = Question("follow_up_role", roles=(AI,), text="and ai")
    found = near(("ai_engineer.projects.overview", 0.4), ("ml_engineer.projects.overview", 0.4))
    answer, _ = talk(TOOLS, follow, Question("ask_projects", text="what about projects", candidates=found))
    assert answer.roles == (AI,)
    assert answer.topics == ("projects",)


@pytest.mark.parametrize("words", ["no, i meant ml", "sorry, ml"])
def test_a_correction_answers_again(words: str) -> None:
    first = Question("ask_tools", roles=(AI,), text="tools", candidates=near(("ai_engineer.tools.overview", 0.9)))
    answer = after(Question("correction", roles=(ML,), text=words), first)
    assert answer.roles == (ML,)
    assert "Spark" in text(answer)


def test_a_correction_may_name_the_topic_instead() -> None:
    answer = after(Question("correction", topics=("projects",), text="no, the projects"))
    assert (answer.roles, answer.topics) == ((ML,), ("projects",))


def test_where_from_names_source_publisher_and_date() -> None:
    source = after(Question("ask_source", text="source"))
    assert "Tech Review" in text(source)
    assert "2025" in text(source)


@pytest.mark.parametrize("fact", [fact for fact in KB.facts.values() if fact.overview], ids=lambda fact: fact.id)
def test_where_from_tells_all_that_is_known_of_the_source(fact: Fact) -> None:
    asked = Question("ask_fact", text=fact.text, candidates=near((fact.id, 0.9)))
    first, second = talk(asked)[0], after(Question("ask_source", text="where is that from"), asked)
    origins = [KB.sources[KB.facts[each].source] for each in first.facts]
    for origin in list(dict.fromkeys(origins))[:3]:
        known = (origin.title, origin.publisher, origin.licence, origin.checked, origin.url)
        for said in filter(None, known):
            assert text(second).count(said) >= 1, said
        assert (origin.edition or str(origin.date.year)) in text(second)


def test_where_from_says_once_what_holds_for_all_sources_and_counts_the_rest() -> None:
    of_each = list({fact.source: fact.id for fact in KB.facts.values() if KB.sources[fact.source].checked}.values())
    checked = KB.sources[KB.facts[of_each[0]].source].checked
    assert checked is not None
    for shown, rest in ((2, ""), (4, "One more is named below."), (5, "2 more are named below.")):
        context = replace(talk(TOOLS)[1], facts=tuple(of_each[:shown]))
        answer = talk(Question("ask_source", text="source"), context=context)[0]
        assert f"{shown} sources" in text(answer)
        assert text(answer).count(checked) == 1
        assert rest in text(answer)


def test_where_everything_comes_from_counts_the_sources() -> None:
    answer = talk(Question("ask_source", text="where do you get all this from"))[0]
    assert "Tech Review" in text(answer)
    assert f"{len(KB.sources) - 1} statistics, surveys and guides" in text(answer)


@pytest.mark.parametrize("intent", FOLLOW_UPS)
def test_a_follow_up_is_about_the_last_answer(intent: str) -> None:
    answer = after(Question(intent, text=intent), SPARK)
    assert answer.kind in ("answer", "partial"), intent
    assert ML in {role for fact in answer.facts for role in KB.facts[fact].roles}
    assert set(answer.facts) <= set(KB.facts)


@pytest.mark.parametrize("intent", (*FOLLOW_UPS, "pick_option", "repeat", "which_of"))
def test_a_follow_up_to_nothing_is_asked_back_with_ways_on(intent: str) -> None:
    answer, _ = talk(Question(intent, text="x", asks=0.0))
    assert answer.kind == "clarify"
    assert answer.suggestions


@pytest.mark.parametrize("intent", FOLLOW_UPS)
def test_what_is_too_old_is_not_followed_up(intent: str) -> None:
    _, context = talk(TOOLS)
    for _ in range(FRESH_TURNS + 1):
        context = context.next_turn()
    answer, _ = talk(Question(intent, text="x", asks=0.0), context=context)
    assert answer.kind == "clarify"
    assert answer.suggestions


def test_more_shows_what_was_not_shown_yet_until_there_is_none() -> None:
    answer, context = talk(TOOLS)
    shown = set(answer.facts)
    for _ in range(40):
        answer, context = talk(Question("more", text="more"), context=context)
        if not answer.facts:
            break
        assert not shown & set(answer.facts)
        shown |= set(answer.facts)
    assert "That is all" in text(answer)


def test_another_example_is_another_one_each_time() -> None:
    answer, context = talk(SPARK, Question("example", text="for example?"))
    seen = {answer.facts[0]}
    for _ in range(5):
        answer, context = talk(Question("example", text="another example"), context=context)
        assert KB.facts[answer.facts[0]].example
        assert answer.facts[0] not in seen
        seen.add(answer.facts[0])


def test_in_short_is_one_plain_sentence_that_names_the_role() -> None:
    first, context = talk(TOOLS)
    short, _ = talk(Question("shorten", text="in one sentence"), context=context)
    assert short.words < first.words / 2
    assert not any(isinstance(part, Bullets) for part in short.parts)
    assert "ML engineers" in text(short)


def test_in_short_of_a_comparison_names_both_roles() -> None:
    short = after(Question("shorten", text="one sentence"), Question("ask_difference"))
    assert all(KB.roles[role].plural in text(short) for role in MAIN)
    assert not any(isinstance(part, Bullets) for part in short.parts)


@pytest.mark.parametrize("role", MAIN)
@pytest.mark.parametrize("topic", KB.profile_topics)
def test_simple_words_are_the_plain_ones_of_the_facts(role: str, topic: str) -> None:
    simple = after(Question("simplify", text="simpler please"), Question(f"ask_{topic}", roles=(role,)))
    assert simple.words < 60
    plain = [KB.facts[fact].plain for fact in simple.facts if KB.facts[fact].plain]
    assert plain and plain[0] in text(simple)


def test_what_it_means_is_put_for_the_choice() -> None:
    meaning = after(Question("meaning", text="so what does that mean"), SPARK)
    assert text(meaning).startswith("It means: ")
    assert "speaks for ML engineer" in text(meaning)
    assert meaning.words < 70


def test_how_it_works_says_where_the_sources_stop() -> None:
    answer = after(Question("how_it_works", text="how does that work"), SPARK)
    assert answer.kind == "partial"
    assert "not explain it further" in text(answer)


def test_a_doubt_is_taken_seriously_and_nothing_is_taken_back() -> None:
    surprise, disagreement = (after(Question("react_doubt", text=words), SPARK) for words in ("really?", "i disagree"))
    assert text(surprise).startswith("Yes, really")
    assert text(disagreement).startswith("Fair point.")
    assert "ml_engineer.tools.spark" in surprise.facts
    assert "ml_engineer.tools.spark" in disagreement.facts


def test_why_not_speaks_for_the_role_that_is_asked_about() -> None:
    answer = after(Question("why_not", roles=(AI,), text="why not ai"))
    assert answer.roles == (AI,)
    assert all(AI in KB.facts[fact].roles for fact in answer.facts)


def test_is_one_better_is_a_sentence_or_two_and_no_table() -> None:
    answer, _ = talk(Question("which_is_better", text="is one better"))
    assert text(answer).startswith("Neither is better")
    assert answer.words < 60


def test_pros_and_cons_say_that_drawbacks_are_not_listed() -> None:
    answer, _ = talk(Question("pros_and_cons", text="pros and cons"))
    assert answer.kind == "partial"
    assert "drawbacks" in text(answer)
    assert {role for fact in answer.facts for role in KB.facts[fact].roles} >= set(MAIN)


def test_say_that_again_repeats_word_for_word() -> None:
    first, context = talk(TOOLS)
    again, _ = talk(Question("repeat", text="again"), context=context)
    assert again.parts == first.parts


def test_the_second_one_picks_from_the_last_list() -> None:
    first, context = talk(Question("ask_projects", roles=(ML,)))
    picked, _ = talk(Question("pick_option", text="the second one"), context=context)
    assert picked.facts[0] == first.options[1]


def test_a_place_that_the_list_does_not_have_is_asked_back() -> None:
    answer = after(Question("pick_option", text="the ninth", asks=0.0))
    assert answer.kind == "clarify"


def test_which_of_those_looks_among_the_roles_of_the_last_answer() -> None:
    found = near(("ai_engineer.skills.industries", 0.4), ("ml_engineer.projects.fraud_detection", 0.3))
    question = Question("pick_option", text="which of those is about money?", candidates=found)
    answer = after(question, Question("ask_projects", roles=(ML,)))
    assert answer.facts[0] == "ml_engineer.projects.fraud_detection"


def test_small_talk_does_not_lose_the_thread() -> None:
    found = near(("ai_engineer.projects.overview", 0.4), ("ml_engineer.projects.overview", 0.4))
    _, context = talk(TOOLS)
    answer, _ = talk(Question("ask_projects", text="and projects", candidates=found), context=context.next_turn())
    assert answer.roles == (ML,)


def test_what_is_not_covered_is_said_in_a_follow_up_too() -> None:
    kind = next(kind for kind in KB.uncovered.values() if kind.items)
    found = near((f"uncovered:{kind.id}", 0.95))
    item = kind.items[0]
    answer = after(Question("ask_fact", f"what about {item.aliases[0]}?", uncovered=(item.id,), candidates=found))
    assert answer.kind in ("declined", "partial")


def test_what_sounds_off_topic_may_be_about_the_last_answer() -> None:
    question = Question(
        "offtopic_knowledge", text="what are those good for", candidates=near(("ml_engineer.tools.spark", 0.8))
    )
    assert ours_after_all(KB, question, Context()) is None
    found = ours_after_all(KB, question, talk(TOOLS)[1])
    assert found is not None
    assert found[0].facts[0] == "ml_engineer.tools.spark"


# Reactions


@pytest.mark.parametrize("words", ["ok", "cool", "hmm", "?", "haha fair", "\N{THUMBS UP SIGN}"])
def test_a_reaction_gets_a_nod_and_one_way_on(words: str) -> None:
    answer = after(Question("react", text=words))
    assert answer.words < 25
    assert not answer.facts
    assert answer.suggestions


def test_reactions_in_a_row_are_not_answered_in_the_same_words() -> None:
    context = talk(TOOLS)[1]
    said = []
    for _ in range(4):
        answer, context = talk(Question("react", text="ok"), context=context)
        said.append(text(answer))
    assert len(set(said)) == len(said)


def test_yes_takes_the_first_offer() -> None:
    offer, context = talk(TOOLS, Question("react", text="ok"))
    answer, _ = talk(Question("affirm", text="yes"), context=context)
    assert answer.kind == "answer"
    assert offer.suggestions[0].payload.startswith(f"/ask_{answer.topics[0]}")


def test_yes_starts_the_fit_check_that_was_offered() -> None:
    answer, _ = talk(Question("affirm", text="yes"), context=Context(turn=1, pending=("/start_fit_check",)))
    assert answer.kind == "quiz"


@pytest.mark.parametrize("intent", ["affirm", "deny"])
def test_yes_and_no_to_nothing_ask_what_is_wanted(intent: str) -> None:
    for context in (Context(), talk(TOOLS)[1]):
        answer, after_it = talk(Question(intent, text="x"), context=context)
        assert answer.kind == "clarify"
        assert answer.suggestions
        assert after_it.pending == (answer.suggestions[0].payload,)


@pytest.mark.parametrize("word", ["stupid", "scared", "overwhelmed", "old", "fired", "blue"])
def test_a_feeling_gets_one_warm_sentence_and_one_step(word: str) -> None:
    answer, _ = talk(Question("feelings", text=f"i feel {word}"))
    assert answer.kind == "smalltalk"
    assert text(answer).count(".") + text(answer).count("?") == 2
    assert not answer.facts
    assert answer.suggestions


def test_a_feeling_beside_a_question_is_heard_first() -> None:
    told = (Question("feelings", text="i am so nervous"),)
    answer, _ = reply(KB, [TOOLS], Context(), told)
    assert text(answer).startswith("I understand")
    assert "Spark" in text(answer)


# The same again


def test_the_same_block_never_comes_twice_unasked() -> None:
    for question in (TOOLS, SPARK, Question("ask_difference"), Question("ask_pay", roles=(ML,))):
        context, said = Context(), []
        for _ in range(6):
            answer, context = talk(question, context=context)
            said.append(text(answer))
        assert len(set(said[:3])) == 3, said[:3]
        assert said.count(said[0]) == 1


def test_a_repeated_question_is_acknowledged_and_adds_what_was_not_said() -> None:
    first, context = talk(TOOLS)
    again, _ = talk(TOOLS, context=context)
    assert text(again).startswith("As I said")
    assert set(again.facts) - set(first.facts)
    assert said_before(first, context)
    assert not said_before(again, context)


def test_after_declines_in_a_row_something_else_is_offered() -> None:
    kinds = [k.id for k in KB.uncovered.values() if not k.partly and not k.nearest_facts][:4]
    context, said = Context(), []
    for kind in kinds:
        question = Question("ask_fact", text=f"about {kind}", candidates=near((f"uncovered:{kind}", 0.95)))
        answer, context = talk(question, context=context)
        said.append(answer)
    assert [answer.kind for answer in said[:2]] == ["declined", "declined"]
    assert "not cover" in text(said[0]) and "not cover" in text(said[1])
    assert text(said[0]).split()[:4] != text(said[1]).split()[:4], "put in other words each time"
    assert "not cover" not in text(said[2])
    assert len(said[2].suggestions) >= 2
    assert "not cover" in text(said[3]), "and then it begins anew"


def test_an_answer_in_between_ends_the_row_of_declines() -> None:
    kind = next(kind for kind in KB.uncovered if not KB.uncovered[kind].partly)
    declined = Question("ask_fact", text="x y", candidates=near((f"uncovered:{kind}", 0.95)))
    answer, _ = talk(declined, declined, TOOLS, declined)
    assert "not cover" in text(answer)


# Complaints, starting over, and slots that are not ours


def test_complaints_are_not_answered_with_the_same_words_twice() -> None:
    first, context = answer_complaint(KB, Question("complaint", text="wrong"), Context())
    second, _ = answer_complaint(KB, Question("complaint", text="wrong"), context)
    assert text(first) != text(second)


def test_a_complaint_that_names_the_role_is_put_right() -> None:
    answer, _ = answer_complaint(KB, Question("complaint", roles=(AI,), text="no, ai!"), talk(TOOLS)[1])
    assert answer.roles == (AI,)


def test_you_said_that_already_gets_something_new() -> None:
    first, context = talk(TOOLS)
    answer, _ = answer_complaint(KB, Question("repeat_complaint", text="you said that"), context)
    assert not set(answer.facts) & set(first.facts)


def test_too_long_gets_it_short() -> None:
    first, context = talk(TOOLS)
    answer, _ = answer_complaint(KB, Question("complaint", text="too long"), context)
    assert answer.words < first.words


def test_starting_over_means_the_fit_check_where_it_is_named() -> None:
    assert start_over(KB, Question("start_over", "restart the fit check"))[0].kind == "quiz"
    assert start_over(KB, Question("start_over", "let us start over"))[0].kind == "smalltalk"


ODD: list[object] = [
    {"strange": 1},
    None,
    "text",
    7,
    [],
    {"turn": "x"},
    {"about": [1]},
    {"about": [["a", "b", "c"]]},
    {"about": [["a", 1.0, {"b": "c"}]]},
    {"near": {"a": "b"}},
    {"fit": 3},
    {"roles": [1]},
    {"told": {}},
]


@pytest.mark.parametrize("slot", ODD, ids=str)
def test_a_slot_of_somebody_else_gives_a_context_that_can_be_used(slot: object) -> None:
    context = Context.from_slot(slot)  # type: ignore[arg-type]
    for question in (
        TOOLS,
        Question("repeat", text="again"),
        Question("recall_about_me", text="who am i"),
        Question("tell_about_me", text="i like data"),
    ):
        answer, after_it = talk(question, context=context)
        assert text(answer)
        assert Context.from_slot(after_it.to_slot()) == Context.from_slot(
            Context.from_slot(after_it.to_slot()).to_slot()
        )
