"""Types for annotations. JavaScript's types are strings, since Python has no classes for them."""

from collections.abc import Awaitable
from http import HTTPMethod
from typing import Any, Protocol, TypedDict, Union

from ._blob import Blob, File
from ._form_data import FormData

JSBody = Union["js.Blob", "js.FormData", "js.ReadableStream", "js.URLSearchParams", "js.ArrayBuffer"]
Body = Union[str, bytes, Blob, FormData, JSBody]
Headers = Union[dict[str, str], list[tuple[str, str]], "js.Headers"]
BlobValue = Union[str, bytes, Blob, File, "js.Blob", "js.ArrayBuffer"]
FormDataValue = Union[str, Blob, File, "js.Blob"]


class Context(Protocol):
    """The `ctx` of an event."""

    def waitUntil(self, other: Awaitable[Any]) -> None: ...


class RequestInitCfProperties(TypedDict, total=False):
    """Cloudflare's settings of a request, for `fetch(url, cf={...})`."""

    apps: bool | None
    cacheEverything: bool | None
    cacheKey: str | None
    cacheTags: list[str] | None
    cacheTtl: int
    cacheTtlByStatus: dict[str, int]
    image: Any | None
    mirage: bool | None
    polish: str | None
    resolveOverride: str | None
    scrapeShield: bool | None
    webp: bool | None


class FetchKwargs(TypedDict, total=False):
    """The options of `fetch` and `Request`."""

    headers: Headers | None
    body: Body | None
    method: HTTPMethod | str | None
    redirect: str | None
    cf: RequestInitCfProperties | None
    fetcher: Any | None
