"""The module `wsgi`, under the name that the platform's SDK has for it."""

from wsgi import fetch

__all__ = ["fetch"]
