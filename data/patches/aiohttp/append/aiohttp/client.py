if sys.platform == "emscripten":
    from ._fetch.options import checks_websocket

    ClientSession._ws_connect = checks_websocket(ClientSession._ws_connect)
