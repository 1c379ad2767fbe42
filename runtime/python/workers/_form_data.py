"""The fields of a form."""

from collections.abc import MutableMapping

from _pinwheel.values import from_js


class FormData(MutableMapping):
    """
    JavaScript's `FormData`: names, which may repeat, with text or files. As a mapping, it has the first value of each
    name.
    """

    def __init__(self, form_data=None):
        """`form_data` is a mapping, or JavaScript's `FormData`."""
        from js import FormData as JsFormData
        from pyodide.ffi import JsProxy

        if isinstance(form_data, JsProxy):
            self.js_object = form_data
            return
        self.js_object = JsFormData.new()
        for key, value in (form_data or {}).items():
            self.append(key, value)

    def __getitem__(self, key):
        if not self.js_object.has(key):
            raise KeyError(key)
        return from_js(self.js_object.get(key))

    def __setitem__(self, key, value):
        self.js_object.set(key, _to_js(value))

    def __delitem__(self, key):
        if key not in self:
            raise KeyError(key)
        self.js_object.delete(key)

    def __contains__(self, key):
        return isinstance(key, str) and self.js_object.has(key)

    def __iter__(self):
        return iter(dict.fromkeys(self.js_object.keys()))

    def __len__(self):
        return len(set(self.js_object.keys()))

    def items(self):
        """All names and values, in their order."""
        return [(key, from_js(value)) for key, value in self.js_object.entries()]

    def keys(self):
        """The names of all values, in their order."""
        return list(self.js_object.keys())

    def values(self):
        return [from_js(value) for value in self.js_object.values()]

    def append(self, key, value, filename=None):
        names = [] if filename is None else [filename]
        self.js_object.append(key, _to_js(value), *names)

    def delete(self, key):
        self.js_object.delete(key)

    def get_all(self, key):
        return [from_js(value) for value in self.js_object.getAll(key)]

    getAll = get_all

    def has(self, key):
        return key in self

    def __repr__(self):
        return f"FormData({self.items()!r})"


def _to_js(value):
    found = getattr(value, "js_object", value)
    if isinstance(value, (list, tuple, dict)) or value is None:
        raise TypeError(f"a field of a form is text or a Blob, not {type(value).__name__}: call append for each value")
    return found if isinstance(found, str) or hasattr(found, "js_id") else str(found)
