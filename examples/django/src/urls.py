from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.template import engines
from django.urls import path

greeting = engines["django"].from_string("<p>Hello, {{ name }}!</p>")


def greet(request, name):
    """A view that is a function: Django would send it to a thread."""
    return HttpResponse(greeting.render({"name": name}))


async def add(request):
    numbers = [int(one) for one in request.GET.getlist("number")]
    return JsonResponse({"sum": sum(numbers)})


async def count(request):
    async def parts():
        for number in range(3):
            yield f"{number}\n"

    return StreamingHttpResponse(parts(), content_type="text/plain")


urlpatterns = [path("greet/<name>", greet), path("add", add), path("count", count)]
