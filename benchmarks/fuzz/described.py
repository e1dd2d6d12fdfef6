"""Requests that schemathesis makes from /openapi.json: such as are described, and such as break the description."""

from __future__ import annotations

import random
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from benchmarks.fuzz.texts import texts
from benchmarks.fuzz.watch import Canary, Watch

_CONFORMANCE = [status_code_conformance, content_type_conformance, response_schema_conformance]
_ROUND = 40


def attack(url: str, watch: Watch, count: int, number: int) -> None:
    """Send ``count`` requests or a few more; ``number`` is the seed."""
    whole = httpx.get(f"{url}/openapi.json", timeout=10).raise_for_status().json()
    found: Iterable[Any] = schemathesis.openapi.from_dict(whole).get_all_operations()
    operations = [each.ok() for each in found]
    until = watch.requests + count
    chance = random.Random(number)
    own = httpx.post(f"{url}/webhooks/rest/conversations", timeout=10).raise_for_status().json()
    sender = _Sender(url, watch, own, chance)
    plans = []
    for operation in operations:
        # Without values there is little to vary.
        simple = not (operation.body or operation.path_parameters or operation.query)
        examples = 2 if simple else min(_ROUND, max(5, count // 40)) * (2 if operation.body else 1)
        plans += [(mode, operation.as_strategy(generation_mode=mode), examples) for mode in GenerationMode]
    while watch.requests < until:
        for mode, cases, examples in plans:
            number += 1
            _round(sender, cases, mode, min(examples, until - watch.requests), number)
            if watch.requests >= until:
                return


def _round(sender: _Sender, cases: Any, mode: GenerationMode, examples: int, number: int) -> None:
    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases)
    def send(case: Any) -> None:
        sender.send(case, mode)

    with suppress(Unsatisfiable):  # nothing can be wrong with a request that has no values
        send()


class _Sender:
    """Sends cases, some of them with a valid token, other people's conversation ids or texts with a point."""

    def __init__(self, url: str, watch: Watch, own: dict[str, str], chance: random.Random) -> None:
        self._url = url
        self._watch = watch
        self._own = own
        self._chance = chance
        self._texts = texts(chance)
        self._session = requests.Session()

    def send(self, case: Any, mode: GenerationMode) -> None:
        self._aim(case)
        name = f"{case.method} {case.operation.path} {mode.value}"
        try:
            response = case.call(base_url=self._url, session=self._session, timeout=30)
        except requests.exceptions.InvalidHeader:
            return  # the client refuses to send it; benchmarks/fuzz/raw.py does
        except requests.RequestException as error:
            # Sanic closes a connection after some errors, which the client may notice late.
            if not isinstance(error, requests.ConnectionError):
                self._watch.found(f"{name}: {type(error).__name__}: {error}")
            self._session = requests.Session()
            self._watch.saw(name, None, b"", "")
            return
        self._watch.saw(name, response.status_code, response.content, case.as_curl_command())
        try:
            case.validate_response(response, checks=_CONFORMANCE)
        except (Failure, FailureGroup) as failure:
            causes = getattr(failure, "exceptions", [failure])
            self._watch.found(f"{name}: not as described: {'; '.join(str(each) for each in causes)[:600]}")

    def _aim(self, case: Any) -> None:
        """Make some of the requests more dangerous than random ones."""
        chance = self._chance
        victim: Canary = chance.choice(self._watch.canaries)
        target = chance.choice([self._own["sender"], victim.sender, victim.sender.upper(), None, None])
        if target and isinstance(case.path_parameters, dict) and "sender" in case.path_parameters:
            case.path_parameters["sender"] = target
        if isinstance(case.body, dict):
            if target and "sender" in case.body:
                case.body["sender"] = target
            if "message" in case.body and chance.random() < 0.7:
                case.body["message"] = next(self._texts)
        # Whoever erases the own conversation may go on with it.
        if chance.random() < 0.5:
            case.headers["Authorization"] = f"Bearer {self._own['token']}"
