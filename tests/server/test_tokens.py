from pathlib import Path

import pytest

from bot.channels.rest.tokens import Tokens, conversation_secret, needs_token
from bot.settings import Settings, SettingsError


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


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b" " * 40, b"15 characters..", b"\0" * 64, b"\xff" * 32])
def test_a_kept_secret_that_could_be_guessed_or_is_no_text_is_refused_in_one_line(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "secret").write_bytes(content)
    with pytest.raises(SettingsError) as refused:
        conversation_secret(Settings(state_dir=tmp_path))
    line = str(refused.value)
    assert line.startswith(str(tmp_path / "secret")) and "CONVERSATION_SECRET" in line and "\n" not in line
    assert (tmp_path / "secret").read_bytes() == content


def test_a_secret_that_cannot_be_read_or_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "file").touch()
    for folder in (tmp_path, tmp_path / "file", Path("/proc")):
        with pytest.raises(SettingsError, match="cannot be used") as refused:
            conversation_secret(Settings(state_dir=folder))
        assert "\n" not in str(refused.value)


def test_a_kept_secret_that_others_could_read_is_its_owners_only_from_then_on(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("0123456789abcdef\n")
    (tmp_path / "secret").chmod(0o644)
    assert conversation_secret(Settings(state_dir=tmp_path)) == b"0123456789abcdef"
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
