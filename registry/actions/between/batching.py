"""批量备案 listed and exempt matters, many at once: each one an act of its own, as if done singly.

What needs a person's judgement is not decided by the dozen: only cases whose outcome is listed or
exempt pass, and one that is refused stops none of the others.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Annotated, Any, Literal

import msgspec

from registry.actions.approving import DecideCommand, accept, approve
from registry.actions.office import Answer, Call, Desk, Office, fingerprint
from registry.domain.approval import Decision
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import Ident, Text, Wire
from registry.domain.request import Request, State
from registry.domain.vocabulary import Outcome

NOT_LISTED = declare(
    "batch.not_listed", RefusalKind.INVALID, "本件不是清单内或法定豁免事项，须逐件审批",
    "This case is neither listed nor exempt: it is decided by itself.", recorded=True,
)  # fmt: skip

FILED = frozenset({Outcome.LISTED, Outcome.EXEMPT})


class BatchItem(Wire, frozen=True, kw_only=True):
    """一件: the case, and the version the person saw."""

    request_id: Ident
    version: Annotated[int, msgspec.Meta(ge=1)]


class BatchCommand(Wire, frozen=True, kw_only=True):
    """批量办理."""

    items: Annotated[list[BatchItem], msgspec.Meta(min_length=1, max_length=500)]
    act: Literal["approve"] = "approve"
    reason: Text = ""


class BatchResult(Wire, frozen=True, kw_only=True):
    """一件的结果: its new state, or why it was refused."""

    request_id: str
    ok: bool
    state: State | None = None
    decision_id: str | None = None
    number: str = ""
    """文号 of the decision that was issued."""
    code: str = ""
    detail: str = ""
    detail_en: str = ""


class Filed(Wire, frozen=True, kw_only=True):
    """备案结果 of one item, as it is kept for a retry."""

    state: State
    decision_id: str | None = None
    number: str = ""


class BatchView(Wire, frozen=True, kw_only=True):
    """批量办理结果, in the order of the items."""

    results: list[BatchResult]
    done: int
    refused: int


def begin(office: Office, call: Call, command: BatchCommand) -> list["Future[Answer]"]:
    """Queue every item as an act of its own; under the key of the whole each has its own."""
    return [office.submit(_call(call, command, n), _verb(command, n))
            for n in range(len(command.items))]  # fmt: skip


def _call(call: Call, command: BatchCommand, n: int) -> Call:
    if call.key is None:
        return call
    mark = fingerprint(call.act, call.county, command.items[n], command.reason)
    return msgspec.structs.replace(call, key=f"{call.key}#{n}", fingerprint=mark)


def _verb(command: BatchCommand, n: int) -> Any:
    item, words = command.items[n], DecideCommand(reason=command.reason)
    return lambda desk: file(desk, item, words)


def file(desk: Desk, item: BatchItem, command: DecideCommand) -> Answer:
    """备案: accepted, where it is not yet, and approved, in one act."""
    request = desk.unit.get(Request, item.request_id, lock=True)
    desk.about(request)
    if request.outcome not in FILED or request.insisted:
        raise Refusal(NOT_LISTED, request_id=request.id)
    version: int | None = item.version
    if request.state is State.SUBMITTED:
        version = accept(desk, request.id, version).version
    return _filed(desk, approve(desk, request.id, version, command))


def _filed(desk: Desk, answer: Answer) -> Answer:
    held: Request = answer.body.request
    issued = desk.unit.maybe(Decision, held.decision_id) if held.decision_id else None
    number = issued.number if issued else ""
    filed = Filed(state=held.state, decision_id=held.decision_id, number=number)
    return Answer(body=filed, version=answer.version)


def told(command: BatchCommand, ended: Sequence[Answer | Refusal]) -> BatchView:
    """What came of each item."""
    results = [_result(i.request_id, e) for i, e in zip(command.items, ended, strict=True)]
    done = sum(r.ok for r in results)
    return BatchView(results=results, done=done, refused=len(results) - done)


def _result(request_id: str, ended: Answer | Refusal) -> BatchResult:
    if isinstance(ended, Refusal):
        return BatchResult(request_id=request_id, ok=False, code=ended.code,
                           detail=ended.detail, detail_en=ended.detail_en)  # fmt: skip
    filed = ended.body if isinstance(ended.body, Filed) else msgspec.convert(ended.body, Filed)
    return BatchResult(request_id=request_id, ok=True, state=filed.state,
                       decision_id=filed.decision_id, number=filed.number)  # fmt: skip
