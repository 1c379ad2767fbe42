"""httpx's default transports over the host's `fetch`, for Python on Emscripten.

transport.py  the two classes that take the places of HTTPTransport and AsyncHTTPTransport
options.py    what a transport, a request or a timeout asks for that fetch has no way to do
requests.py   what fetch is given: URL, headers and length; and requests that it cannot send as they are meant
exchange.py   one request: fetch is called, and its answer becomes status, headers and a body
upload.py     request bodies, whole or as a stream
download.py   response bodies, chunk by chunk
limits.py     waiting with a limit, and which limit
pool.py       how many exchanges may be open at once
errors.py     JavaScript's errors as httpx's
blocking.py   one request through XMLHttpRequest, for synchronous code that cannot wait for fetch
mocked.py     requests that a mock of httpcore answers
shared/       what any client has to know of fetch

Nothing here holds a JavaScript object at module level, and importing it needs neither network, entropy, ssl
nor threads: it may be part of a memory snapshot.
"""
