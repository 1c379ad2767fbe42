from urllib.parse import urlsplit

import drawing
from workers import Response, WorkerEntrypoint

PNG = {"content-type": "image/png"}


class Default(WorkerEntrypoint):
    """GET /gradient is drawn by Pillow, GET /plot by matplotlib."""

    async def fetch(self, request):
        path = urlsplit(request.url).path
        if path == "/gradient":
            return Response(drawing.gradient(256, 64), headers=PNG)
        if path == "/plot":
            return Response(drawing.plot(), headers=PNG)
        return Response("There are /gradient and /plot.", status=404)
