import asgi
import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from workers import WorkerEntrypoint

settings.configure(
    ROOT_URLCONF="urls",
    ALLOWED_HOSTS=["*"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
)
application = get_asgi_application()


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await asgi.fetch(application, request.js_object, self.env)
