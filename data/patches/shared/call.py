"""The call of fetch."""

from __future__ import annotations

import typing


def call_fetch(
    url: str, method: str, pairs: list[list[str]], controller: typing.Any, body: typing.Any = None
) -> typing.Any:
    """A promise of the response, which `controller` aborts. `body` is bytes, a BodyStream's stream, or None.

    Raises ValueError for a header that fetch refuses.
    """
    import js
    from pyodide.ffi import JsException, to_js

    options: dict[str, typing.Any] = {}
    if isinstance(body, bytes):
        options = {"body": to_js(body)}
    elif body is not None:
        options = {"body": body, "duplex": "half"}
    try:
        headers = js.Headers.new(to_js(pairs))
    except JsException as error:
        raise ValueError(f"fetch refuses a header: {error.message}") from error
    return js.fetch(
        url, method=method, headers=headers, redirect="manual", signal=controller.signal, **options
    )
