"""What fetch cannot do: refused, or where nothing depends on it, warned of. Always by name."""

from __future__ import annotations

import os
import typing
import warnings

_LIBRARY = (os.path.dirname(os.path.dirname(__file__)),)


def refuse(option: str, reason: str) -> typing.NoReturn:
    raise NotImplementedError(f"aiohttp on fetch cannot honour {option}: {reason}")


def warn(option: str, reason: str) -> None:
    warnings.warn(
        f"aiohttp on fetch cannot honour {option}: {reason}",
        UserWarning,
        skip_file_prefixes=_LIBRARY,
    )
