"""否定答复之后 how what was denied may be asked for: the draft Access Request and Approval Profile.

A denial carries a token that binds it to its question; whoever brings both back gets a draft of the
filing, which then goes the way of every other. The token keeps nothing here.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
import rfc8785

from registry.actions.asking_first.questions import filing_of
from registry.actions.filing import DraftCommand, draft
from registry.actions.office import Answer, Desk
from registry.actions.views import RequestView
from registry.domain.admission import Verdict
from registry.domain.authzen import AccessRequest, Handled, Question, TaskHandle, TaskStatus
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import SHANGHAI, Wire
from registry.domain.request import STATE_ZH, Request, State
from registry.domain.vocabulary import Outcome

UNBOUND = declare(
    "asking.denial_binding", RefusalKind.MALFORMED, "与所依据的否定答复不符，请重新询问",
    "This is not what was denied; ask again.",
)  # fmt: skip
EXPIRED = declare(
    "asking.denial_expired", RefusalKind.MALFORMED, "所依据的否定答复已过期，请重新询问",
    "The denial is no longer fresh; ask again.",
)  # fmt: skip

REQUESTS = "/access/v1/requests"
ACT = "request.draft"
STATUS = {
    State.APPROVED: TaskStatus.APPROVED,
    State.REJECTED: TaskStatus.DENIED,
    State.NOT_ACCEPTED: TaskStatus.DENIED,
    State.REVOKED: TaskStatus.DENIED,
    State.CLOSED: TaskStatus.CANCELLED,
    State.WITHDRAWN: TaskStatus.CANCELLED,
    State.TERMINATED: TaskStatus.CANCELLED,
}
"""What a request's state is called there; absent = pending. What is archived permits nothing."""
_HEAD = {"alg": "HS256", "typ": "JWT"}
_PARTS = 3


class Bound(Wire, frozen=True, kw_only=True):
    """What a token says (RFC 7519 names)."""

    iss: str
    aud: str
    iat: int
    exp: int
    jti: str
    evaluation_id: str
    binding_context_members: list[str]
    binding_hash: str


def requestable(verdict: Verdict) -> bool:
    """Whether a person may decide otherwise: not where the rule is absolute, or for nobody here."""
    return not verdict.absolute and verdict.outcome is not Outcome.OUT_OF_SCOPE


def asked_for(desk: Desk, question: Question, verdict: Verdict, base: str) -> dict[str, Any]:
    """How to ask for what was denied; nothing where nobody here could grant it.

    A verdict speaks of its day, so the hint stands until that day is over.
    """
    mark = _hash(question)
    if not requestable(verdict) or not mark:
        return {}
    ends = _end(desk.today)
    evaluation = desk.id("evl")
    bound = Bound(
        iss=base, aud=base, iat=int(desk.now.timestamp()), exp=int(ends.timestamp()),
        jti=evaluation, evaluation_id=evaluation, binding_context_members=[],
        binding_hash=mark,
    )  # fmt: skip
    return {
        "evaluation_id": evaluation,
        "access_request": {
            "endpoint": f"{base}{REQUESTS}",
            "template": ACT,
            "expires_at": ends.isoformat(),
            "binding_token": _signed(desk, bound),
            "display": {
                "title": "申报准入 Ask for admission",
                "description": "起草申请，由申请单位负责人签发提交，送准入审批。"
                " A draft is made; the head of the applicant signs and submits it.",
            },
        },
    }


def ask_for(desk: Desk, asked: AccessRequest, base: str) -> Answer:
    """起草所问事项的申请: what was denied, put down as a draft of whoever may draft it.

    Raises:
        Refusal: ``asking.denial_binding``, ``asking.denial_expired``, ``asking.unclear``.
    """
    check(desk, asked, base)
    view: RequestView = draft(desk, DraftCommand(filing=filing_of(desk, asked))).body
    return Answer(body=handled(view.request, base, desk.today))


def check(desk: Desk, asked: AccessRequest, base: str) -> Bound:
    """That a denial was told here, of this very question, and today.

    Raises:
        Refusal: ``asking.denial_binding``, ``asking.denial_expired``.
    """
    bound = _read(desk, asked.denial.binding_token)
    told = int(asked.denial.expires_at.timestamp())
    if (bound.aud, bound.exp, bound.binding_hash) != (base, told, _hash(asked)):
        raise Refusal(UNBOUND)
    if asked.denial.evaluation_id not in ("", bound.evaluation_id):
        raise Refusal(UNBOUND)
    if desk.now.timestamp() >= bound.exp:
        raise Refusal(EXPIRED)
    return bound


def handled(request: Request, base: str, today: date) -> Handled:
    """How far a request is, in the words of the profile; approved = ask again under it."""
    status = STATUS.get(request.state, TaskStatus.PENDING)
    approved = {"mode": "reevaluate", "approval": standing(request, today)}
    return Handled(
        task=TaskHandle(
            id=request.id, status=status, status_endpoint=f"{base}{REQUESTS}/{request.id}",
            links={"ticket": f"{base}/api/v1/requests/{request.id}"},
            display={"title": request.title, "description": STATE_ZH[request.state]},
        ),
        result=approved if status is TaskStatus.APPROVED else None,
    )  # fmt: skip


def standing(request: Request, today: date) -> dict[str, str]:
    """An approval as it is told: good for today, like a denial. Tomorrow this registry says again
    whether it stands, for it may be paused, left or annulled on any day."""
    return {"id": request.id, "approved_until": _end(today).isoformat()}


def _end(today: date) -> datetime:
    return datetime.combine(today + timedelta(days=1), time(), SHANGHAI)


def _hash(question: Question) -> str:
    """Digest of subject, resource and action as they were asked (profile, binding_hash); empty
    where they hold a number that has no canonical form."""
    named = {"subject": question.subject, "resource": question.resource,
             "action": question.action}  # fmt: skip
    try:
        octets = rfc8785.dumps({**msgspec.to_builtins(named), "context": {}})
    except rfc8785.CanonicalizationError:
        return ""
    return _text(hashlib.sha256(octets).digest())


def _signed(desk: Desk, bound: Bound) -> str:
    said = ".".join(_text(msgspec.json.encode(part)) for part in (_HEAD, bound))
    return f"{said}.{_text(_seal(desk, said))}"


def _read(desk: Desk, token: str) -> Bound:
    said, _, seal = token.rpartition(".")
    try:
        if not hmac.compare_digest(_octets(seal), _seal(desk, said)):
            raise Refusal(UNBOUND)
        return msgspec.json.decode(_octets(said.partition(".")[2]), type=Bound)
    except (msgspec.MsgspecError, Base64Error, ValueError) as error:
        raise Refusal(UNBOUND) from error


def _seal(desk: Desk, said: str) -> bytes:
    own = hmac.new(desk.office.secret.encode(), b"registry denial", hashlib.sha256).digest()
    return hmac.new(own, said.encode(), hashlib.sha256).digest()


def _text(octets: bytes) -> str:
    return urlsafe_b64encode(octets).decode().rstrip("=")


def _octets(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
