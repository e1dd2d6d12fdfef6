import pytest

from bot.channels.payloads import public_intent, without_payload


@pytest.mark.parametrize("name", ["greet", "ask_skills", "A1"])
def test_visitors_may_trigger_ordinary_intents(name: str) -> None:
    assert public_intent(name)


@pytest.mark.parametrize(
    "name", ["internal_reset", "restart", "back", "session_start", "nlu_fallback", "", "a b", "/a", "é"]
)
def test_visitors_may_not_trigger_internal_and_built_in_intents(name: str) -> None:
    assert not public_intent(name)


@pytest.mark.parametrize("payload", ["/greet", '/ask{"role": "ai_engineer"}', '/ask{"role": ["a", "b"], "n": 1}'])
def test_payloads_of_buttons_stay_as_they_are(payload: str) -> None:
    assert without_payload(f" {payload}\n") == payload


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("hello / there", "hello / there"),
        ("/restart", "restart"),
        ("/ /\u2003/restart", "restart"),
        ("/greet you", "greet you"),
        ("/greet@0.5", "greet@0.5"),
        ('/ask{"role": null}', 'ask{"role": null}'),
        ('/ask{"role": NaN}', 'ask{"role": NaN}'),
        ("/", "/"),
    ],
)
def test_other_texts_lose_their_slashes(text: str, plain: str) -> None:
    assert without_payload(text) == plain
