"""对照站点 django-viewflow over HTTP on a PostgreSQL database; a separate program, for the bench only.

``prepare N`` lays out the tables and begins N processes, printing their ids; as a WSGI module it
serves ``/act/<process>/<step>`` and ``/readyz``. Who asks is told by a header: sessions and forms
are left out, in its favour.
"""

import json
import os
import sys
from collections.abc import Callable

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse

settings.configure(
    ROOT_URLCONF="viewflow_site", SECRET_KEY="bench", USE_TZ=True, ALLOWED_HOSTS=["*"],
    MIDDLEWARE=["viewflow_site.named"], DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth", "django.contrib.contenttypes", "viewflow", "viewflow.workflow",
        "approval",
    ],
    DATABASES={"default": {
        "ENGINE": "django.db.backends.postgresql", "NAME": os.environ["PEER_DB"],
        "USER": os.environ["PEER_USER"], "HOST": os.environ["PEER_HOST"],
        "PORT": os.environ.get("PEER_PORT", ""), "CONN_MAX_AGE": None,
    }},
)  # fmt: skip
django.setup()

from approval.flows import ThreeSteps, act  # noqa: E402
from django.contrib.auth.models import AnonymousUser, User  # noqa: E402
from django.urls import path  # noqa: E402

Answer = Callable[[HttpRequest], HttpResponse]
_known: dict[str, User] = {}


def named(answer: Answer) -> Answer:
    """Who asks, by a header; looked up once."""

    def asked(request: HttpRequest) -> HttpResponse:
        name = request.headers.get("x-user", "")
        if name and name not in _known:
            _known[name] = User.objects.get(username=name)
        request.user = _known.get(name, AnonymousUser())
        told = answer(request)
        told["content-length"] = str(len(told.content))
        return told

    return asked


def ready(_request: HttpRequest) -> HttpResponse:
    """Up."""
    return HttpResponse("ok")


urlpatterns = [path("readyz", ready), path("act/<int:process>/<str:step>", act)]


def prepare(count: int) -> None:
    """Tables, two people, and ``count`` processes whose first task waits."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for name in ("clerk", "head"):
        User.objects.get_or_create(username=name)
    made = [ThreeSteps.start.run().process.pk for _ in range(count)]
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    # Django knows this module by its name; run by itself it would be configured twice.
    prepare(int(sys.argv[2]))
else:
    application = get_wsgi_application()
