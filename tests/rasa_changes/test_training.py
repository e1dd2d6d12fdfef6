import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import rasa.shared.utils.validation as validation
from rasa.shared.exceptions import SchemaValidationError
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.schemas.data_schema import entity_dict_schema
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.importer import KnowledgeImporter
from bot.rasa_changes.changes import apply
from bot.rasa_changes.importer import CachedFileImporter
from bot.rasa_changes.training import validate_training_data

PROJECT = Path(__file__).parents[2]
EXAMPLES = """version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
    - hello [AI]{"entity": "role", "value": "ai_engineer"} and [ML][{"entity": "role"}, {"entity": "thing"}]
"""


@pytest.fixture(scope="module", autouse=True)
def applied() -> None:
    apply("training")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "nlu.yml"
    path.write_text(EXAMPLES)
    return path


@pytest.fixture(scope="module")
def stock() -> ModuleType:
    """Rasa's own module as it is before the change."""
    spec = importlib.util.spec_from_file_location("unchanged_validation", validation.__file__)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def importer(path: Path) -> CachedFileImporter:
    return CachedFileImporter(None, None, [str(path)])


def test_the_project_is_read_with_it() -> None:
    combined: Any = TrainingDataImporter.load_from_config(str(PROJECT / "config.yml"))
    assert [type(each) for each in combined.importer._importer._importers] == [KnowledgeImporter]
    assert validation.validate_training_data is validate_training_data


def test_it_reads_what_rasa_reads(file: Path) -> None:
    ours = importer(file).get_nlu_data()
    theirs = RasaFileImporter(None, None, [str(file)]).get_nlu_data()
    assert [m.as_dict() for m in ours.training_examples] == [m.as_dict() for m in theirs.training_examples]
    assert len(ours.training_examples[1].get("entities")) == 3


def test_files_are_read_again_when_they_change_and_only_then(file: Path) -> None:
    first = importer(file).get_nlu_data()
    assert importer(file).get_nlu_data("de") is first
    file.write_text(EXAMPLES.replace("hello\n", "good day\n"))
    assert importer(file).get_nlu_data().training_examples[0].get("text") == "good day"


@pytest.mark.parametrize("annotation", ["{}", '{"entity": 3}', '{"entity": "a", "role": 1}', '{"value": "b"}', "[]"])
def test_what_rasa_refuses_is_refused_in_the_same_words(stock: ModuleType, annotation: str) -> None:
    data, schema = json.loads(annotation), entity_dict_schema()
    with pytest.raises(SchemaValidationError) as theirs:
        stock.validate_training_data(data, schema)
    with pytest.raises(SchemaValidationError) as ours:
        validate_training_data(data, schema)
    assert str(ours.value) == str(theirs.value)


def test_a_bad_annotation_in_a_file_is_an_error(file: Path) -> None:
    file.write_text(EXAMPLES.replace('"entity": "role", "value"', '"strange": "role", "value"'))
    with pytest.raises(SchemaValidationError):
        importer(file).get_nlu_data()


def test_examples_that_are_there_twice_are_dropped_as_rasa_drops_them() -> None:
    def message(text: str, intent: str, *entities: str) -> Message:
        return Message({"text": text, "intent": intent, "entities": [{"entity": name} for name in entities]})

    given = [
        message("a", "x"),
        message("a", "x", "role"),
        message("a", "y"),
        message("a", "x", "role"),
        message("b", "x"),
        message("a ", "x"),
        Message({"intent": "x"}),
        Message({"action_name": "x"}),
        Message({"action_name": "x"}),
    ]
    kept = TrainingData(given).training_examples
    assert [given.index(each) for each in kept] == [0, 1, 2, 4, 5, 6, 7]
    by_fingerprint = dict.fromkeys(each.fingerprint() for each in given)
    assert [each.fingerprint() for each in kept] == list(by_fingerprint)
    assert {hash(each): each for each in given if each == given[1]}.keys() == {hash(given[1])}


def test_merged_data_share_nothing_with_what_they_were_made_from(file: Path) -> None:
    one = importer(file).get_nlu_data()
    other = TrainingData([Message({"text": "new", "intent": "greet"})], {"ml": "ML"}, [{"name": "r", "pattern": "."}])
    merged = one.merge(other)
    assert [m.get("text") for m in merged.training_examples] == ["hello", "hello AI and ML", "new"]
    assert merged.entity_synonyms["ml"] == "ML"
    merged.training_examples[1].get("entities")[0]["value"] = "changed"
    merged.regex_features[0]["name"] = "changed"
    assert one.training_examples[1].get("entities")[0]["value"] == "ai_engineer"
    assert other.regex_features[0]["name"] == "r"
    assert [m.get("text") for m in merged.filter_training_examples(lambda m: m.get("text") == "new").nlu_examples] == [
        "new"
    ]
