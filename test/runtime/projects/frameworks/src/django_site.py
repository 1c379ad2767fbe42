"""Django without files of its own: views with the ORM, on SQLite, by ASGI and by WSGI."""

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="of a test",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.contenttypes"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/tmp/site.sqlite3"}},
    USE_TZ=False,
)
django.setup()

from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.core.exceptions import SynchronousOnlyOperation  # noqa: E402
from django.core.handlers.asgi import ASGIHandler  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402


def count():
    if "django_content_type" not in django.db.connection.introspection.table_names():
        call_command("migrate", verbosity=0)
    ContentType.objects.get_or_create(app_label="a", model="b")
    return ContentType.objects.filter(app_label="a").count()


def sync_view(request):
    return HttpResponse(f"sync {count()}")


async def async_view(request):
    try:
        return HttpResponse(f"async {count()}")
    except SynchronousOnlyOperation:
        found = await ContentType.objects.filter(app_label="a").acount()
        return HttpResponse(f"rejected, and awaited {found}")


urlpatterns = [
    path("django/sync", sync_view),
    path("django/async", async_view),
    path("wsgi-django/sync", sync_view),
]
asgi_app = ASGIHandler()
wsgi_app = WSGIHandler()
