"""路由 every path of the API, joined from its tables."""

from litestar.handlers import HTTPRouteHandler
from litestar.types import Method

from registry.actions.office import Office
from registry.api import (
    acting,
    acts,
    authzen,
    batches,
    documents,
    entrance,
    evaluations,
    explanations,
    exports,
    lists,
    log,
    openapi,
    packs,
    paper_forms,
    questions,
    residents,
    runs,
    verify_page,
    vouching,
    witness,
)
from registry.api.acts_sheets import SHEETS
from registry.api.entrance import API, About
from registry.api.meters import Meters
from registry.api.serving import COUNTY, Work, door
from registry.api.sheets import sheet_door

_NONE: frozenset[str] = frozenset()


def routes(office: Office, about: About, meters: Meters) -> list[HTTPRouteHandler]:
    """Every route handler."""
    return [
        *_entrance(office, about, meters),
        *_acts(office),
        *_lists(office),
        *_vouching(office, about),
        *log.doors(office, API),
        *witness.doors(office),
        *authzen.doors(office, about),
        *exports.doors(office, about, API),
    ]


def _entrance(office: Office, about: About, meters: Meters) -> list[HTTPRouteHandler]:
    told: tuple[tuple[Method, str | list[str], Work], ...] = (
        ("GET", API, entrance.index(about)),
        ("GET", [f"{API}/errors", "/errors"], entrance.errors),
        ("GET", "/healthz", entrance.health),
        ("GET", "/readyz", entrance.ready(office)),
        ("GET", "/metrics", entrance.metrics(meters)),
        ("GET", "/schema/openapi.json", openapi.serve(about)),
        ("POST", f"{API}/tokens", entrance.sign_in(office)),
        ("POST", f"{API}/me/password", entrance.change_password(office)),
        ("POST", f"{API}/me/tokens/end", entrance.end_token(office)),
    )
    return [door(office, method, path, work, parameters=_NONE) for method, path, work in told]


def _acts(office: Office) -> list[HTTPRouteHandler]:
    made = [
        door(office, act.method, _litestar(API + act.path), acting.work_of(office, act, API))
        for act in acts.ACTS
    ]
    made += [
        door(office, "POST", _litestar(API + act.path), acting.unrecorded(office, act))
        for act in acts.UNRECORDED
    ]
    made.append(door(office, "POST", API + batches.PATH, batches.begin(office)))
    made += residents.doors(office, API)
    made += evaluations.doors(office, API)
    made.append(
        door(office, "POST", f"{API}/documents", documents.attach(office, API),
             parameters=documents.ATTACH, limit=documents.LIMIT)
    )  # fmt: skip
    made += [sheet_door(office, sheet, API) for sheet in SHEETS]
    return made


def _lists(office: Office) -> list[HTTPRouteHandler]:
    made = []
    for resource in lists.RESOURCES.values():
        path = f"{API}/{resource.name}"
        made.append(
            door(office, "GET", path, lists.many(office, resource),
                 parameters=lists.parameters(resource))
        )  # fmt: skip
        made.append(
            door(office, "GET", path + "/{id:str}", lists.single(office, resource),
                 parameters=lists.ONE)
        )  # fmt: skip
    made += [
        door(office, "GET", f"{API}/{name}/{{id:str}}/explanation",
             explanations.explained(office, name))
        for name in explanations.PATHS
    ]  # fmt: skip
    made += [
        door(office, "GET", f"{API}/{path[0]}/{{id:str}}/{path[1]}",
             packs.work_of(office, path), parameters=told[1])
        for path, told in packs.PATHS.items()
    ]  # fmt: skip
    made += [
        door(office, "GET", _litestar(API + question.path), questions.answered(office, question),
             parameters=question.query)
        for question in questions.QUESTIONS
    ]  # fmt: skip
    made.append(door(office, "GET", _litestar(API + runs.ROWS), runs.rows(office)))
    made.append(
        door(office, "GET", f"{API}/documents/{{id:str}}/content", documents.content(office),
             parameters=COUNTY)
    )  # fmt: skip
    made.append(
        door(office, "GET", _litestar(API + paper_forms.ARCHIVE), paper_forms.archived(office))
    )
    return made


def _vouching(office: Office, about: About) -> list[HTTPRouteHandler]:
    pictures = [
        door(office, "GET", _litestar(f"{API}{vouching.QR}{form}"),
             vouching.qr(office, about, form))
        for form in vouching.FORMS
    ]  # fmt: skip
    return [
        *pictures,
        door(office, "GET", verify_page.PATH, vouching.page(office, about), parameters=_NONE),
        door(office, "GET", verify_page.STATUS, vouching.status(office)),
    ]


def _litestar(path: str) -> str:
    return path.replace("{id}", "{id:str}")
