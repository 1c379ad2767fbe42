"""The default transports of Client and AsyncClient."""

from __future__ import annotations

import typing

from .._config import DEFAULT_LIMITS, Limits
from .._models import Request, Response
from .._transports.base import AsyncBaseTransport, BaseTransport
from .._types import AsyncByteStream, CertTypes, ProxyTypes, SyncByteStream
from .blocking import can_block, exchange_blocking
from .download import AsyncDownload, SyncDownload
from .exchange import exchange
from .mocked import ask_mock, ask_mock_async
from .options import check_options
from .pool import Pool

if typing.TYPE_CHECKING:
    import ssl


class _FetchTransport:
    def __init__(
        self,
        verify: ssl.SSLContext | str | bool = True,
        cert: CertTypes | None = None,
        trust_env: bool = True,
        http1: bool = True,
        http2: bool = False,
        limits: Limits = DEFAULT_LIMITS,
        proxy: ProxyTypes | None = None,
        uds: str | None = None,
        local_address: str | None = None,
        retries: int = 0,
        socket_options: typing.Iterable[typing.Any] | None = None,
    ) -> None:
        check_options(
            verify=verify,
            cert=cert,
            trust_env=trust_env,
            http1=http1,
            http2=http2,
            limits=limits,
            proxy=proxy,
            uds=uds,
            local_address=local_address,
            retries=retries,
            socket_options=socket_options,
        )
        self._pool = Pool(limits.max_connections)


class AsyncHTTPTransport(_FetchTransport, AsyncBaseTransport):
    """What `AsyncClient` sends through if no other transport is given."""

    async def handle_async_request(self, request: Request) -> Response:
        if response := await ask_mock_async(request):
            return response
        assert isinstance(request.stream, AsyncByteStream)
        answer = await exchange(request, aiter(request.stream), self._pool)
        return Response(
            answer.status,
            headers=answer.headers,
            stream=AsyncDownload(answer.download),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        self._pool.close()


class HTTPTransport(_FetchTransport, BaseTransport):
    """What `Client` sends through if no other transport is given.

    It waits by stack switching: Python stands still in its call while JavaScript's event loop goes on. Where that is
    impossible, a browser's XMLHttpRequest blocks.
    """

    def handle_request(self, request: Request) -> Response:
        if response := ask_mock(request):
            return response
        assert isinstance(request.stream, SyncByteStream)
        run_sync = stack_switching()
        if run_sync is None:
            return exchange_blocking(request, request.stream)
        answer = run_sync(exchange(request, _iterate(request.stream), self._pool))
        return Response(
            answer.status,
            headers=answer.headers,
            stream=SyncDownload(answer.download, run_sync),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        self._pool.close()


async def _iterate(stream: SyncByteStream) -> typing.AsyncIterator[bytes]:
    for chunk in stream:
        yield chunk


def stack_switching() -> typing.Callable[[typing.Awaitable[typing.Any]], typing.Any] | None:
    """`run_sync`; None if this host, or this call, cannot wait but can block; else an error."""
    try:
        from pyodide.ffi import can_run_sync, run_sync
    except ImportError:
        pass
    else:
        if can_run_sync():
            return run_sync
    if can_block():
        return None
    raise RuntimeError(
        "httpx.Client cannot wait for fetch here: pyodide.ffi.can_run_sync() is false, as this host, or the "
        "way in which JavaScript called Python, has no stack switching (JSPI). Use httpx.AsyncClient."
    )
