from starlette.responses import JSONResponse
assert JSONResponse({"a": 1}).body == b'{"a":1}'
