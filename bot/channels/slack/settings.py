"""What of the settings is Slack's, and whether it is complete; ``docs/slack.md`` says where to find each of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.settings import Settings, SettingsError


class SlackSettingsError(SettingsError):
    """Slack is set up in part only; the message is one line that says which variable is missing or wrong."""


@dataclass(frozen=True)
class SlackSettings:
    """What the channel is run with. Secrets are left out of ``repr``, so that no log shows them."""

    bot_token: str = field(repr=False)
    signing_secret: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    api_url: str = Settings.slack_api_url
    redis_url: str = field(default="", repr=False)
    message_timeout_seconds: float = Settings.message_timeout_seconds

    @classmethod
    def of(cls, settings: Settings) -> SlackSettings | None:
        """Slack's part of the settings; None if neither a token nor the signing secret is set.

        Raises SlackSettingsError.
        """
        if not (settings.slack_bot_token or settings.slack_signing_secret or settings.slack_app_token):
            return None
        _check(settings.slack_bot_token, settings.slack_signing_secret, settings.slack_app_token)
        return cls(
            settings.slack_bot_token,
            settings.slack_signing_secret,
            settings.slack_app_token,
            settings.slack_api_url.rstrip("/") + "/",
            settings.redis_url,
            settings.message_timeout_seconds,
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
