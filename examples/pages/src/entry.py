from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader
from workers import Response, WorkerEntrypoint

# Compiled while the Worker is built: the snapshot holds the compiled template.
pages = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
index = pages.get_template("index.html")


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        query = parse_qs(urlsplit(request.url).query)
        page = index.render(name=query.get("name", ["world"])[0], items=query.get("item", []))
        return Response(page, headers={"content-type": "text/html; charset=utf-8"})
