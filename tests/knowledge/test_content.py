"""The knowledge that ships with the bot keeps what the contract promises."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.knowledge import Entity, KnowledgeBase, Role, Topic, load_knowledge, normalize_alias

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


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return load_knowledge(FOLDER)


def test_roles_and_topics_are_those_of_the_contract(base: KnowledgeBase) -> None:
    assert {"ai_engineer", "ml_engineer"} <= set(base.roles)
    assert list(base.topics) == TOPICS + BEYOND


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


def test_texts_and_points_are_short(base: KnowledgeBase) -> None:
    for fact in base.facts.values():
        assert len(fact.text.split()) <= 40, fact.id
        assert len(fact.point.split()) <= 12, fact.id


def test_texts_are_sentences_and_points_are_not(base: KnowledgeBase) -> None:
    for fact in base.facts.values():
        assert fact.text.endswith("."), fact.id
        assert not fact.point.endswith("."), fact.id
        assert fact.point[0].isupper() or fact.point.startswith("spaCy"), fact.id


def test_texts_stand_alone(base: KnowledgeBase) -> None:
    subject = {
        "ai_engineer": r"\b(AI engineer|AI|artificial intelligence)",
        "ml_engineer": r"\b(ML engineer|ML|machine learning)",
    }
    for fact in base.facts.values():
        for role in fact.roles:
            assert re.search(subject[role], fact.text, re.IGNORECASE), fact.id


def test_no_text_or_point_is_given_twice(base: KnowledgeBase) -> None:
    texts = [fact.text for fact in base.facts.values()]
    assert len(set(texts)) == len(texts)
    for role in base.roles:
        for topic in base.topics:
            points = [fact.point for fact in base.facts_for(role, topic)]
            assert len(set(points)) == len(points), (role, topic)


def test_fact_ids_say_role_and_topic(base: KnowledgeBase) -> None:
    for fact in base.facts.values():
        role = fact.roles[0] if len(fact.roles) == 1 else "shared"
        assert re.fullmatch(rf"{role}\.{fact.topic}\.[a-z_]+", fact.id), fact.id


def test_sections_are_headings_of_the_article(base: KnowledgeBase) -> None:
    assert set(base.sections) == SECTIONS


def test_every_entity_is_named_by_a_fact(base: KnowledgeBase) -> None:
    assert [entity for entity in base.entities if not base.facts_naming(entity)] == []


def test_aliases_are_written_as_the_matcher_wants_them(base: KnowledgeBase) -> None:
    records: list[Role | Topic | Entity] = [
        *base.roles.values(),
        *base.topics.values(),
        *base.entities.values(),
    ]
    for record in records:
        assert record.aliases, record.id
        assert len(set(record.aliases)) == len(record.aliases), record.id
        for alias in record.aliases:
            assert alias == normalize_alias(alias), (record.id, alias)


def test_the_plural_of_an_alias_is_not_the_alias_of_something_else(base: KnowledgeBase) -> None:
    records: list[Role | Topic | Entity] = [*base.roles.values(), *base.entities.values()]
    owners = {alias: record.id for record in records for alias in record.aliases}
    for alias, owner in owners.items():
        assert owners.get(alias + "s", owner) == owner, alias


@pytest.mark.parametrize("word", ["data", "model", "system", "work", "business", "art", "space"])
def test_words_of_running_text_are_no_entities(base: KnowledgeBase, word: str) -> None:
    assert all(word not in entity.aliases for entity in base.entities.values())


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


def test_suggestions_are_questions(base: KnowledgeBase) -> None:
    for topic in base.topics.values():
        assert topic.ask.format(roles="AI engineers").endswith("?")
