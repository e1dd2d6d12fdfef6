"""The knowledge that ships with the bot keeps what the contract promises."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.knowledge import Entity, Fact, KnowledgeBase, Role, Topic, load_knowledge, normalize_alias

FOLDER = Path(__file__).parents[2] / "data" / "knowledge"

BEYOND = [
    "pay",
    "job_market",
    "education",
    "how_to_start",
    "hiring",
    "other_roles",
    "mathematics",
    "programming",
    "llm_work",
    "ai_impact",
]

TOPICS = [
    "definition",
    "focus_areas",
    "skills",
    "tools",
    "projects",
    "career_paths",
    "choosing",
    "synergy",
    "trends",
]

SECTIONS = {
    "Introduction",
    "Focus Areas",
    "Skillsets and Tools",
    "Applications and Projects",
    "The Synergy of AI and ML",
    "Emerging Opportunities and Future Trends",
    "Career Paths",
    "Choosing the Right Path",
}

# What the short answers must say, by the entities that they name.
OVERVIEWS = {
    ("ai_engineer", "focus_areas"): "hardware_integration sensor_fusion mechanical_design research "
    "reinforcement_learning generative_models neuromorphic_computing ai_business_bridge",
    ("ai_engineer", "skills"): "robotics nlp computer_vision hardware_knowledge infrastructure ci_cd mlops",
    ("ai_engineer", "tools"): "opencv spacy nltk robotics_simulation gpu fpga neuromorphic_chips",
    ("ai_engineer", "projects"): "chatbots self_driving_cars medical_devices",
    ("ai_engineer", "career_paths"): "ai_security ai_art_music self_driving_cars research_labs "
    "academia entrepreneurship",
    ("ml_engineer", "focus_areas"): "data_wrangling data_cleaning feature_engineering "
    "anomaly_detection fairness bias_mitigation explainability latency devops ml_pipelines "
    "deployment real_time_monitoring",
    ("ml_engineer", "skills"): "large_scale_data distributed_computing hyperparameter_tuning "
    "ab_testing communication data_visualization storytelling",
    ("ml_engineer", "tools"): "hadoop spark distributed_tensorflow",
    ("ml_engineer", "projects"): "recommendation_systems fraud_detection churn_prediction",
    ("ml_engineer", "career_paths"): "data_science business_intelligence product_development "
    "product_optimization model_governance ethics",
}

# The terms that people ask with, and how strongly the article says it: an answer without them leaves that open.
TERMS = {
    "ai_engineer": "crucial to understand hardware|skills are valuable|cost-benefit analysis|umbrella term|wide array"
    "|deep expertise|crucial role in healthcare|cutting-edge|seamless|optimize performance and efficiency"
    "|uncharted territory|novel approaches|stakeholders|ethical considerations|niche market|entrepreneur",
    "ml_engineer": "is crucial|one piece of the puzzle|is essential|non-technical audiences|optimal performance"
    "|strong grasp|vital application|proactive measures|retain|customer loyalty|turnover rates|rely heavily"
    "|customer satisfaction|bias mitigation|feature engineering|enhance the capabilities|explicit programming",
}


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    """What the article says, by itself."""
    return load_knowledge(FOLDER, ["article"])


@pytest.fixture(scope="module")
def everything() -> KnowledgeBase:
    return load_knowledge(FOLDER)


@pytest.fixture(scope="module")
def beyond(everything: KnowledgeBase) -> list[Fact]:
    return [fact for fact in everything.facts.values() if everything.kind_of(fact) != "article"]


def test_roles_and_topics_are_those_of_the_contract(base: KnowledgeBase, everything: KnowledgeBase) -> None:
    assert list(base.main_roles) == list(base.roles) == list(everything.main_roles) == ["ai_engineer", "ml_engineer"]
    assert list(base.topics) == TOPICS
    assert list(everything.topics) == TOPICS + BEYOND


def test_there_are_enough_facts_and_entities(base: KnowledgeBase) -> None:
    assert len(base.facts) >= 130
    assert len(base.entities) >= 110


def test_every_role_has_an_overview_and_details_on_every_topic(base: KnowledgeBase) -> None:
    for role in base.main_roles:
        for topic in TOPICS:
            assert base.overview(role, topic), (role, topic)
            assert base.details(role, topic), (role, topic)


def test_overviews_are_short_answers(base: KnowledgeBase) -> None:
    for fact in base.facts.values():
        if fact.overview:
            assert 20 <= len(fact.text.split()) <= 40, fact.id


@pytest.mark.parametrize(("role", "topic"), OVERVIEWS)
def test_overviews_name_what_matters_most(base: KnowledgeBase, role: str, topic: str) -> None:
    overview = base.overview(role, topic)
    assert overview is not None
    assert set(OVERVIEWS[role, topic].split()) <= set(overview.entities)


@pytest.mark.parametrize(("role", "term"), [(role, term) for role, terms in TERMS.items() for term in terms.split("|")])
def test_texts_keep_the_terms_and_the_strength_of_the_article(base: KnowledgeBase, role: str, term: str) -> None:
    assert any(term in fact.text for fact in base.facts.values() if role in fact.roles)


def test_texts_and_points_are_short(everything: KnowledgeBase) -> None:
    for fact in everything.facts.values():
        assert len(fact.text.split()) <= 40, fact.id
        assert len(fact.point.split()) <= 14, fact.id


def test_texts_are_sentences_and_points_are_not(everything: KnowledgeBase) -> None:
    for fact in everything.facts.values():
        assert fact.text.endswith("."), fact.id
        assert not fact.point.endswith("."), fact.id
        assert not fact.point[0].islower() or fact.point.startswith(("spaCy", "fast.ai")), fact.id


def test_texts_stand_alone(base: KnowledgeBase) -> None:
    subject = {
        "ai_engineer": r"\b(AI engineer|AI|artificial intelligence)",
        "ml_engineer": r"\b(ML engineer|ML|machine learning)",
    }
    for fact in base.facts.values():
        for role in fact.roles:
            assert re.search(subject[role], fact.text, re.IGNORECASE), fact.id


def test_no_text_or_point_is_given_twice(everything: KnowledgeBase) -> None:
    texts = [fact.text for fact in everything.facts.values()]
    assert len(set(texts)) == len(texts)
    for role in everything.roles:
        for topic in everything.topics:
            points = [fact.point for fact in everything.facts_for(role, topic)]
            assert len(set(points)) == len(points), (role, topic)


def test_fact_ids_say_role_and_topic(base: KnowledgeBase) -> None:
    for fact in base.facts.values():
        role = fact.roles[0] if len(fact.roles) == 1 else "shared"
        assert re.fullmatch(rf"{role}\.{fact.topic}\.[a-z_]+", fact.id), fact.id


def test_sections_are_headings_of_the_article(base: KnowledgeBase) -> None:
    assert set(base.sections) == SECTIONS


def test_every_entity_is_named_by_a_fact(everything: KnowledgeBase) -> None:
    assert [entity for entity in everything.entities if not everything.facts_naming(entity)] == []


def test_aliases_are_written_as_the_matcher_wants_them(everything: KnowledgeBase) -> None:
    records: list[Role | Topic | Entity] = [
        *everything.roles.values(),
        *everything.topics.values(),
        *everything.entities.values(),
    ]
    for record in records:
        assert record.aliases, record.id
        assert len(set(record.aliases)) == len(record.aliases), record.id
        for alias in record.aliases:
            assert alias == normalize_alias(alias), (record.id, alias)


def test_the_plural_of_an_alias_is_not_the_alias_of_something_else(everything: KnowledgeBase) -> None:
    records: list[Role | Topic | Entity] = [*everything.roles.values(), *everything.entities.values()]
    owners = {alias: record.id for record in records for alias in record.aliases}
    for alias, owner in owners.items():
        assert owners.get(alias + "s", owner) == owner, alias


@pytest.mark.parametrize("word", ["data", "model", "system", "work", "business", "art", "space"])
def test_words_of_running_text_are_no_entities(everything: KnowledgeBase, word: str) -> None:
    assert all(word not in entity.aliases for entity in everything.entities.values())


@pytest.mark.parametrize(
    ("entity", "roles"),
    [
        ("spark", ("ml_engineer",)),
        ("opencv", ("ai_engineer",)),
        ("ethics", ("ai_engineer", "ml_engineer")),
        ("finance", ("ai_engineer", "ml_engineer")),
        ("devops", ("ml_engineer",)),
        ("mlops", ("ai_engineer",)),
        ("netflix", ("ml_engineer",)),
    ],
)
def test_things_belong_to_the_roles_the_article_names(base: KnowledgeBase, entity: str, roles: tuple[str, ...]) -> None:
    assert base.roles_naming(entity) == roles


def test_suggestions_are_questions(everything: KnowledgeBase) -> None:
    for topic in everything.topics.values():
        assert topic.ask.format(roles="AI engineers").endswith("?")


def test_each_fact_beyond_the_article_says_role_and_topic_in_its_id(
    everything: KnowledgeBase, beyond: list[Fact]
) -> None:
    for fact in beyond:
        assert fact.topic in BEYOND or fact.topic == "tools", fact.id
        role = f"{fact.roles[0]}." if len(fact.roles) == 1 else ""
        assert re.fullmatch(rf"{re.escape(role)}{fact.topic}\.[a-z0-9_]+", fact.id), fact.id


def test_facts_beyond_the_article_say_of_whom_they_speak(beyond: list[Fact]) -> None:
    assert len(beyond) >= 126
    assert [fact.id for fact in beyond if not fact.about] == []
    assert [fact.id for fact in beyond if fact.proxy and not set(fact.roles) - {"ai_engineer", "ml_engineer"}] == []


def test_figures_carry_their_year_and_who_says_so(everything: KnowledgeBase, beyond: list[Fact]) -> None:
    publishers = {
        "bls": "BLS|Bureau of Labor Statistics",
        "linkedin": "LinkedIn",
        "wef": "World Economic Forum",
        "lightcast": "Lightcast",
        "indeed": "Indeed",
        "canaries": "Stanford",
        "nyfed": "New York Fed",
        "anthropic": "Anthropic",
        "stack": "Stack Overflow",
        "field": "practitioner",
        "google": "Google",
    }
    for fact in beyond:
        if fact.figures:
            assert re.search(r"\b20[23]\d\b", fact.text), fact.id
            assert fact.as_of, fact.id
            assert re.search(publishers[fact.source.split("_")[0]], fact.text), fact.id


def test_statistics_of_a_country_name_the_country(everything: KnowledgeBase, beyond: list[Fact]) -> None:
    countries = {
        "United States": "United States|U\\.S\\.",
        "Canada": "Canada",
        "England": "England",
        "United Kingdom": "UK",
    }
    for fact in beyond:
        geography = (everything.sources[fact.source].geography or "").split(" (")[0]
        if geography in countries:
            assert re.search(countries[geography], fact.text) or "Stanford's CS" in fact.text, fact.id


def test_what_surveys_ads_and_sellers_say_is_marked_as_theirs(everything: KnowledgeBase, beyond: list[Fact]) -> None:
    marks = {
        "self_selected_survey": "self-selected",
        "practitioner_guide": "practitioner|interview guides|published estimates",
        "provider_page": "Google|AWS|Microsoft|Stanford|DataTalks|its page|its own page",
    }
    for fact in beyond:
        kind = everything.kind_of(fact)
        if kind in marks:
            assert re.search(marks[kind], fact.text, re.IGNORECASE), fact.id


def test_sources_beyond_the_article_can_be_cited(everything: KnowledgeBase) -> None:
    for source in everything.sources.values():
        if source.kind != "article":
            assert source.url and source.geography and source.licence and source.checked and source.outdated_from
            assert source.outdated_from > source.date or source.edition, source.id
        if "O*NET" in source.title or "ESCO" in source.title or (source.licence or "").startswith(("CC BY", "Open")):
            assert source.credit, source.id


def test_every_fact_beyond_the_article_has_questions_of_many_voices(beyond: list[Fact]) -> None:
    for fact in beyond:
        assert len(fact.questions) >= 10, fact.id
        assert any(question == question.lower() for question in fact.questions), fact.id
        assert any(re.search(r"\b(i|my|we|us|me)\b", question.lower()) for question in fact.questions), fact.id


def test_secondary_roles_have_what_the_facts_have(everything: KnowledgeBase) -> None:
    for role in set(everything.roles) - set(everything.main_roles):
        assert everything.overview(role, "other_roles"), role
        assert everything.overview(role, "education"), role
        if role != "mlops_engineer":
            assert everything.overview(role, "pay"), role
            assert everything.overview(role, "job_market"), role


def test_what_is_covered_now_is_no_longer_uncovered(base: KnowledgeBase, everything: KnowledgeBase) -> None:
    coarse = {"salary", "education", "how_to_become", "hiring_process", "job_market", "mathematics", "programming"}
    assert coarse | {"ai_impact"} <= set(base.uncovered)
    assert not coarse & set(everything.uncovered)
    assert set(everything.uncovered) > {"pay_india", "pay_uk", "pay_germany", "pay_junior", "degree_payoff", "duration"}
    assert not any(kind.if_topics for kind in base.uncovered.values())

    def items(kb: KnowledgeBase) -> set[str]:
        return {item.id for kind in kb.uncovered.values() for item in kind.items}

    assert {"python", "sql", "pytorch", "docker", "data_scientist", "phd", "rag"} <= items(base)
    assert not {"python", "sql", "pytorch", "docker", "data_scientist", "phd", "rag"} & items(everything)
    assert {"bootcamp", "georgia_tech", "rust", "keras", "leetcode"} <= items(everything)


def test_uncovered_kinds_have_examples_of_many_voices(base: KnowledgeBase, everything: KnowledgeBase) -> None:
    for kind in [*base.uncovered.values(), *everything.uncovered.values()]:
        assert len(kind.examples) >= 10, kind.id
        assert all(topic in everything.topics for topic in kind.nearest)


def test_the_article_comes_first_for_the_roles_it_defines(everything: KnowledgeBase) -> None:
    for role in everything.main_roles:
        for topic in TOPICS:
            overview = everything.overview(role, topic)
            assert overview and everything.kind_of(overview) == "article"
            kinds = [everything.kind_of(fact) == "article" for fact in everything.details(role, topic)]
            assert kinds == sorted(kinds, reverse=True), (role, topic)


def test_topics_say_what_to_offer_next(everything: KnowledgeBase) -> None:
    for topic in everything.topics.values():
        assert len(topic.next) == 3 and topic.id not in topic.next, topic.id
        assert topic.intent == f"ask_{topic.id}"
