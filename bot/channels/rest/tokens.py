"""Tokens: whoever has a conversation's token may use, read and erase it."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from bot.private_files import UMASK, make_private
from bot.settings import Settings, SettingsError
from bot.settings.values import SHORTEST_SECRET

WEB = "web-"
# Conversations under these ids are somebody's own; any other id is as private as it is hard to guess.
_PROTECTED = (WEB, "slack")
_ID_BYTES = 18


class Tokens:
    """Issues conversations and recognises their tokens. A token is derived from the id, so that none is stored."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def issue(self) -> tuple[str, str]:
        """A new conversation id that cannot be guessed, and its token."""
        sender = WEB + secrets.token_urlsafe(_ID_BYTES)
        return sender, self.token(sender)

    def token(self, sender: str) -> str:
        """The token of a conversation id."""
        return hmac.new(self._secret, sender.encode(), hashlib.sha256).hexdigest()

    def proves(self, sender: str, authorization: str | None) -> bool:
        """Whether an Authorization header holds the token of this conversation."""
        scheme, _, given = (authorization or "").partition(" ")
        expected = self.token(sender).encode()
        return hmac.compare_digest(given.strip().encode(errors="replace"), expected) and scheme.lower() == "bearer"


def needs_token(sender: str) -> bool:
    """Whether messages to this conversation are taken with its token only."""
    return sender.lower().startswith(_PROTECTED)


def conversation_secret(settings: Settings) -> bytes:
    """The secret of the settings, or else the one that is kept in the state folder, generated at first use.

    Raises SettingsError, with one line, if that one can be neither read nor made, or could be guessed.
    """
    if settings.conversation_secret:
        return settings.conversation_secret.encode()
    path = settings.state_dir / "secret"
    remedy = "Set CONVERSATION_SECRET, or remove the file: a new one is made, and the widgets begin new conversations."
    try:
        if not path.exists():
            _keep(path, secrets.token_hex(32))
        secret = path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not text. {remedy}") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be used: {error.strerror}. {remedy}") from None
    if len(secret) < SHORTEST_SECRET or not secret.isprintable():
        raise SettingsError(f"{path} must have at least {SHORTEST_SECRET} printable characters. {remedy}")
    make_private(path)
    return secret.encode()


def _keep(path: Path, secret: str) -> None:
    path.parent.mkdir(mode=0o777 & ~UMASK, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(secret + "\n")
    try:
        # Unlike a rename, a link does not replace the secret of a process that was faster.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
