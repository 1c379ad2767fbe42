import json as _json

from _pinwheel.values import kind_of, none_of

from ._body import Body, to_body, to_lines, to_pairs


class _Json:
    """`Response.json(data)` makes a response, and `await response.json()` reads one."""

    def __get__(self, instance, owner):
        return owner.from_json if instance is None else Body.json.__get__(instance)


class Response(Body):
    """A response: one to return, or one that `fetch` received."""

    json = _Json()

    def __init__(self, body=None, status=None, status_text=None, headers=None, web_socket=None):
        if kind_of(body) == "Response":
            if not (status is status_text is headers is web_socket is None):
                raise ValueError("JavaScript's Response has a status and headers of its own")
            self.js_object = body
            return
        if web_socket is not None:
            self.js_object = _with_socket(web_socket, headers)
            return
        import _pinwheel_bridge

        lines = to_lines(headers)
        status = 200 if status is None else int(status)
        self.js_object = _pinwheel_bridge.respond(status, status_text, lines, to_body(body))

    @classmethod
    def of(cls, js_object):
        """Wraps JavaScript's `Response`."""
        response = cls.__new__(cls)
        response.js_object = js_object
        return response

    @staticmethod
    def from_json(data, status=200, status_text=None, headers=None):
        """A response with `data` as JSON. `data` may contain JavaScript objects."""
        lines = to_lines(headers)
        names = [name.lower() for name in lines.split("\n")[::2]]
        if "content-type" not in names:
            lines = f"{lines}\ncontent-type\napplication/json" if lines else "content-type\napplication/json"
        import _pinwheel_bridge

        text = _json.dumps(data, default=_plain, ensure_ascii=False, separators=(",", ":"))
        # Half of a surrogate pair, which UTF-8 cannot have, is escaped, as by JavaScript.
        body = text.encode(errors="backslashreplace").decode()
        return Response.of(_pinwheel_bridge.respond(int(status), status_text, lines, body))

    @staticmethod
    def redirect(url, status=302):
        return Response("", status=status, headers={"location": str(url)})

    @property
    def status(self):
        return self.js_object.status

    def clone(self):
        return Response.of(self.js_object.clone())

    def replace_body(self, body):
        """A response with this status and these headers, and another body."""
        from js import Response as JsResponse

        return Response.of(JsResponse.new(to_body(body), self.js_object))

    def __repr__(self):
        return f"Response(status={self.status})"


def _plain(value):
    from pyodide.ffi import JsProxy

    if none_of(value) is None:
        return None
    if isinstance(value, JsProxy):
        from js import JSON

        if (text := JSON.stringify(value)) is not None:
            return _json.loads(text)
        raise TypeError(
            f"a {value.typeof} of JavaScript is not JSON serializable: pass what it returns, or leave it out"
        )
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _with_socket(web_socket, headers):
    from js import Object, Response as JsResponse
    from pyodide.ffi import to_js

    init = [["status", 101], ["webSocket", web_socket], ["headers", to_js(to_pairs(headers))]]
    return JsResponse.new(None, Object.fromEntries(to_js(init)))
