"""What events share, with nothing but asyncio; and work that a client leaves."""

import asyncio
import gc
import inspect
from contextlib import suppress
from types import BuiltinMethodType, MethodType

import js
from pyodide import ffi

#: How many requests of a kind there are at once.
MANY = 200

lock = asyncio.Lock()
semaphore = asyncio.Semaphore(5)
condition = asyncio.Condition()
barrier = asyncio.Barrier(MANY)
queue = asyncio.Queue()
everyone = asyncio.Event()
futures = {}
waiting = 0
inside = 0
jobs = asyncio.Queue()
room = []
state = {"most": 0, "begun": 0, "cancelled": 0, "ended": 0, "told": 0, "chained": 0, "shipped": 0}


async def enter(gate):
    global inside
    async with gate:
        inside += 1
        state["most"] = max(state["most"], inside)
        await asyncio.sleep(0.001)
        inside -= 1


async def through_lock(number):
    await enter(lock)


async def through_semaphore(number):
    await enter(semaphore)


async def with_future(number):
    """Each even number waits for the next odd one."""
    future = futures.setdefault(number // 2, asyncio.get_running_loop().create_future())
    if number % 2:
        future.set_result(number // 2)
    elif await future != number // 2:
        raise ValueError(number)


async def with_queue(number):
    """The first half gets what the second half puts."""
    if number < MANY / 2:
        await queue.get()
    else:
        queue.put_nowait(number)


async def with_event(number):
    """All wait for the last one, which sees that they do. It never waits for anything but its turn."""
    global waiting
    if number < MANY - 1:
        waiting += 1
        await everyone.wait()
    else:
        while waiting < MANY - 1:
            await asyncio.sleep(0)
        everyone.set()


async def with_condition(number):
    global waiting
    async with condition:
        waiting += 1
        condition.notify_all()
        await condition.wait_for(lambda: waiting >= 2 * MANY - 1)


async def at_barrier(number):
    await barrier.wait()


async def in_group(number):
    """Tasks of one request, each in turn with those of all others; and a task that fails cancels its neighbour."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(enter(semaphore)) for _ in range(3)]
    assert all(task.done() for task in tasks)
    try:
        async with asyncio.timeout(30), asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(3600))
            group.create_task(fail())
    except* ZeroDivisionError:
        pass


async def fail():
    await asyncio.sleep(0)
    1 / 0


async def left_behind(number):
    """A task that the handler does not wait for."""
    asyncio.get_running_loop().create_task(enter(lock))


async def promised(number):
    """Stops waiting for a promise that nothing settles."""
    with suppress(TimeoutError):
        await asyncio.wait_for(js.scheduler.wait(3_600_000), 0.001)


async def in_turn(number):
    """Callbacks that belong to no task, and go on after the handler has returned."""
    call_in_turn(5)


async def in_other_loop(number):
    """As in a thread. Without stack switching, Pyodide returns what there is to wait for."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    await waited(loop.run_until_complete(enter(lock)))
    loop.close()
    with asyncio.Runner() as runner:
        await waited(runner.run(enter(lock)))
    assert asyncio.get_running_loop() is not loop


async def waited(result):
    if inspect.isawaitable(result):
        await result


async def with_generator(number):
    """One that is left is closed, and waits meanwhile."""
    closed = asyncio.Event()

    async def generate():
        try:
            yield number
        finally:
            await asyncio.sleep(0)
            closed.set()

    async for _ in generate():
        break
    async with asyncio.timeout(30):
        await closed.wait()


def call_in_turn(count):
    if count:
        asyncio.get_running_loop().call_soon(call_in_turn, count - 1)
    else:
        state["chained"] += 1


KINDS = {
    function.__name__: function
    for function in (
        through_lock, through_semaphore, with_future, with_queue, with_event, with_condition, at_barrier, in_group,
        left_behind, promised, in_turn, in_other_loop, with_generator,
    )
}


async def stuck():
    """Holds the lock, or waits for it, until it is cancelled, and waits again to clean up."""
    state["begun"] += 1
    try:
        async with lock:
            await asyncio.sleep(3600)
    except asyncio.CancelledError:
        state["cancelled"] += 1
        raise
    finally:
        await asyncio.sleep(0.001)
        state["ended"] += 1


def shown():
    gc.collect()
    methods = [thing for thing in gc.get_objects() if isinstance(thing, (BuiltinMethodType, MethodType))]
    # Callbacks that promises hold.
    promised = sum(method.__name__ == "set_result" for method in methods)
    # Without the one that asks.
    tasks = len(asyncio.all_tasks()) - 1
    return {**state, "inside": inside, "locked": lock.locked(), "tasks": tasks, "promised": promised}


async def ship():
    """Takes what requests leave to it, and asks the platform for something, or sleeps: on a switched stack, too."""
    while True:
        job = await jobs.get()
        if job == "sleeps":
            await asyncio.sleep(0.1)
        elif job == "waits_on_stack":
            ffi.run_sync(asyncio.sleep(0.1))
        if job != "ships":
            state[job] = True
            continue
        await js.scheduler.wait(10)
        await js.scheduler.wait(10)
        state["shipped"] += 1


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        shipping = asyncio.create_task(ship())
        await receive()
        state["starts"] = state.get("starts", 0) + 1
        await asyncio.sleep(0.5)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        shipping.cancel()
        return
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        room.append(send)
        while (message := await receive())["type"] == "websocket.receive":
            name, number = message["text"].split("/")
            if name != "to_all":
                await (stuck() if name == "stuck" else KINDS[name](int(number)))
            for one in room if name == "to_all" else [send]:
                await one({"type": "websocket.send", "text": number})
        return
    name = scope["path"].split("/")[2]
    is_job = name in ("ships", "sleeps", "waits_on_stack")
    if is_job:
        jobs.put_nowait(name)
    if name == "answers" or is_job:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})
        return
    if name == "streams":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
    if name in ("waits", "streams"):
        await stuck()
    await receive()
    state["begun"] += 1
    if name in ("listens", "ignores"):
        message = await receive()
    while name == "polls" and not (message := now(receive())):
        await asyncio.sleep(0.01)
    assert message["type"] == "http.disconnect"
    state["told"] += 1
    if name == "ignores":
        await stuck()
    try:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"nobody reads it"})
    except OSError:
        state["ended"] += 1


def now(coroutine):
    """What a coroutine returns without waiting, as Starlette's `is_disconnected` asks; None if it would wait."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    coroutine.close()
