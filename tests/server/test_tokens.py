from pathlib import Path

from bot.channels.rest.tokens import Tokens, conversation_secret, needs_token
from bot.settings import Settings


def test_a_token_proves_its_own_conversation_only() -> None:
    tokens = Tokens(b"secret")
    sender, token = tokens.issue()
    assert tokens.proves(sender, f"Bearer {token}")
    assert tokens.proves(sender, f"bearer {token}")
    assert not tokens.proves(sender + "x", f"Bearer {token}")
    assert not tokens.proves(sender, token)
    assert not tokens.proves(sender, None)
    assert not tokens.proves(sender, "Bearer \udcff")
    assert not Tokens(b"another").proves(sender, f"Bearer {token}")


def test_protected_ids_need_a_token() -> None:
    assert needs_token("web-1")
    assert needs_token("WEB-1")
    assert needs_token("slack-T1-U1")
    assert not needs_token("somebody")


def test_a_generated_secret_is_kept_for_this_user_only(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path / "state")
    secret = conversation_secret(settings)
    assert len(secret) == 64
    assert conversation_secret(settings) == secret
    assert (tmp_path / "state" / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["secret"]


def test_a_given_secret_is_used(tmp_path: Path) -> None:
    assert conversation_secret(Settings(conversation_secret="given", state_dir=tmp_path)) == b"given"
    assert list(tmp_path.iterdir()) == []
