"""What the advice says to a question that the pipeline has already understood."""

import re
from collections.abc import Iterator
from itertools import combinations

import pytest

from bot.advice import Answer, Context, Question, Table, reply
from bot.advice.suggestions import MOST
from bot.advice.suggestions import ask as suggestion_of
from bot.advice.talk import question_of
from bot.knowledge import Fact, Uncovered
from bot.render import envelope

from .asking import AI, KB, MAIN, ML, ask, near, talk, text

NUMBER = re.compile(r"\d[\d,.]*\d|\d")


def with_facts(topic: str, *roles: str) -> bool:
    return any(KB.facts_for(role, topic) for role in roles)


def broad() -> Iterator[tuple[str, Answer]]:
    """Every topic by its button, for each role, for each two and for none."""
    for topic in KB.topics.values():
        for roles in [(), *((role,) for role in KB.roles), *combinations(KB.roles, 2)]:
            yield f"{topic.id} {roles}", ask(topic.intent, roles=roles)[0]


def specific() -> Iterator[tuple[str, Answer]]:
    """Each fact by a question that is surely about it, put in several ways."""
    for fact in KB.facts.values():
        candidates = near((fact.id, 0.9), *((other.id, 0.01) for other in neighbours(fact)))
        asked = fact.questions[0].lower() if fact.questions else "what about it?"
        for intent, words, roles in (
            ("ask_fact", asked, ()),
            ("ask_who", "who does that?", ()),
            ("ask_if_role_does", "do they do that?", fact.roles[:1]),
            ("ask_how_to", "how do i do that?", fact.roles),
        ):
            question = Question(intent, text=words, roles=roles, candidates=candidates)
            yield f"{fact.id} {intent}", reply(KB, [question], Context())[0]


def neighbours(fact: Fact) -> list[Fact]:
    return [other for other in KB.facts_for(fact.roles[0], fact.topic) if other is not fact][:4]


EVERYTHING = [*broad(), *specific()]


# Whatever is asked


def test_every_figure_in_an_answer_is_in_a_fact_that_the_envelope_names() -> None:
    for name, answer in EVERYTHING:
        facts = [KB.facts[id_] for id_ in envelope(KB, answer)["facts"]]
        said = " ".join(
            [*(f"{fact.text} {fact.point} {fact.plain or ''}" for fact in facts)]
            + [f"{figure.label} {figure.value} {figure.period}" for fact in facts for figure in fact.figures]
            + [str(KB.sources[fact.source].geography) for fact in facts]
        )
        missing = set(NUMBER.findall(text(answer))) - set(NUMBER.findall(said))
        assert not missing, (name, missing, text(answer))


def test_every_fact_that_an_answer_tells_is_named_in_the_envelope() -> None:
    by_words = {words: {f.id for f in KB.facts.values() if words in (f.text, f.point, f.plain)}
                for fact in KB.facts.values() for words in (fact.text, fact.plain) if words}  # fmt: skip
    for name, answer in EVERYTHING:
        told = text(answer)
        for words, facts in by_words.items():
            assert words not in told or facts & set(answer.facts), (name, words)


def test_every_figure_has_its_year_and_who_says_so() -> None:
    money = re.compile(r"[$€£]\s?\d|\d\s?%|\d percent")
    for name, answer in EVERYTHING:
        if money.search(text(answer)):
            assert re.search(r"\b20\d\d\b", text(answer)), (name, text(answer))
            assert envelope(KB, answer)["sources"], name


def test_every_answer_names_facts_and_every_decline_none() -> None:
    for name, answer in EVERYTHING:
        assert answer.kind != "answer" or answer.facts, name
        assert answer.kind != "declined" or not answer.facts, name
        assert set(answer.facts) <= set(KB.facts), name


def test_no_answer_is_long() -> None:
    assert not [(name, answer.words) for name, answer in EVERYTHING if answer.words > 125]


def test_no_answer_contradicts_itself() -> None:
    for name, answer in specific():
        assert not ("Yes. " in text(answer) and "not say whether" in text(answer)), name
        assert "None" not in text(answer) and "{" not in text(answer), name


def test_each_answer_comes_with_different_suggestions_that_can_be_answered() -> None:
    for name, answer in broad():
        titles = [suggestion.title for suggestion in answer.suggestions]
        assert len(titles) == len(set(titles)) <= MOST + 1, name
        for suggestion in answer.suggestions:
            question = question_of(suggestion.payload)
            if question.intent.startswith("ask_"):
                assert reply(KB, [question], Context())[0].facts, (name, suggestion)


# A topic


@pytest.mark.parametrize("topic", KB.profile_topics)
@pytest.mark.parametrize("role", MAIN)
def test_a_topic_of_one_role_is_answered_from_that_role_alone(role: str, topic: str) -> None:
    answer, _ = ask(f"ask_{topic}", roles=(role,))
    assert answer.kind == "answer"
    assert answer.facts
    assert all(role in KB.facts[fact].roles and KB.facts[fact].topic == topic for fact in answer.facts)


@pytest.mark.parametrize("topic", ["definition", *KB.profile_topics])
def test_without_a_role_both_are_answered(topic: str) -> None:
    answer, _ = ask(f"ask_{topic}")
    assert {role for fact in answer.facts for role in KB.facts[fact].roles} >= set(MAIN)


@pytest.mark.parametrize("topic", [topic for topic in KB.topics if with_facts(topic, *MAIN)])
def test_every_topic_of_our_roles_is_answered(topic: str) -> None:
    answer, _ = ask(KB.topics[topic].intent)
    assert answer.kind == "answer"
    assert topic in {KB.facts[fact].topic for fact in answer.facts}


def test_a_topic_without_facts_for_a_role_is_said_to_have_none() -> None:
    lacking = [
        (r, t) for r in KB.roles for t in KB.topics if not with_facts(t, r) and KB.topics[t].intent != "ask_choosing"
    ]
    assert lacking
    for role, topic in lacking:
        answer, _ = ask(KB.topics[topic].intent, roles=(role,))
        assert answer.kind in ("declined", "partial"), (role, topic)
        assert not [fact for fact in answer.facts if KB.facts[fact].roles == (role,)], (role, topic)


@pytest.mark.parametrize("pair", list(combinations(KB.roles, 2)))
def test_the_cells_of_a_table_are_about_the_role_of_their_column(pair: tuple[str, str]) -> None:
    answer, _ = ask("ask_difference", roles=pair)
    (table,) = [part for part in answer.parts if isinstance(part, Table)]
    assert [column.lower() for column in table.columns[1:]] == [KB.roles[role].plural.lower() for role in pair]
    for role, cells in zip(pair, zip(*(row[1:] for row in table.rows), strict=True), strict=True):
        own = {fact.point for fact in KB.facts.values() if role in fact.roles}
        assert set(cells) <= own | {"not covered"}


@pytest.mark.parametrize(
    "topic", [topic for topic in KB.topics if KB.topics[topic].caveat and with_facts(topic, *MAIN)]
)
def test_what_stands_in_for_our_roles_is_said_to_do_so_first(topic: str) -> None:
    answer, _ = ask(KB.topics[topic].intent, roles=(ML,))
    assert text(answer).startswith(KB.topics[topic].caveat or "?")


def test_the_same_figures_need_no_caveat_for_the_role_that_they_are_of() -> None:
    answer, _ = ask("ask_pay", roles=("data_scientist",))
    assert (KB.topics["pay"].caveat or "?") not in text(answer)
    assert "data_scientist" in answer.roles


def test_pay_is_a_small_table_of_occupation_figure_year_and_source() -> None:
    answer, _ = ask("ask_pay", roles=MAIN)
    (table,) = [part for part in answer.parts if isinstance(part, Table)]
    assert table.columns == ("Occupation", "Figure", "Year, source")
    assert all(re.search(r"20\d\d, \S", row[2]) for row in table.rows)
    figures = {(figure.label, figure.value) for id_ in answer.facts for figure in KB.facts[id_].figures}
    assert {row[:2] for row in table.rows} <= figures


# One fact


@pytest.mark.parametrize(
    "fact", [f for f in KB.facts.values() if not f.overview and not f.overview_for], ids=lambda f: f.id
)
def test_a_question_that_is_surely_about_a_fact_is_led_by_it(fact: Fact) -> None:
    words = fact.questions[0].lower()
    others = near((fact.id, 0.9), *((other.id, 0.01) for other in neighbours(fact)))
    answer, _ = ask("ask_fact", text=words, candidates=others)
    assert answer.facts[0] == fact.id
    assert fact.text in text(answer)


def test_who_names_the_role_first() -> None:
    found = near(("ai_engineer.tools.fpgas", 0.8), ("ml_engineer.tools.spark", 0.02))
    answer, _ = ask("ask_who", text="who works with fpgas", things=("fpga",), candidates=found)
    assert text(answer).startswith("**AI engineers.**")


def test_who_names_both_where_both_do() -> None:
    found = near(("ai_engineer.skills.ci_cd", 0.4), ("ml_engineer.focus_areas.devops", 0.4))
    answer, _ = ask("ask_who", text="who takes care of delivery", candidates=found)
    assert set(answer.roles) == {AI, ML}


def test_a_thing_of_the_other_role_is_said_to_be_so_and_not_denied() -> None:
    found = near(("ai_engineer.tools.opencv", 0.8))
    answer, _ = ask(
        "ask_if_role_does", roles=(ML,), things=("opencv",), text="do ml engineers use opencv", candidates=found
    )
    assert answer.kind == "partial"
    assert "for AI engineers" in text(answer)
    assert "not say whether ML engineers" in text(answer)
    assert not text(answer).startswith(("Yes", "No"))


def test_a_yes_no_question_gets_its_yes_first() -> None:
    found = near(("ml_engineer.tools.spark", 0.9))
    answer, _ = ask(
        "ask_if_role_does", roles=(ML,), things=("spark",), text="do ml engineers use spark", candidates=found
    )
    assert text(answer).startswith("Yes. ")
    assert answer.facts[0] == "ml_engineer.tools.spark"


@pytest.mark.parametrize(
    "words", ["do i need {} to be one", "can they do without {}", "is {} required", "is {} better than others"]
)
def test_what_is_needed_or_better_is_never_claimed(words: str) -> None:
    found = near(("ai_engineer.skills.nlp", 0.9))
    answer, _ = ask("ask_if_role_does", roles=(AI,), things=("nlp",), text=words.format("nlp"), candidates=found)
    assert answer.kind in ("answer", "partial")
    assert not text(answer).startswith("Yes")


# Questions about nothing but what they name

FAR = near(("uncovered:companies", 0.9), ("shared.synergy.overview", 0.1))
"""Candidates that miss what a question names: its words are too few to be near to it."""


@pytest.mark.parametrize("intent", ["ask_about_thing", "ask_difference", "ask_synergy"])
def test_a_bare_name_gets_its_facts_whatever_else_is_near(intent: str) -> None:
    for entity in KB.entities:
        if any(role in KB.main_roles for fact in KB.facts_naming(entity) for role in fact.roles):
            question = Question(intent, "tell me about it", things=(entity,), candidates=FAR, bare=True)
            answer, _ = reply(KB, [question], Context())
            assert entity in KB.facts[answer.facts[0]].entities
            assert "not cover" not in text(answer)


@pytest.mark.parametrize("kind", [k for k in KB.uncovered.values() if k.items], ids=lambda k: k.id)
def test_a_bare_name_that_is_not_covered_is_declined_by_name(kind: Uncovered) -> None:
    candidates = near(("shared.synergy.overview", 0.9), ("uncovered:companies", 0.1))
    for item in kind.items:
        found = {"text": f"what about {item.aliases[0]}", "uncovered": (item.id,), "candidates": candidates}
        before = talk(Question("ask_tools", "what do they use", roles=(ML,)))[1]
        for context in (Context(), before):
            answer, _ = ask("ask_about_thing", bare=True, context=context, **found)
            assert answer.kind in ("declined", "partial")
            assert item.name in text(answer)


def test_whether_a_role_does_what_it_names_is_answered_though_something_uncovered_is_near() -> None:
    asked = {"things": ("redis",), "candidates": FAR, "bare": True}
    other, _ = ask("ask_fact", text="do ml engineers use redis", roles=(ML,), **asked)
    assert "for AI engineers, not for ML engineers" in text(other)
    own, _ = ask("ask_fact", text="do ai engineers use redis", roles=(AI,), **asked)
    assert text(own).startswith("Yes. ")
    who, _ = ask("ask_difference", text="which role deals with redis", **asked)
    assert who.roles == (AI,)


def test_a_topic_and_nothing_else_is_never_noted_to_be_uncovered() -> None:
    found = near(("uncovered:career_progression", 0.8), ("how_to_start.previous_jobs", 0.2))
    asked = {"text": "how do i become an ml engineer", "roles": (ML,), "topics": ("how_to_start",)}
    answer, _ = ask("ask_how_to_start", candidates=found, topical=True, **asked)
    assert answer.kind == "answer"
    assert "not cover" not in text(answer)
    special, _ = ask("ask_how_to_start", candidates=found, **asked)
    assert "not cover" in text(special), "other words may ask for a side of it that is not covered"


# What is not covered


@pytest.mark.parametrize("kind", KB.uncovered)
def test_each_uncovered_kind_is_declined_as_what_it_is(kind: str) -> None:
    answer, _ = ask("ask_fact", text="x y z", candidates=near((f"uncovered:{kind}", 0.95)))
    assert answer.kind in ("declined", "partial")
    assert "not cover " in text(answer)
    assert KB.uncovered[kind].phrase in text(answer)
    assert len(answer.suggestions) >= 2


@pytest.mark.parametrize(
    ("kind", "item"), [(k.id, i) for k in KB.uncovered.values() if k.named for i in k.items], ids=str
)
def test_what_is_uncovered_is_named(kind: str, item) -> None:  # type: ignore[no-untyped-def]
    found = near((f"uncovered:{kind}", 0.95))
    answer, _ = ask("ask_fact", text=f"what about {item.aliases[0]}", uncovered=(item.id,), candidates=found)
    assert item.name in text(answer)


def test_a_covered_part_is_answered_and_the_rest_said_to_be_uncovered() -> None:
    kind = next(iter(KB.uncovered))
    found = near((f"uncovered:{kind}", 0.5), ("ml_engineer.tools.spark", 0.5))
    answer, _ = ask("ask_fact", text="spark and that other thing", things=("spark",), candidates=found)
    assert answer.kind == "partial"
    assert "ml_engineer.tools.spark" in answer.facts
    assert KB.uncovered[kind].phrase in text(answer)


def test_the_word_of_an_uncovered_kind_alone_does_not_decline() -> None:
    kind, item = next((k, i) for k in KB.uncovered.values() for i in k.items)
    found = near(("ml_engineer.tools.spark", 0.97), (f"uncovered:{kind.id}", 0.001))
    answer, _ = ask("ask_fact", text=f"{item.aliases[0]} and spark", uncovered=(item.id,), candidates=found)
    assert answer.facts[0] == "ml_engineer.tools.spark"


def test_nothing_is_guessed_for_a_question_that_is_near_nothing() -> None:
    many = [fact.id for fact in KB.facts.values() if not fact.overview][:24]
    for candidates in ((), near(*((fact, 0.02) for fact in many))):
        answer, _ = ask("nlu_fallback", text="blorf", candidates=candidates)
        assert answer.kind == "clarify"
        assert not answer.facts
        assert answer.suggestions, "never a question back without options"


def test_what_is_off_topic_is_told_what_this_is_for() -> None:
    answer, _ = ask(
        "ask_fact", text="can dogs swim", candidates=near(("off:life", 0.9), ("ml_engineer.tools.spark", 0.02))
    )
    assert answer.kind == "declined"
    assert "AI engineers and ML engineers" in text(answer)


# Several questions


def test_several_questions_are_answered_one_after_another() -> None:
    kind = next(iter(KB.uncovered))
    questions = [
        Question("ask_tools", roles=(ML,)),
        Question("ask_fact", text="and that", candidates=near((f"uncovered:{kind}", 0.95))),
    ]
    answer, _ = reply(KB, questions, Context())
    assert answer.kind == "partial"
    assert "Spark" in text(answer)
    assert KB.uncovered[kind].phrase in text(answer)


def test_suggestions_are_never_repeated_in_a_conversation() -> None:
    context, seen = Context(), set()
    for topic in KB.profile_topics:
        answer, context = ask(f"ask_{topic}", context=context, roles=(ML,))
        titles = {suggestion.title for suggestion in answer.suggestions}
        assert not titles & seen
        assert len(titles) <= MOST
        seen |= titles


def test_a_suggestion_says_what_its_payload_asks() -> None:
    for topic in KB.topics:
        for roles in ((), (AI,), MAIN):
            offer = suggestion_of(KB, topic, roles)
            question = question_of(offer.payload)
            assert KB.topic_of_intent[question.intent] == topic
            assert all(KB.roles[role].plural in offer.title for role in question.roles)
