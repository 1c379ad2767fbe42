import application
import asgi
from workers import WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        name = request.url.split("/", 4)[3]
        return await asgi.fetch(application.LIFESPANS.get(name, application.app), request, self.env)
