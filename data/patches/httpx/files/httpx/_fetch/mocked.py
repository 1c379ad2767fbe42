"""Requests that a mock of httpcore answers.

Upstream's transports send through httpcore's pools, so that mocks, respx's by default, replace the methods of those.
Nothing here calls them: without this module, a mocked request would silently go to the network.
"""

from __future__ import annotations

import sys
import types
import typing

from .. import _exceptions
from .._models import Request, Response
from .._types import AsyncByteStream, SyncByteStream


class _NotMocked(Exception):
    pass


class _NoPool:
    """What a mock passes on to httpcore's own method, which cannot do without its pool."""

    def __getattr__(self, name: str) -> typing.NoReturn:
        raise _NotMocked


class _Body(SyncByteStream, AsyncByteStream):
    def __init__(self, stream: typing.Any) -> None:
        self._stream = stream

    def __iter__(self) -> typing.Iterator[bytes]:
        yield from self._stream

    async def __aiter__(self) -> typing.AsyncIterator[bytes]:
        async for part in self._stream:
            yield part


def ask_mock(request: Request) -> Response | None:
    """The mock's answer; None if there is no mock, or it lets the request pass."""
    mock = _mock_of("ConnectionPool", "handle_request")
    if mock is None:
        return None
    asked = _core_request(request)
    try:
        return _response(mock(asked))
    except Exception as error:
        return _after(error, request, asked)


async def ask_mock_async(request: Request) -> Response | None:
    mock = _mock_of("AsyncConnectionPool", "handle_async_request")
    if mock is None:
        return None
    asked = _core_request(request)
    try:
        return _response(await mock(asked))
    except Exception as error:
        return _after(error, request, asked)


def _mock_of(pool: str, method: str) -> typing.Callable[[typing.Any], typing.Any] | None:
    """What has taken the place of httpcore's own method. Nobody mocks httpcore without having imported it."""
    httpcore = sys.modules.get("httpcore")
    found = getattr(getattr(httpcore, pool, None), method, None)
    if found is None or _is_core(found):
        return None
    return types.MethodType(found, _NoPool()) if isinstance(found, types.FunctionType) else found


def _core_request(request: Request) -> typing.Any:
    import httpcore

    url = request.url
    return httpcore.Request(
        method=request.method,
        url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


def _response(answer: typing.Any) -> Response:
    return Response(
        answer.status, headers=answer.headers, stream=_Body(answer.stream), extensions=answer.extensions
    )


def _after(error: Exception, request: Request, asked: typing.Any) -> None:
    """Lets the request go on if the mock did, which may have read its body; raises httpcore's errors as httpx's."""
    if isinstance(error, _NotMocked):
        request.stream = asked.stream
        return
    own = getattr(_exceptions, type(error).__name__, None)
    if own is None or not _is_core(type(error)):
        raise error
    raise own(str(error)) from error


def _is_core(defined: typing.Any) -> bool:
    return str(defined.__module__).partition(".")[0] == "httpcore"
