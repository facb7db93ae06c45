"""岗位权限页 what each role may do, from the very table that access is judged by."""

from typing import Any

from registry.actions.office import HIDDEN, Office
from registry.api.serving import aside
from registry.domain.areas import Relation
from registry.domain.errors import Refusal
from registry.policies import apart
from registry.web.serving import PLAIN, Line, shown
from registry.web.tongue import Tongue
from registry.web.visit import Visit

READING = ".read"
REACHES = (Relation.OWN, Relation.BELOW, Relation.OTHER, Relation.PROJECT)


def called(tongue: Tongue, role: str) -> str:
    """What a role is called."""
    return tongue.role(role)


def named(visit: Visit) -> dict[str, str]:
    """Every role of the table by its name, in the order of the table."""
    return {role: called(visit.tongue, role) for role in visit.office.access.roles}


async def index(visit: Visit) -> Any:
    """``GET /admin/roles``."""
    return shown(visit, "admin/roles.html", roles=named(visit))


async def one(visit: Visit) -> Any:
    """``GET /admin/roles/{id}``: its acts, those that change something first."""
    if visit.id not in visit.office.access.roles:
        raise Refusal(HIDDEN)
    told = await aside(_acts, visit.office, visit.id)
    acts = [(visit.tongue.act_named(act), act, where) for act, where in told]
    return shown(
        visit, "admin/role.html", role=visit.id, name=called(visit.tongue, visit.id),
        doing=[a for a in acts if not a[1].endswith(READING)],
        reading=[a for a in acts if a[1].endswith(READING)], apart=apart.about(visit.id),
    )  # fmt: skip


def _acts(office: Office, role: str) -> list[tuple[str, list[Relation]]]:
    found = ((act, office.access.relations(role, act)) for act in office.access.acts)
    return [(act, [r for r in REACHES if r in where]) for act, where in found if where]


PAGES: list[Line] = [
    ("GET", "/admin/roles", index, PLAIN),
    ("GET", "/admin/roles/{id:str}", one, PLAIN),
]
