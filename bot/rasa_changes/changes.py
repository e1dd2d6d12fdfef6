"""Every change that is made to Rasa itself, in one table, and the one place that makes them.

Rasa 3.6.21 is the last of its line, so that what is replaced here does not move any more. A change names what it
replaces and what by; nothing is imported before it is made, so that the table costs a command nothing that it does not
use. ``python -m benchmarks.rasa_changes`` measures the gains; tests/rasa_changes compares what a change gives with what
Rasa's own gives.
"""

from __future__ import annotations

import importlib
import inspect
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Literal

RASA_VERSION = "3.6.21"

Scope = Literal["server", "shell", "training", "environment"]
"""Where a change counts: in the server; in ``make shell``; in every command that reads training data; or everywhere,
also in plain ``rasa``, because the environment brings it."""

_MESSAGES: tuple[Scope, ...] = ("server", "shell")
_TESTS = "tests/rasa_changes/"


class RasaVersionError(RuntimeError):
    """Another Rasa is installed than the one that the changes are for; the message is one line for people."""


@dataclass(frozen=True)
class Change:
    """``target`` of Rasa is replaced by ``replacement`` (both dotted names; "" where the environment does it)."""

    target: str
    replacement: str
    scopes: tuple[Scope, ...]
    why: str
    gain: str
    test: str


CHANGES = (
    Change(
        "rasa.core.actions.action.RemoteAction._validate_action_result",
        "bot.rasa_changes.actions.validate_result",
        _MESSAGES,
        "An action's reply is validated with jsonschema.validate, which first checks the schema against its own "
        "meta-schema. Here the validator is built once; replies of this process are built by rasa_sdk and need none.",
        "14.8 ms a message",
        _TESTS + "test_actions.py::test_other_replies_are_refused_as_by_rasa",
    ),
    Change(
        "rasa.core.actions.action.RemoteAction._action_call_format",
        "bot.rasa_changes.actions.call_format",
        _MESSAGES,
        "Every call of an action carries the whole conversation. Actions read slots, the latest message and the last "
        "turns, so that only those are made into dictionaries.",
        "0.9 ms a message after fifty turns, more after more",
        _TESTS + "test_actions.py::test_only_the_last_turns_are_passed_on",
    ),
    Change(
        "rasa.core.processor.MessageProcessor.parse_message",
        "bot.rasa_changes.parsing.parse_message",
        _MESSAGES,
        "The pipeline computes on the event loop, where everybody waits for it; here it has a thread, and long "
        "messages another one. A button's payload is unpacked alone, without the pipeline, whose result Rasa drops.",
        "0.2 ms a message, and the event loop is free meanwhile",
        _TESTS + "test_messages.py::test_messages_mean_what_they_mean_to_rasa",
    ),
    Change(
        "rasa.engine.runner.dask.DaskGraphRunner.run",
        "bot.rasa_changes.prediction.run_in_order",
        _MESSAGES,
        "The graph is planned anew for each of three runs a message. The plan is the same every time.",
        "1.0 ms a message",
        _TESTS + "test_messages.py::test_the_graph_gives_the_same_outputs",
    ),
    Change(
        "rasa.core.policies.rule_policy.RulePolicy._get_possible_keys",
        "bot.rasa_changes.prediction.possible_keys",
        _MESSAGES,
        "Every rule is compared with the conversation. One whose last step names another intent or action than the "
        "conversation's last state cannot apply.",
        "0.6 ms a message",
        _TESTS + "test_messages.py::test_the_same_rules_are_found_for_every_intent",
    ),
    Change(
        "rasa.core.policies.rule_policy.RulePolicy._prediction_states",
        "bot.rasa_changes.prediction.recent_states",
        _MESSAGES,
        "States are made of the conversation from its first message on. No rule looks further back than the longest "
        "has steps.",
        "0.4 ms a message after fifty turns",
        _TESTS + "test_messages.py::test_the_last_states_are_those_of_rasa",
    ),
    Change(
        "rasa.core.policies.rule_policy.RulePolicy._find_action_from_rules",
        "bot.rasa_changes.prediction.action_from_rules",
        _MESSAGES,
        "Rules are looked for by the message's text and then by its intent. Where all of them name an intent the first "
        "finds nothing.",
        "0.2 ms a message",
        _TESTS + "test_messages.py::test_the_action_is_that_of_rasa",
    ),
    Change(
        "rasa.shared.core.events.Event.resolve_by_type",
        "bot.rasa_changes.prediction.resolve_by_type",
        _MESSAGES,
        "All subclasses of Event are searched, recursively, for every event that is read.",
        "0.1 ms a message",
        _TESTS + "test_messages.py::test_events_are_found_by_their_names",
    ),
    Change(
        "rasa.core.processor.copy",
        "bot.rasa_changes.prediction.CopyForDebugging",
        _MESSAGES,
        "What is understood is copied deeply for a debug line that nobody reads; the module copies nothing else.",
        "0.1 ms a message",
        _TESTS + "test_messages.py::test_copies_are_made_for_debug_lines_only_where_they_are_written",
    ),
    Change(
        "rasa.core.processor.MessageProcessor.save_tracker",
        "bot.rasa_changes.agent.save_answered",
        ("server",),
        "A message whose action failed is stored as if it had been answered, with no answer. It would stay so under "
        "its id; not stored, it may be sent again. One that an earlier try has stored meanwhile is told apart.",
        "no message is lost by an action that fails",
        _TESTS + "test_agent.py::test_a_message_without_an_answer_is_not_stored",
    ),
    Change(
        "rasa.core.processor.MessageProcessor._update_tracker_session",
        "bot.rasa_changes.agent.session_without_metadata",
        ("server",),
        "A slot is filled with the metadata of the message that begins a session. Clients choose that metadata, and no "
        "slot is theirs to set; it stays in the message's own event.",
        "no client sets a slot",
        _TESTS + "test_agent.py::test_the_metadata_of_a_client_fill_no_slot",
    ),
    Change(
        "rasa.core.channels.console._get_user_input",
        "bot.rasa_changes.console.next_line",
        ("shell",),
        "The prompt needs a terminal: it repaints itself into a pipe and fails at the end of the input. And what is "
        "typed comes in letters that other channels normalise.",
        "`make shell < questions` works and exits with 0",
        "tests/e2e/test_conversations.py::test_the_console_answers_piped_input_and_exits",
    ),
    Change(
        "rasa.shared.utils.validation.validate_training_data",
        "bot.rasa_changes.training.validate_training_data",
        ("training",),
        "Each annotation of an example is checked with jsonschema.validate, which first checks the schema itself.",
        "1.3 ms an annotated example",
        _TESTS + "test_training.py::test_what_rasa_refuses_is_refused_in_the_same_words",
    ),
    Change(
        "rasa.shared.nlu.training_data.message.Message.__hash__",
        "bot.rasa_changes.training.hash_of",
        ("training",),
        "Examples are put into dictionaries a dozen times a training, and the hash of one is a fingerprint of all that "
        "it holds. That of its text and labels does; whether two are equal is still found as Rasa does.",
        "0.05 ms an example each time",
        _TESTS + "test_training.py::test_examples_that_are_there_twice_are_dropped_as_rasa_drops_them",
    ),
    Change(
        "rasa.shared.nlu.training_data.training_data.copy",
        "bot.rasa_changes.training.QuickCopy",
        ("training",),
        "Merging copies examples with copy.deepcopy; pickling them is several times faster.",
        "0.03 ms an example each time",
        _TESTS + "test_training.py::test_merged_data_share_nothing_with_what_they_were_made_from",
    ),
    Change(
        "tensorflow",
        "",
        ("environment",),
        "Rasa imports TensorFlow whenever it lists its own components. packages/tensorflow-standin answers for it, and "
        "makes rasa.engine.validation refuse components that need it (docs/tensorflow.md).",
        "1.7 GB of installation, 3.4 s and 400 MB of every start",
        _TESTS + "test_standin.py::test_rasa_components_that_need_tensorflow_can_be_imported",
    ),
)

_originals: dict[str, Any] = {}


def check_version() -> None:
    """Raise RasaVersionError unless the Rasa that is installed is the one that all this is for."""
    found = version("rasa")
    if found != RASA_VERSION:
        raise RasaVersionError(
            f"Rasa {found} is installed, and this program is made for {RASA_VERSION}. Install it with: make env"
        )


def apply(scope: Scope) -> None:
    """Make the changes for ``scope``; doing so again changes nothing. Raises RasaVersionError."""
    check_version()
    for change in CHANGES:
        if scope in change.scopes and change.replacement:
            _replace(change)


def original(target: str) -> Any:
    """What Rasa has there itself, whether it is replaced or not."""
    return _originals[target] if target in _originals else found(target)


def found(name: str) -> Any:
    """What a dotted name stands for at the moment: a module's or a class's attribute. Raises AttributeError."""
    owner, attribute = owner_of(name)
    return getattr(owner, attribute)


def owner_of(name: str) -> tuple[Any, str]:
    """The module or class that has the last part of a dotted name, and that part."""
    *path, attribute = name.split(".")
    for end in range(len(path), 0, -1):
        try:
            owner: Any = importlib.import_module(".".join(path[:end]))
        except ModuleNotFoundError as error:
            # A class; any other missing module is a mistake.
            if error.name is None or not ".".join(path).startswith(error.name):
                raise
            continue
        for part in path[end:]:
            owner = getattr(owner, part)
        return owner, attribute
    raise AttributeError(f"there is nothing called {name}")


def _replace(change: Change) -> None:
    replacement = found(change.replacement)
    owner, attribute = owner_of(change.target)
    _originals.setdefault(change.target, getattr(owner, attribute))
    if isinstance(inspect.getattr_static(owner, attribute), staticmethod):
        replacement = staticmethod(replacement)
    setattr(owner, attribute, replacement)
