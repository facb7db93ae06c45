"""视图 what an official is shown of a case: the record with what belongs beside it."""

from registry.actions.office import Desk
from registry.domain.records import Wire
from registry.domain.request import Request


class RequestView(Wire, frozen=True, kw_only=True):
    """申请及其子事项."""

    request: Request
    children: list[Request] = []


def view(desk: Desk, request: Request) -> RequestView:
    """The request with its children as they now stand."""
    children = desk.unit.find(Request, parent_id=request.id) if request.composite else []
    return RequestView(request=request, children=children)
