import sys

if sys.platform == "emscripten":
    # Frames are the host's matter here; and upstream's writer draws entropy as it is imported.
    from .._fetch import websocket_writer

    sys.modules[f"{__name__}.writer"] = websocket_writer
