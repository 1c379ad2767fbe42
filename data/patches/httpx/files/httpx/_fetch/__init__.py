"""httpx's default transports over the host's `fetch`, for Python on Emscripten.

transport.py  the two classes that take the places of HTTPTransport and AsyncHTTPTransport
options.py    what a transport, a request or a header asks for that fetch has no way to do
exchange.py   one request: fetch is called, and its answer becomes status, headers and a body
upload.py     request bodies, whole or as a stream
download.py   response bodies, chunk by chunk
wait.py       waiting with a limit
pool.py       how many exchanges may be open at once
host.py       how the host takes and gives the bytes of headers
decoding.py   which headers no longer describe a body that fetch has decoded
errors.py     JavaScript's errors as httpx's

Nothing here holds a JavaScript object at module level, and importing it needs neither network, entropy, ssl
nor threads: it may be part of a memory snapshot.
"""
