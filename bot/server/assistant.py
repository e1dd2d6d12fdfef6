"""Rasa's agent in this process: loading it, trying it out, and how it is doing."""

from __future__ import annotations

import asyncio
import copy
import logging
from collections.abc import Sequence
from pathlib import Path

import rasa.core.utils
from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.utils.endpoints import EndpointConfig

from bot.channels.rest.output import RestOutput
from bot.cluster.locks import RedisLocks
from bot.cluster.remote_actions import ActionServers
from bot.model_files import is_whole
from bot.rasa_changes.adaptations import adapt_rasa
from bot.rasa_changes.agent import OnceAgent
from bot.server.action_endpoint import ActionsInProcess
from bot.server.storage import Storage
from bot.settings import Settings
from bot.stores import SchemaError

ENDPOINTS = Path("endpoints.yml")
WARM_UP_MESSAGE = "What does an ML engineer do?"
_SECONDS_BETWEEN_TRIES = 2.0
logger = logging.getLogger(__name__)


class Assistant:
    """The agent with the state of its parts, each "loading", "failing" with the reason in the log, or in order."""

    def __init__(self, settings: Settings, models: Sequence[Path]) -> None:
        """``models``: the one to load, and others to try after it if it cannot be loaded."""
        self.agent: Agent | None = None
        self.ready = False
        self._settings = settings
        self._models = models
        self._actions: ActionsInProcess | ActionServers | None = None
        self._storage = Storage(settings)
        self._locks: RedisLocks | None = None
        self._told: str | None = None
        self._parts = {"model": "loading", "actions": "loading", "store": "loading"}

    @property
    def failed(self) -> bool:
        """Whether a part failed while loading, so that it takes somebody's help to get ready."""
        return "failing" in self._parts.values() or bool(self._storage.waiting_for)

    async def load(self) -> bool:
        """Load actions and model and open the store; False if a part fails, which the log and health tell.

        Waits for a database that cannot be reached.
        """
        try:
            self._actions = await asyncio.to_thread(self._endpoint)
        except Exception:
            self._failed("actions")
            return False
        self._parts["actions"] = "ok"
        endpoints = rasa.core.utils.AvailableEndpoints()
        try:
            if ENDPOINTS.is_file():
                endpoints = rasa.core.utils.AvailableEndpoints.read_endpoints(str(ENDPOINTS))
            broker = await self._broker(endpoints.event_broker)
            store = await self._storage.open(endpoints.tracker_store, broker)
            agent = self._agent(endpoints, store, self._actions)
        except SchemaError as error:
            self._parts["store"] = "failing"
            logger.error("%s", error)
            return False
        except Exception:
            self._failed("store")
            return False
        self._parts["store"] = "ok"
        for model in self._models:
            # In a thread, so that /health answers meanwhile.
            if await asyncio.to_thread(_loads, agent, model):
                return self._loaded(agent, model)
        self._parts["model"] = "failing"
        logger.error("Loading failed: model. None of %d can be used; train one with: make train", len(self._models))
        return False

    async def warm_up(self) -> None:
        """Ask one question until it is answered; after that the assistant is ready."""
        while not await self._answers(WARM_UP_MESSAGE):
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)
        self.ready = True

    async def health(self) -> tuple[bool, dict[str, str]]:
        """Whether a message can be answered now, and the state of each part."""
        actions, store, redis = await asyncio.gather(
            self._actions_problem(), self._storage.problem(), self._locks_problem()
        )
        problems = {"actions": actions, "store": store, "redis": redis}
        self._tell(store)
        parts = self._parts | {part: "failing" for part, problem in problems.items() if problem}
        if "failing" in parts.values():
            return False, {"status": "failing", **parts}
        return self.ready, {"status": "ok" if self.ready else "starting", **parts}

    async def close(self) -> None:
        """Close connections to other services."""
        if self._actions:
            await self._actions.close()
        if self.agent and self.agent.tracker_store.event_broker:
            await self.agent.tracker_store.event_broker.close()
        if self._locks:
            await self._locks.close()
        await self._storage.close()

    def _loaded(self, agent: Agent, model: Path) -> bool:
        newest = self._models[0]
        if model is not newest:
            logger.warning("Older answers: %s is served in the place of %s.", model.name, newest.name)
            self._parts["model_problem"] = f"{newest.name} cannot be loaded; an older model is served"
        self._parts["model"] = model.name
        self.agent = agent
        return True

    def _tell(self, store_problem: str | None) -> None:
        """Say once what is wrong with the store, and once that nothing is any more."""
        if store_problem != self._told and self._storage.store:
            logger.error("%s", store_problem or "Conversations can be stored again.")
            self._told = store_problem

    async def _actions_problem(self) -> str | None:
        return await self._actions.problem() if self._actions else None

    async def _locks_problem(self) -> str | None:
        return await self._locks.problem() if self._locks else None

    def _endpoint(self) -> ActionsInProcess | ActionServers:
        adapt_rasa()
        settings = self._settings
        if settings.action_server_url:
            urls, token = settings.action_server_url, settings.action_server_token
            return ActionServers(urls, settings.message_timeout_seconds, token)
        return ActionsInProcess(settings.message_timeout_seconds)

    def _agent(
        self,
        endpoints: rasa.core.utils.AvailableEndpoints,
        store: TrackerStore,
        actions: ActionsInProcess | ActionServers,
    ) -> Agent:
        """What ``rasa.core.agent.load_agent`` does before it loads the model; that one hides why loading failed."""
        if self._settings.redis_url:
            self._locks = RedisLocks(self._settings.redis_url, self._settings.message_timeout_seconds)
            self._parts["redis"] = "ok"
        agent = OnceAgent(
            generator=endpoints.nlg,
            tracker_store=store,
            lock_store=LockStore.create(self._locks or endpoints.lock_store),
            action_endpoint=actions,
        )
        # Without Rasa's fail-safe wrapper, which would take a conversation that cannot be read for a new one, keep
        # in memory what cannot be stored, and tell nobody.
        agent.tracker_store = store
        return agent

    async def _broker(self, named: EndpointConfig | None) -> EventBroker | None:
        """The event broker of the settings, else the one that endpoints.yml names."""
        if self._settings.event_broker_url:
            # Its libraries take a while to import.
            from bot.cluster.event_brokers import open_broker

            return await open_broker(self._settings.event_broker_url)
        return await EventBroker.create(named, loop=asyncio.get_running_loop())

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


def _loads(agent: Agent, model: Path) -> bool:
    """Whether the agent has the model now; if not, the log says why."""
    if not is_whole(model):
        logger.error("The model %s is damaged or incomplete. Train it again with: make train", model)
        return False
    try:
        agent.load_model(str(model))
    except Exception:
        logger.exception("The model %s cannot be loaded.", model)
        return False
    return True
