"""Settings of the Slack channel, read from environment variables; ``docs/slack.md`` says where to find each of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.settings import Settings, SettingsError

SLACK_API = "https://slack.com/api/"


class SlackSettingsError(SettingsError):
    """Slack is set up in part only; the message is one line that says which variable is missing or wrong."""


@dataclass(frozen=True)
class SlackSettings:
    """What the channel is run with. Secrets are left out of ``repr``, so that no log shows them."""

    bot_token: str = field(repr=False)
    signing_secret: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    api_url: str = SLACK_API
    redis_url: str = field(default="", repr=False)
    message_timeout_seconds: float = Settings.message_timeout_seconds

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> SlackSettings | None:
        """The settings; None if neither a token nor the signing secret is set. Raises SlackSettingsError."""

        def value(name: str) -> str:
            return environment.get(name, "").strip()

        bot_token, signing_secret = value("SLACK_BOT_TOKEN"), value("SLACK_SIGNING_SECRET")
        app_token = value("SLACK_APP_TOKEN")
        if not (bot_token or signing_secret or app_token):
            return None
        _check(bot_token, signing_secret, app_token)
        api_url = value("SLACK_API_URL") or SLACK_API
        if not api_url.startswith(("https://", "http://")):
            raise SlackSettingsError(f"SLACK_API_URL must be an http or https address, like {SLACK_API}")
        redis_url = value("REDIS_URL")
        if redis_url and not redis_url.startswith(("redis://", "rediss://", "unix://")):
            raise SlackSettingsError("REDIS_URL must be an address of Redis, like redis://localhost:6379/0")
        return cls(
            bot_token,
            signing_secret,
            app_token,
            api_url.rstrip("/") + "/",
            redis_url,
            Settings.from_environment(environment).message_timeout_seconds,
        )


def _check(bot_token: str, signing_secret: str, app_token: str) -> None:
    if not bot_token:
        raise SlackSettingsError("SLACK_BOT_TOKEN is missing: Slack needs the bot token that starts with xoxb-.")
    if not (signing_secret or app_token):
        raise SlackSettingsError(
            "SLACK_SIGNING_SECRET is missing: Slack needs it to send messages here, or SLACK_APP_TOKEN for Socket Mode."
        )
    if bot_token.startswith("xapp-"):
        raise SlackSettingsError("SLACK_BOT_TOKEN holds an app token; the bot token starts with xoxb-.")
    if app_token.startswith("xoxb-"):
        raise SlackSettingsError("SLACK_APP_TOKEN holds a bot token; the app token starts with xapp-.")
