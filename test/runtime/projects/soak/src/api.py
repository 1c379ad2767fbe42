import asyncio

import asgi
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, StreamingResponse
from held import endless, held, late, stuck, work
from pydantic import BaseModel
from pyodide.ffi import run_sync
from workers import WorkerEntrypoint

app = FastAPI()


class Item(BaseModel):
    name: str
    price: float
    tags: list[str] = []


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await asgi.fetch(app, request.js_object, self.env)


@app.get("/")
async def root():
    return {"message": "Hello"}


@app.get("/held")
async def measure():
    return PlainTextResponse(held())


@app.post("/items")
async def create(item: Item):
    return item


@app.get("/waits")
def waits():
    run_sync(asyncio.sleep(0.001))
    return {"message": "Hello"}


@app.get("/late")
async def gives_up():
    await late()
    return {"message": "Hello"}


@app.get("/fails")
async def fails():
    raise ValueError


@app.get("/parts")
async def parts():
    async def generate():
        for number in range(3):
            yield f"part {number}\n"
            await asyncio.sleep(0)

    return StreamingResponse(generate(), media_type="text/plain")


@app.get("/stuck")
async def stick():
    await stuck()


@app.get("/polls")
async def polls(request: Request):
    await request.is_disconnected()
    with work():
        while not await request.is_disconnected():
            await asyncio.sleep(0.001)


app.mount("/left", endless)
