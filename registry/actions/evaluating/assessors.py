"""统一考评机构 the only body that may assess, as the pack names it."""

from registry.actions.office import Desk
from registry.actions.places import above
from registry.domain.people import Organisation
from registry.domain.wording import normalise


def assessors(desk: Desk) -> list[str]:
    """统一考评机构: the organisations that ``organised_by`` names, by a key of ``[bodies]`` or by
    their own name; where it names none that is known here, nobody."""
    rules = desk.rulebook()
    rule = rules.overlay.setting(lambda d: d.evaluation)
    if rule is None or not rule.organised_by:
        return []
    body = rules.overlay.setting(lambda d: d.bodies.get(rule.organised_by))
    if body is not None:
        return [one.id for one in desk.places.carrying(body.function)]
    name = normalise(rule.organised_by)
    return [
        one.id for county in above(desk.unit.county)
        for one in desk.unit.beside(county).find(Organisation)
        if one.in_force(desk.today) and normalise(one.name) == name
    ]  # fmt: skip
