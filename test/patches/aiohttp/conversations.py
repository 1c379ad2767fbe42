"""Conversations over WebSockets: the messages that are sent and received."""


LIMIT = 20  # seconds for a message


def shown(message):
    data = message.data
    size = len(data) if isinstance(data, (bytes, str)) else 0
    return [message.type.name, repr(data) if size <= 100 else size, message.extra]


async def listen(socket):
    """Yields all messages up to the end."""
    while True:
        message = await socket.receive(LIMIT)
        yield shown(message)
        if message.type.name in ("CLOSE", "CLOSED", "CLOSING", "ERROR"):
            return


async def talk(socket):
    await socket.send_str("Grüße")
    yield shown(await socket.receive(LIMIT))
    await socket.send_bytes(bytes(range(256)) * 300)
    yield shown(await socket.receive(LIMIT))
    await socket.send_json({"a": ["ü", None]})
    yield [await socket.receive_json()]
    await socket.send_str("")
    yield shown(await socket.receive(LIMIT))
    await socket.close(code=4002, message=b"enough")
    yield shown(await socket.receive(LIMIT))


async def say_one_thing(socket):
    await socket.send_str("hear me")
    async for item in listen(socket):
        yield item


async def iterate(socket):
    async for message in socket:
        yield shown(message)


async def hear_two(socket):
    yield shown(await socket.receive(LIMIT))
    yield shown(await socket.receive(LIMIT))


async def hear_one(socket):
    yield shown(await socket.receive(LIMIT))


async def hang_up(socket):
    yield [await socket.close()]


# Path, arguments of `ws_connect`, and the steps.
conversations = [
    ("/ws/echo", {}, talk),
    ("/ws/echo?x=%20ü", {"params": {"q": "a b"}}, talk),
    ("/ws/echo", {"protocols": ["unknown", "superchat", "chat"]}, hang_up),
    ("/ws/echo?unknown", {"protocols": ["unknown"]}, hang_up),
    ("/ws/close/4001/a%20reason", {}, listen),
    ("/ws/close/1000", {}, listen),
    ("/ws/close", {}, listen),
    ("/ws/count/3", {}, iterate),
    ("/ws/large/200000", {}, hear_one),
    ("/ws/fragments", {}, hear_two),
    ("/ws/ping", {}, hear_one),
    ("/ws/drop", {}, say_one_thing),
    ("/ws/garbage", {}, listen),
    ("/ws/bad-text", {}, listen),
    ("/ws/refuse/403", {}, hang_up),
    ("/ws/refuse/200", {}, hang_up),
    ("/ws/redirect", {}, hang_up),
    ("/ws/wrong-accept", {}, hang_up),
    ("/ws/wrong-protocol", {"protocols": ["chat"]}, hang_up),
]
