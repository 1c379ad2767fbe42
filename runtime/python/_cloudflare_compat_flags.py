"""The Worker's compatibility flags, for the platform's SDK for Python."""


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    from js import Cloudflare

    return bool(getattr(Cloudflare.compatibilityFlags, name, False))
