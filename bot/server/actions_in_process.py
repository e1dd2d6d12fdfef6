"""Custom actions in this process. To Rasa it looks like the endpoint of an action server."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from bot.observe.tracing import span
from bot.rasa_changes.copies import copied

PACKAGE = "actions"


class ActionsUnavailable(Exception):
    """The actions cannot be run at all."""


class ActionsInProcess(EndpointConfig):  # type: ignore[misc, unused-ignore]
    """Runs the actions of a package directly: no HTTP, no JSON in between."""

    checks_itself = True
    """rasa_sdk's executor drops events that are none and builds the responses, so that the result is well formed."""

    def __init__(self, timeout: float, package: str = PACKAGE) -> None:
        """Imports the package. Raises ActionsUnavailable if it cannot be imported."""
        super().__init__(url=f"this process, package {package}", enable_selective_domain=True)
        self._timeout = timeout
        self._executor = ActionExecutor()
        try:
            self._executor.register_package(package)
        except (Exception, SystemExit) as error:  # rasa_sdk leaves the process on an import error
            raise ActionsUnavailable(f"The package {package} cannot be imported") from error
        for name, action in self._executor.actions.items():
            if not inspect.iscoroutinefunction(action):
                self._executor.actions[name] = _in_thread(action)

    async def request(self, *_: Any, json: dict[str, Any], **__: Any) -> Any:
        """Run the action that ``json`` names, as Rasa's ``RemoteAction`` asks; returns its events and responses.

        Raises what the action raises, asyncio.TimeoutError if it takes too long, and ClientResponseError where an
        action server would have answered with 400 (the action declines to run) or 404 (there is no such action).
        """
        call = dict(json)
        # An action may change what it is given; the conversation must not change with it.
        call["tracker"] = copied(call["tracker"])
        try:
            with span("action", {"action": str(call.get("next_action"))}):
                return await asyncio.wait_for(self._executor.run(call), self._timeout)
        except ActionExecutionRejection as error:
            raise _client_error(400, error.action_name, error.message) from error
        except ActionNotFoundException as error:
            raise _client_error(404, error.action_name, "there is no such action") from error

    async def problem(self) -> str | None:
        """Why actions cannot be run; in this process they always can."""
        return None

    async def close(self) -> None:
        """Nothing to close."""


def _in_thread(action: Callable[..., Any]) -> Callable[..., Coroutine[Any, Any, Any]]:
    """An action that does not await would stop all conversations while it runs, and could not be timed out."""

    @wraps(action)
    async def run(*arguments: Any) -> Any:
        result = await asyncio.to_thread(action, *arguments)
        return await result if inspect.isawaitable(result) else result

    return run


def _client_error(status: int, action: str, message: str) -> Exception:
    text = json.dumps({"action_name": action, "error": message})
    error: Exception = ClientResponseError(status, message, text)
    return error
