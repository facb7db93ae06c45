"""问题成申报 a question read as the filing that it asks about: who asks, what, of whom."""

from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from registry.actions.office import Desk
from registry.domain.authzen import Deed, Entity, Question
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.vocabulary import Gate, Kind

UNCLEAR = declare(
    "asking.unclear", RefusalKind.INVALID, "所问不明：{path}（{reason_zh}）",
    "The question is not clear: {path} ({reason}).",
)  # fmt: skip

ORGANISATION, PERSON, FILING, AREA = "organisation", "person", "filing", "area"
"""Types of those who ask (单位、人员) and of what is asked about (事项、区划)."""
_OWN = frozenset({"kind", "applicants"})
"""Fields of a filing that the subject and the action tell."""


def unclear(path: str, zh: str, en: str) -> Refusal:
    """``asking.unclear``: what of the question cannot be read, and why."""
    return Refusal(UNCLEAR, path=path, reason_zh=zh, reason=en)


def filing_of(desk: Desk, question: Question) -> Filing:
    """The filing that a question asks about.

    Raises:
        Refusal: ``asking.unclear``.
    """
    said = _said(question.resource)
    raw = {name: value for name, value in said.items() if name not in _OWN}
    raw["kind"] = _kind(question.action, said)
    raw["applicants"] = _applicants(_organisation(desk, question.subject), said)
    try:
        made: Filing = msgspec.convert(known(raw, form()), Filing)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at ")
        raise unclear(path.strip("`") or "$", "内容缺少或不合", reason) from error
    return made


def known(value: Any, kind: inspect.Type) -> Any:
    """A value without what its form does not know."""
    if isinstance(kind, inspect.Metadata):
        return known(value, kind.type)
    if isinstance(kind, inspect.UnionType):
        inner = [t for t in kind.types if isinstance(t, inspect.StructType)]
        return known(value, inner[0]) if inner else value
    if isinstance(kind, inspect.ListType) and isinstance(value, list):
        return [known(one, kind.item_type) for one in value]
    if isinstance(kind, inspect.StructType) and isinstance(value, dict):
        fields = {f.encode_name: f.type for f in kind.fields}
        return {name: known(value[name], fields[name]) for name in value if name in fields}
    return value


@cache
def form() -> inspect.Type:
    """What a filing is made of."""
    return inspect.type_info(Filing)


def _said(resource: Entity) -> dict[str, Any]:
    """What is said of the matter: the place asked about is its target, its own name its title."""
    said = dict(resource.properties or {})
    if resource.type == AREA:
        return said | {"targets": [resource.id]}
    if resource.type == FILING:
        return {"title": resource.id} | said
    raise unclear("resource.type", f"应为 {FILING}、{AREA}", f"it is {FILING} or {AREA}")


def _kind(action: Deed, said: dict[str, Any]) -> str:
    """What kind of matter: the action names it, or, where it names the gate, the matter says."""
    if action.name in set(Kind):
        return action.name
    named = (action.properties or {}).get("kind", said.get("kind"))
    if action.name == Gate.FILE and named in set(Kind):
        return str(named)
    raise unclear("action.name", "应为事项类别的代码", "it is the code of a kind of matter")


def _applicants(leading: str, said: dict[str, Any]) -> Any:
    """Those who ask: where the matter names them, the one that asks must lead them."""
    named = said.get("applicants")
    if named is None:
        return [{"organisation_id": leading, "leading": True}]
    return named


def _organisation(desk: Desk, subject: Entity) -> str:
    """The body for which is asked: of a person, the one named, or where the asking person works."""
    if subject.type == ORGANISATION:
        return subject.id
    if subject.type != PERSON:
        told = f"{ORGANISATION}、{PERSON}"
        raise unclear("subject.type", f"应为 {told}", f"it is {ORGANISATION} or {PERSON}")
    named = (subject.properties or {}).get("organisation_id")
    if isinstance(named, str):
        return named
    if subject.id != desk.actor.person_id or not desk.actor.posts:
        raise unclear(
            "subject.properties.organisation_id", "须写明所在单位", "name the body they act for"
        )
    return desk.actor.posts[0].organisation_id
