"""What JavaScript's errors say."""

from __future__ import annotations

import typing


def describe(error: typing.Any) -> tuple[list[str], list[str]]:
    """The codes, or else names, of an error and of what caused it; and their messages, each once."""
    codes: list[str] = []
    messages: list[str] = []
    for _ in range(5):
        if not error:
            break
        message = str(getattr(error, "message", None) or error)
        if message not in messages:
            messages.append(message)
        codes.append(str(getattr(error, "code", None) or getattr(error, "name", "")))
        error = getattr(error, "cause", None)
    return codes, messages
