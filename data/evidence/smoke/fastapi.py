import asyncio
from fastapi import FastAPI
sent, app = [], FastAPI(routes=[], openapi_url="/openapi.json")
await app({"type": "http", "method": "GET", "path": "/openapi.json", "headers": [], "query_string": b""}, None, lambda event: asyncio.sleep(0, sent.append(event)))
assert sent[0]["status"] == 200 and b'"paths":{}' in sent[1]["body"], sent
