from http import HTTPMethod
from urllib.parse import urlsplit

from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    """GET /quotes lists them, GET /quotes/ID reads one, POST /quotes adds one."""

    async def fetch(self, request):
        path = urlsplit(request.url).path.strip("/").split("/")
        if path[0] != "quotes":
            return Response.json({"error": "There are only /quotes."}, status=404)
        if request.method == HTTPMethod.POST:
            return await self.add(await request.json())
        if len(path) == 1:
            found = await self.env.DB.prepare("SELECT id, quote, author FROM quotes ORDER BY id").all()
            return Response.json(found.results)
        row = await self.env.DB.prepare("SELECT * FROM quotes WHERE id = ?").bind(path[1]).first()
        if not row:
            return Response.json({"error": "There is no such quote."}, status=404)
        return Response.json(row)

    async def add(self, quote):
        statement = self.env.DB.prepare("INSERT INTO quotes (quote, author) VALUES (?, ?) RETURNING id")
        row = await statement.bind(quote["quote"], quote["author"]).first()
        return Response.json({"id": row.id}, status=201)
