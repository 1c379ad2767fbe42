"""aiohttp's client over the host's `fetch` and `WebSocket`, for Python on Emscripten.

connector.py  the classes that take the places of upstream's connectors
options.py    what connectors and WebSockets are asked for that a host has no way to do
requests.py   where a request goes, and requests that fetch cannot send as they are meant
writer.py     what a request writes itself to, up to the call of fetch
upload.py     request bodies as streams
transport.py  one call of fetch, or one WebSocket, from its start to its end
protocol.py   upstream's protocol of a connection, which stands for one exchange
listener.py   what it hears of the transport, the WebSocket and the body
head.py       fetch's response as the message that upstream's parser makes
download.py   response bodies, chunk by chunk
websocket.py  the host's WebSocket; inbox.py what comes of it; websocket_writer.py what goes to it
errors.py     JavaScript's errors as aiohttp's
shared/       what any client has to know of fetch

The session stays upstream's: redirects, cookies, authentication, middlewares, traces; and so do the pool and its
limits. What fetch and the host's WebSocket force to be different:

- Connections are the host's. `limit` counts calls of fetch that have not ended. To upstream's eyes, each opens a
  connection and releases it, so that traces tell of no reuse and no look-up of names.
- Connecting and waiting for an answer are one. `total` and `sock_read` hold, and `connect` while the pool is
  waited for; beyond that, the host's own limit for connecting raises ConnectionTimeoutError. A warning tells once.
- fetch writes Host, Connection, Content-Length, Transfer-Encoding and the like itself, and may add headers. Those
  of a response it sorts, and joins where they are repeated, but for Set-Cookie. It tells neither the version of
  HTTP nor the chunks.
- Bodies that fetch has decoded come without the headers that no longer hold.
- Browsers answer redirects without status and Location: there, they are refused.
- Request bodies are streamed where the host can. Where it cannot, they are sent when they have ended; and as it does
  not tell when a large one is out, `sock_read` then starts with the answer.
- GET and HEAD have no body.
- Where a host does not say why it has no response, the error is a ClientConnectorError.
- Hosts ping and compress by themselves, close WebSockets with 1000 or 3000 to 4999 only, cannot hold messages back,
  and do not say why a WebSocket did not open. Browsers send no headers with it. In Workers, fetch opens it, which
  sends and tells all headers.

Nothing here holds a JavaScript object at module level, and importing it needs neither network, entropy, ssl nor
threads: it may be part of a memory snapshot.
"""
