"""What fetch cannot do: refused, or if nothing depends on it, warned of. Always by name."""

from __future__ import annotations

import os
import typing
import warnings

_PACKAGE = __name__.partition(".")[0]
_FOLDER = __file__.rpartition(f"{os.sep}_fetch{os.sep}")[0]
_told: set[str] = set()


def refuse(option: str, reason: str) -> typing.NoReturn:
    raise NotImplementedError(_sentence(option, reason))


def warn(option: str, reason: str) -> None:
    """Points at the line that called the client."""
    warnings.warn(_sentence(option, reason), UserWarning, skip_file_prefixes=(_FOLDER,))


def warn_once(name: str, option: str, reason: str) -> None:
    """The same, for what is asked of every request: once for each name."""
    if name not in _told:
        _told.add(name)
        warn(option, reason)


def _sentence(option: str, reason: str) -> str:
    return f"{_PACKAGE} on fetch cannot honour {option}: {reason}"
