import asyncio

import asgi
import jinja2
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from workers import WorkerEntrypoint

app = FastAPI()
greeting = jinja2.Environment().from_string("Hello, {{ name }}!")


class Item(BaseModel):
    name: str
    price: float
    tags: list[str] = []


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await asgi.fetch(app, request.js_object, self.env)


@app.get("/")
async def root():
    return {"message": "Hello from FastAPI"}


@app.get("/hi/{name}")
async def hi(name: str):
    return {"message": greeting.render(name=name)}


@app.get("/env")
async def env(request: Request):
    return {"message": request.scope["env"].MESSAGE}


@app.get("/sync")
def sync():
    return {"message": "A function that frameworks send to a thread"}


@app.post("/items")
async def create(item: Item):
    return item


@app.get("/parts")
async def parts():
    async def generate():
        for number in range(5):
            yield f"part {number}\n"
            await asyncio.sleep(0.02)

    return StreamingResponse(generate(), media_type="text/plain")
