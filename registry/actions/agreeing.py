"""签约 one versioned agreement per request, signed per community by the people P31 and P37 say."""

from registry.actions import evidence
from registry.actions.doubting import keeping
from registry.actions.entering import sharing
from registry.actions.filing import owners
from registry.actions.granting import admitted
from registry.actions.judging import pass_gate
from registry.actions.office import HIDDEN, Answer, Desk
from registry.actions.presences import move
from registry.actions.ties import Found, acting
from registry.domain.agreement import (
    Agreement,
    Side,
    Signature,
    SignCommand,
    Terms,
    TermsCommand,
)
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funding import paid_out
from registry.domain.people import PostView
from registry.domain.presence import MOVES, Presence, PresenceState
from registry.domain.request import Request, State
from registry.domain.vocabulary import Gate

NOT_APPROVED = declare(
    "agreement.not_approved", RefusalKind.CONFLICT, "尚未准予准入，不能签订协议",
    "Nothing is agreed before it is admitted.", recorded=True,
)  # fmt: skip
ONE_TEXT = declare(
    "agreement.exists", RefusalKind.CONFLICT, "该申请已有协议文本 {agreement}，请修订",
    "The request has an agreement {agreement} already; amend it.", recorded=True,
)  # fmt: skip
EVIDENCE = declare(
    "signature.evidence", RefusalKind.INVALID, "纸质签署须上传扫描件并写明原件存放处",
    "A paper signature needs its scan and where the original lies.", recorded=True,
)  # fmt: skip
NO_SEAL = declare(
    "signature.no_gateway", RefusalKind.INVALID, "尚未接通官方电子印章平台，请用纸质签署",
    "No official seal platform is connected; sign on paper.", recorded=True,
)  # fmt: skip
SIGNED = declare(
    "signature.twice", RefusalKind.CONFLICT, "本方已签署", "This side has signed already.",
    recorded=True,
)  # fmt: skip
RUNNING = declare(
    "agreement.running", RefusalKind.CONFLICT, "事项已启动，协议须经变更程序修改",
    "Work has begun: the text changes only by the change procedure.", recorded=True,
)  # fmt: skip


def offer(desk: Desk, command: TermsCommand) -> Answer:
    """拟订协议文本, by the asking side after approval."""
    request = desk.unit.get(Request, command.request_id, lock=True)
    desk.about(request)
    desk.authorise("agreement.offer", owners=owners(request))
    if request.state is not State.APPROVED:
        raise Refusal(NOT_APPROVED)
    if held := desk.unit.find(Agreement, request_id=request.id):
        raise Refusal(ONE_TEXT, agreement=held[0].id)
    agreement = desk.unit.add(
        Agreement(
            county=desk.unit.county,
            id=desk.id("agr"),
            request_id=request.id,
            terms=_terms(desk, request, command),
            drafted_by=desk.actor.person_id,
        )
    )
    desk.about(agreement)
    return Answer(body=agreement, version=agreement.version)


def amend(desk: Desk, id: str, version: int | None, command: TermsCommand) -> Answer:
    """修订文本: a new edition; every signature on the old one lapses."""
    agreement = desk.unit.get(Agreement, id, lock=True)
    desk.about(agreement)
    request = desk.unit.get(Request, agreement.request_id)
    desk.authorise("agreement.offer", owners=owners(request))
    desk.check_version(agreement, version)
    for presence in sharing(desk.unit.find(Presence, request_id=request.id)):
        if presence.state not in (PresenceState.PLANNED, PresenceState.AGREED):
            raise Refusal(RUNNING)
        if presence.state is PresenceState.AGREED:
            desk.unit.change(presence, state=move(presence, "lapse"))
    changed = desk.unit.change(
        agreement, edition=agreement.edition + 1, terms=_terms(desk, request, command)
    )
    desk.about(changed)
    return Answer(body=changed, version=changed.version)


def _terms(desk: Desk, request: Request, command: TermsCommand) -> Terms:
    filing = admitted(desk, request)
    return Terms(
        task=filing.content, responsibility=command.responsibility, standard=filing.standard,
        acceptance=command.acceptance, starts_on=filing.starts_on,
        ends_on=filing.ends_on, money_fen=paid_out(filing.funding),
        powers=[power.scope for power in filing.powers], exit_terms=command.exit_terms,
    )  # fmt: skip


def sign(desk: Desk, id: str, version: int | None, command: SignCommand) -> Answer:
    """签署: the department for all its communities, each community for itself."""
    agreement = desk.unit.get(Agreement, id, lock=True)
    desk.about(agreement)
    request = desk.unit.get(Request, agreement.request_id)
    presences = sharing(desk.unit.find(Presence, request_id=request.id))
    if command.presence_id is not None:
        presences = [p for p in presences if p.id == command.presence_id]
    places = [p.organisation_id for p in presences]
    post = desk.authorise(
        "agreement.sign", owners=[*owners(request), *places], ties=_signed(desk, agreement, request)
    )
    if request.state is not State.APPROVED:
        raise Refusal(NOT_APPROVED)
    desk.check_version(agreement, version)
    asking = post.organisation_id in owners(request)
    mine = presences if asking else [
        p for p in presences if p.organisation_id == post.organisation_id
    ]  # fmt: skip
    _check_evidence(desk, agreement, command)
    if not mine:
        raise Refusal(HIDDEN)
    for presence in mine:
        _put_signature(desk, (agreement, presence), post, command)
    changed = desk.unit.change(agreement)
    desk.about(changed)
    return Answer(body=changed, version=changed.version)


def _signed(desk: Desk, agreement: Agreement, request: Request) -> Found:
    """Nobody signs both sides of one text, by whatever posts or in whosever place."""
    given = [
        s for s in desk.unit.find(Signature, agreement_id=agreement.id)
        if s.edition == agreement.edition
    ]  # fmt: skip

    def found(post: PostView) -> list[str]:
        people, side = acting(desk, post), _side(request, post)
        across = [s for s in given if s.side is not side]
        return ["signed"] if any({s.person_id, s.on_behalf_of} & people for s in across) else []

    return found


def _side(request: Request, post: PostView) -> Side:
    return Side.DEPARTMENT if post.organisation_id in owners(request) else Side.COMMUNITY


def _check_evidence(desk: Desk, agreement: Agreement, command: SignCommand) -> None:
    if command.means == "electronic_seal":
        raise Refusal(NO_SEAL)
    if not command.document_id or not command.original_at.strip():
        raise Refusal(EVIDENCE)
    evidence.check(desk, [command.document_id], agreement.id, agreement.request_id)


def _put_signature(
    desk: Desk, text: tuple[Agreement, Presence], post: PostView, command: SignCommand
) -> None:
    agreement, presence = text
    request = desk.unit.get(Request, agreement.request_id)
    side = _side(request, post)
    signed = {
        s.side for s in desk.unit.find(Signature, presence_id=presence.id)
        if s.edition == agreement.edition
    }  # fmt: skip
    if side in signed:
        raise Refusal(SIGNED)
    if signed | {side} == set(Side):
        admitted = {"decision": "approved"}
        pass_gate(desk, Gate.SIGN, request, state=admitted, about=presence)
        _agree(desk, presence)
    desk.unit.add(
        Signature(
            county=desk.unit.county,
            id=desk.id("sig"),
            agreement_id=agreement.id,
            edition=agreement.edition,
            request_id=request.id,
            presence_id=presence.id,
            side=side,
            organisation_id=post.organisation_id,
            person_id=desk.actor.person_id,
            on_behalf_of=desk.on_behalf_of,
            post=post.role,
            authority=command.authority,
            means=command.means,
            document_id=command.document_id,
            original_at=command.original_at,
            signed_on=command.signed_on or desk.today,
            confirmed_at=desk.now,
        )
    )


def _agree(desk: Desk, presence: Presence) -> None:
    """Both sides have signed. Where the text was changed while work goes on, it simply goes on, and
    nobody need be told any more."""
    if presence.state not in MOVES["complete"]:
        desk.unit.change(presence, state=move(presence, "sign"))
        return
    keeping.close(desk, f"{presence.id}.agreement")
