from ._request import Request
from ._response import Response


async def fetch(resource, fetcher=None, **options):
    """Sends a request and returns the `Response`. `options` are those of JavaScript's `fetch`."""
    import js

    if fetcher is None:
        fetcher = js
    if options or not isinstance(resource, str):
        resource = Request(resource, **options).js_object
    return Response.of(await fetcher.fetch(resource))
