"""Settings, and whether Slack is on."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.slack.channel import SlackChannel, SlackSettingsError, from_settings
from bot.channels.slack.settings import SlackSettings
from bot.server.app import input_channels
from bot.settings import Settings, SettingsError

NAMES = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SLACK_API_URL", "REDIS_URL")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def from_environment(environment: dict[str, str]) -> SlackChannel | None:
    return from_settings(Settings.from_environment(environment))


def test_without_settings_slack_is_off() -> None:
    assert from_environment({}) is None
    assert from_environment({"SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": " "}) is None
    assert from_environment({"SLACK_API_URL": Settings.slack_api_url, "REDIS_URL": "redis://localhost"}) is None


@pytest.mark.parametrize(
    "environment",
    [
        {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"},
        {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"},
        {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_SIGNING_SECRET": "s"},
    ],
)
def test_two_secrets_are_enough(environment: dict[str, str]) -> None:
    channel = from_environment(environment)
    assert isinstance(channel, SlackChannel)
    assert channel.url_prefix() == "slack"


@pytest.mark.parametrize(
    ("environment", "missing"),
    [
        ({"SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET is missing"),
        ({"SLACK_BOT_TOKEN": "xapp-1", "SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN holds an app token"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xoxb-2"}, "SLACK_APP_TOKEN holds a bot token"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "SLACK_API_URL": "slack.com"}, "SLACK_API_URL"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "REDIS_URL": "localhost"}, "REDIS_URL"),
    ],
)
def test_what_is_missing_or_wrong_is_said_in_one_line(environment: dict[str, str], missing: str) -> None:
    with pytest.raises(SettingsError) as caught:
        from_environment(environment)
    message = str(caught.value)
    assert message.startswith(missing)
    assert "\n" not in message


def test_secrets_are_not_shown() -> None:
    environment = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "sig-1", "SLACK_APP_TOKEN": "xapp-1"}
    settings = SlackSettings.of(Settings.from_environment({**environment, "REDIS_URL": "redis://:password@localhost"}))
    assert settings
    for secret in (*environment.values(), "password"):
        assert secret not in repr(settings)


def test_defaults_and_other_addresses() -> None:
    environment = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}
    settings = SlackSettings.of(Settings.from_environment(environment))
    assert settings
    assert (settings.api_url, settings.redis_url) == ("https://slack.com/api/", "")
    other = SlackSettings.of(Settings.from_environment({**environment, "SLACK_API_URL": "http://127.0.0.1:9/api"}))
    assert other
    assert other.api_url == "http://127.0.0.1:9/api/"


def test_the_server_has_the_channel_only_if_it_is_set_up(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path)
    assert [channel.name() for channel in input_channels(settings)] == ["rest"]
    with pytest.raises(SettingsError, match="SLACK_SIGNING_SECRET is missing"):
        input_channels(replace(settings, slack_bot_token="xoxb-1"))
    settings = replace(settings, slack_bot_token="xoxb-1", slack_signing_secret="s")
    assert [channel.name() for channel in input_channels(settings)] == ["rest", "slack"]


def test_rasas_own_command_needs_the_settings_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SlackSettingsError, match="SLACK_BOT_TOKEN is missing"):
        SlackChannel.from_credentials(None)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "s")
    assert isinstance(SlackChannel.from_credentials(None), SlackChannel)
