"""Rasa's agent in this process: loading it, trying it out, and how it is doing."""

from __future__ import annotations

import asyncio
import copy
import logging
from pathlib import Path
from typing import Any

import rasa.core.utils
from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, TrackerStore
from rasa.utils.endpoints import EndpointConfig

from bot.channels.output import RestOutput
from bot.server.actions import ActionsInProcess, ActionsOverHttp
from bot.server.adaptations import adapt_rasa
from bot.settings import Settings

ENDPOINTS = Path("endpoints.yml")
WARM_UP_MESSAGE = "What does an ML engineer do?"
_SECONDS_BETWEEN_TRIES = 2.0
logger = logging.getLogger(__name__)


class Assistant:
    """The agent with the state of its parts, each "loading", "failing" with the reason in the log, or in order."""

    def __init__(self, settings: Settings, model: Path) -> None:
        self.agent: Agent | None = None
        self.ready = False
        self._settings = settings
        self._model = model
        self._actions: ActionsInProcess | ActionsOverHttp | None = None
        self._parts = {"model": "loading", "actions": "loading"}

    async def load(self) -> bool:
        """Load actions and model and connect the stores; False if a part fails, which the log and health tell."""
        try:
            self._actions = await asyncio.to_thread(self._endpoint)
        except Exception:
            self._failed("actions")
            return False
        self._parts["actions"] = "ok"
        try:
            agent = await self._connected_agent(self._actions)
            # In a thread, so that /health answers meanwhile.
            await asyncio.to_thread(agent.load_model, str(self._model))
        except Exception:
            self._failed("model")
            return False
        self._parts["model"] = self._model.name
        self.agent = agent
        return True

    async def warm_up(self) -> None:
        """Ask one question until it is answered; after that the assistant is ready."""
        while not await self._answers(WARM_UP_MESSAGE):
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)
        self.ready = True

    async def health(self) -> tuple[bool, dict[str, str]]:
        """Whether a message can be answered now, and the state of each part."""
        problem = await self._actions.problem() if self._actions else None
        parts = {**self._parts, "actions": "failing"} if problem else self._parts
        if "failing" in parts.values():
            return False, {"status": "failing", **parts}
        return self.ready, {"status": "ok" if self.ready else "starting", **parts}

    async def close(self) -> None:
        """Close connections to other services."""
        if self._actions:
            await self._actions.close()
        if self.agent and self.agent.tracker_store.event_broker:
            await self.agent.tracker_store.event_broker.close()

    def _endpoint(self) -> ActionsInProcess | ActionsOverHttp:
        adapt_rasa()
        settings = self._settings
        if settings.action_server_url:
            return ActionsOverHttp(settings.action_server_url, settings.message_timeout_seconds)
        return ActionsInProcess(settings.message_timeout_seconds)

    async def _connected_agent(self, actions: ActionsInProcess | ActionsOverHttp) -> Agent:
        """What ``rasa.core.agent.load_agent`` does before it loads the model; that one hides why loading failed."""
        endpoints = rasa.core.utils.AvailableEndpoints()
        if ENDPOINTS.is_file():
            endpoints = rasa.core.utils.AvailableEndpoints.read_endpoints(str(ENDPOINTS))
        broker = await EventBroker.create(endpoints.event_broker, loop=asyncio.get_running_loop())
        store = TrackerStore.create(endpoints.tracker_store or self._default_store(), event_broker=broker)
        return Agent(
            generator=endpoints.nlg,
            # Rasa's own handler would log the failed statement with what people wrote.
            tracker_store=FailSafeTrackerStore(store, on_tracker_store_error=_store_failed),
            lock_store=LockStore.create(endpoints.lock_store),
            action_endpoint=actions,
        )

    def _default_store(self) -> EndpointConfig:
        """Conversations in a SQLite file of the state folder, unless endpoints.yml names another store."""
        self._settings.state_dir.mkdir(parents=True, exist_ok=True)
        return EndpointConfig(type="SQL", dialect="sqlite", db=str(self._settings.state_dir / "conversations.db"))

    async def _answers(self, text: str) -> bool:
        """Whether the agent answers, tried on a conversation that no store keeps."""
        assert self.agent
        processor = copy.copy(self.agent.processor)
        processor.tracker_store = InMemoryTrackerStore(self.agent.domain)
        output = RestOutput()
        try:
            await processor.handle_message(UserMessage(text, output, "warm-up", input_channel="rest"))
        except Exception:
            logger.exception("The first message failed.")
        return bool(output.messages)

    def _failed(self, part: str) -> None:
        self._parts[part] = "failing"
        logger.exception("Loading failed: %s.", part)


def _store_failed(error: Exception) -> Any:
    logger.error("The conversation store failed: %s.", type(error).__name__, exc_info=error)
