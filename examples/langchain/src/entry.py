import asgi
from fastapi import FastAPI, Request
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda
from pyodide.ffi import to_js
from workers import WorkerEntrypoint

app = FastAPI()
prompt = ChatPromptTemplate.from_messages([("system", "Answer in one sentence."), ("user", "{question}")])
ROLES = {"system": "system", "human": "user", "ai": "assistant"}


@app.get("/prompt")
async def show(question: str):
    """The messages that would be sent."""
    return [{"role": ROLES[one.type], "content": one.content} for one in prompt.format_messages(question=question)]


@app.get("/ask")
async def ask(question: str, request: Request):
    # What is JavaScript's is imported in a handler: no snapshot holds it.
    from js import Object

    async def model(value):
        messages = [{"role": ROLES[one.type], "content": one.content} for one in value.to_messages()]
        asked = to_js({"messages": messages}, dict_converter=Object.fromEntries)
        return (await request.scope["env"].AI.run("@cf/meta/llama-3.1-8b-instruct", asked)).response

    chain = prompt | RunnableLambda(model) | StrOutputParser()
    return {"answer": await chain.ainvoke({"question": question})}


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await asgi.fetch(app, request.js_object, self.env)
