from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def scheduled(self, controller, env, ctx):
        await self.env.KV.put("last", controller.cron)

    async def fetch(self, request):
        return Response(f"The last run was for {await self.env.KV.get('last')}.")
