"""The manifest and the guide."""

from pathlib import Path

import pytest
import yaml

from bot.channels.slack.web_api import WHAT_TO_DO

ROOT = Path(__file__).parents[2]
SCOPES = {"app_mentions:read", "chat:write", "im:history", "im:read", "im:write", "commands"}


@pytest.fixture(scope="module")
def manifest() -> dict:
    return yaml.safe_load((ROOT / "deploy/slack/manifest.yml").read_text())


def test_it_asks_for_exactly_the_scopes_it_needs(manifest: dict) -> None:
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == SCOPES
    assert "user" not in manifest["oauth_config"]["scopes"]


def test_it_subscribes_to_what_the_channel_handles(manifest: dict) -> None:
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert set(events) == {"app_home_opened", "app_mention", "message.im", "app_uninstalled", "tokens_revoked"}


def test_everything_arrives_at_the_webhook(manifest: dict) -> None:
    settings = manifest["settings"]
    addresses = {
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        *(command["url"] for command in manifest["features"]["slash_commands"]),
    }
    assert len(addresses) == 1
    assert addresses.pop().endswith("/webhooks/slack/webhook")


def test_the_home_is_on_and_messages_can_be_written(manifest: dict) -> None:
    assert manifest["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert manifest["settings"]["interactivity"]["is_enabled"] is True
    assert [command["command"] for command in manifest["features"]["slash_commands"]] == ["/career"]


def test_names_are_as_short_as_slack_wants_them(manifest: dict) -> None:
    assert len(manifest["display_information"]["name"]) <= 35
    assert len(manifest["display_information"]["description"]) <= 140
    assert len(manifest["features"]["bot_user"]["display_name"]) <= 80
    for command in manifest["features"]["slash_commands"]:
        assert len(command["description"]) <= 2_000
        assert len(command["usage_hint"]) <= 1_000


def test_what_thread_replies_without_a_mention_need_can_be_switched_on(manifest: dict) -> None:
    text = (ROOT / "deploy/slack/manifest.yml").read_text()
    for name in ("channels:history", "groups:history", "message.channels", "message.groups"):
        text = text.replace(f"# - {name}", f"- {name}")
    more = yaml.safe_load(text)
    assert set(more["oauth_config"]["scopes"]["bot"]) == SCOPES | {"channels:history", "groups:history"}
    assert {"message.channels", "message.groups"} <= set(more["settings"]["event_subscriptions"]["bot_events"])


@pytest.mark.parametrize("error", WHAT_TO_DO)
def test_the_guide_says_what_each_error_means(error: str) -> None:
    assert f"`{error}`" in (ROOT / "docs/slack.md").read_text()
