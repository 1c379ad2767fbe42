"""`workers.wsgi` by its own name, which a module of the project may take."""

from workers.wsgi import fetch

__all__ = ["fetch"]
