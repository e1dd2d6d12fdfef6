"""What an owner can put right: each error's text is what the command prints."""

from bot.knowledge import Problem


class ContentError(ValueError):
    """The base of all of them."""


class ScaffoldError(ContentError):
    """A role cannot be started like this; the message says why in one line."""


class PreviewError(ContentError):
    """There is no such role or topic; the message names the nearest."""


class HeldOutError(ContentError):
    """The list of files with held-out questions, or one of the files, cannot be read; the message says which."""


class AcceptError(ContentError):
    """Something in a review file cannot be used; nothing was changed. One line a reason."""


def explained(problem: Problem) -> str:
    """A problem of a knowledge file in plain words."""
    return f"{problem.file}, line {problem.line}, field {problem.field!r}: {problem.message}"
