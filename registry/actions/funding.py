"""拨付与到账 vouchers: recorded by one person, confirmed by another, never above what came before.

Dispatch and arrival are separate acts on separate vouchers with their own dates (C7, E6).
"""

from registry.actions import evidence
from registry.actions.entering import shares
from registry.actions.filing import owners
from registry.actions.judging import pass_gate
from registry.actions.office import FORBIDDEN, Answer, Desk
from registry.actions.ties import acting
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import (
    STAGES,
    Entry,
    Voucher,
    VoucherCommand,
    VoucherLine,
    VoucherStage,
    VoucherState,
    by_line,
    least,
    most,
)
from registry.domain.people import PostView
from registry.domain.presence import Presence
from registry.domain.records import Wire
from registry.domain.request import Request, State
from registry.domain.vocabulary import Gate

NOT_ADMITTED = declare(
    "voucher.not_admitted", RefusalKind.CONFLICT, "未经准入的事项不得有资金凭证",
    "What is not admitted gets no money entry.", recorded=True,
)  # fmt: skip
SUM = declare(
    "voucher.sum", RefusalKind.INVALID, "分录合计 {lines_fen} 分与凭证总额 {total_fen} 分不符",
    "The lines sum to {lines_fen} 分, the voucher says {total_fen} 分.", recorded=True,
)  # fmt: skip
FOREIGN_LINE = declare(
    "voucher.line", RefusalKind.INVALID, "分录 {presence}/{line} 不属于该申请",
    "Line {presence}/{line} does not belong to the request.", recorded=True,
)  # fmt: skip
EXCEEDS = declare(
    "voucher.exceeds", RefusalKind.INVALID,
    "{stage} 累计将达 {would_be_fen} 分，超过上一环节的 {limit_fen} 分",
    "{stage} would reach {would_be_fen} 分, more than the {limit_fen} 分 of the stage before.",
    recorded=True,
)  # fmt: skip
NUMBER = declare(
    "voucher.number", RefusalKind.CONFLICT, "凭证号 {number} 在该年度已用过",
    "Voucher number {number} is taken in that year.", recorded=True,
)  # fmt: skip
PAYER = declare(
    "voucher.payer", RefusalKind.INVALID, "该经费项的付款方是 {payer}",
    "That funding line is paid by {payer}.", recorded=True,
)  # fmt: skip
STAGE = declare(
    "voucher.stage", RefusalKind.INVALID, "该社区的资金管理模式没有「{stage}」环节",
    "Under that community's custody there is no stage {stage}.", recorded=True,
)  # fmt: skip
CONFIRMED = declare(
    "voucher.confirmed", RefusalKind.CONFLICT, "凭证已确认", "The voucher is confirmed already.",
    recorded=True,
)  # fmt: skip
NOT_ISSUER = declare(
    "voucher.not_issuer", RefusalKind.FORBIDDEN, "凭证 {voucher} 由别的单位开具，只能由开具单位冲销",
    "Voucher {voucher} was issued by another body; only that body reverses it.", recorded=True,
)  # fmt: skip
REVERSES = declare(
    "voucher.reverses", RefusalKind.INVALID, "冲销凭证须指明一张已确认的凭证且金额不超过它",
    "A reversal names a confirmed voucher and takes back no more than it held.", recorded=True,
)  # fmt: skip


class VoucherView(Wire, frozen=True, kw_only=True):
    """凭证及分录."""

    voucher: Voucher
    lines: list[VoucherLine]


def record(desk: Desk, command: VoucherCommand) -> Answer:
    """登记凭证: an order by the department, a dispatch by finance, an arrival by who received."""
    request = desk.unit.get(Request, command.request_id, lock=True)
    desk.about(request)
    presences = {p.id: p for p in desk.unit.find(Presence, request_id=request.id)}
    post = _authorise(desk, request, command, presences)
    if request.state is not State.APPROVED:
        raise Refusal(NOT_ADMITTED)
    evidence.check(desk, [command.document_id], request.id)
    reversed_stage = _check_lines(desk, request, command, presences)
    if command.stage is VoucherStage.REVERSAL:
        _check_issuer(desk, command, post)
    _check_number(desk, command, post)
    if command.stage is VoucherStage.ORDER:
        _check_payer(request, command, post)
        pass_gate(desk, Gate.PAY, request, state={"decision": "approved"}, about=request)
    voucher = desk.unit.add(_voucher(desk, request, command, (post, reversed_stage)))
    lines = [_line(desk, voucher, i, entry) for i, entry in enumerate(command.lines)]
    desk.business_date = command.dated_on
    desk.about(voucher)
    return Answer(body=VoucherView(voucher=voucher, lines=lines), version=voucher.version)


def _voucher(
    desk: Desk, request: Request, command: VoucherCommand, issued: tuple[str, VoucherStage | None]
) -> Voucher:
    key = command.lines[0].funding_key
    payer = next(f.payer_id for f in request.filing.funding if f.key == key)
    ordered = command.stage is VoucherStage.ORDER
    return Voucher(
        county=desk.unit.county,
        id=desk.id("vch"),
        request_id=request.id,
        stage=command.stage,
        number=command.number,
        payer_id=payer or "",
        issuer_id=issued[0],
        fiscal_year=command.fiscal_year,
        dated_on=command.dated_on,
        total_fen=command.total_fen,
        document_id=command.document_id,
        reverses_id=command.reverses_id,
        reversed_stage=issued[1],
        note=command.note,
        recorded_by=desk.actor.person_id,
        recorded_for=desk.on_behalf_of,
        state=VoucherState.CONFIRMED if ordered else VoucherState.RECORDED,
    )


def _authorise(
    desk: Desk, request: Request, command: VoucherCommand, presences: dict[str, Presence]
) -> str:
    named = {e.presence_id: presences[e.presence_id] for e in command.lines
             if e.presence_id in presences}  # fmt: skip
    act = {VoucherStage.REVERSAL: "voucher.reverse"}.get(
        command.stage, f"voucher.{command.stage.value}"
    )
    # Each line by itself: a post reaches its own presence, never a neighbour's beside it.
    posts = [
        desk.authorise(act, owners=[*owners(request), p.organisation_id], paths=[p.area_path])
        for p in named.values()
    ] or [desk.authorise(act, owners=owners(request))]
    issuers = {post.organisation_id for post in posts}
    if len(issuers) > 1:
        zh, en = desk.office.access.named(act)
        raise Refusal(FORBIDDEN, act=act, act_zh=zh, act_en=en)
    return issuers.pop()


def _check_payer(request: Request, command: VoucherCommand, issuer: str) -> None:
    """An applicant orders its own money, not that of another who asks beside it; who recorded a
    request for another (代录) orders in that one's name."""
    if issuer == request.recorded_by_organisation_id:
        return
    key = command.lines[0].funding_key
    payer = next((f.payer_id for f in request.filing.funding if f.key == key), None)
    if payer != issuer and payer in owners(request):
        raise Refusal(PAYER, payer=payer)


def _check_lines(
    desk: Desk, request: Request, command: VoucherCommand, presences: dict[str, Presence]
) -> VoucherStage | None:
    approved = shares(desk, request)
    summed = sum(entry.amount_fen for entry in command.lines)
    if summed != command.total_fen:
        raise Refusal(SUM, lines_fen=summed, total_fen=command.total_fen)
    payers = {f.key: f.payer_id for f in request.filing.funding}
    if len({payers.get(e.funding_key) for e in command.lines}) > 1:
        raise Refusal(PAYER, payer=payers.get(command.lines[0].funding_key))
    for entry in command.lines:
        if (entry.presence_id, entry.funding_key) not in approved:
            raise Refusal(FOREIGN_LINE, presence=entry.presence_id, line=entry.funding_key)
    lines = desk.unit.find(VoucherLine, request_id=request.id)
    if command.stage is VoucherStage.REVERSAL:
        return _check_reversal(desk, command, lines)
    for (id, key), amount_fen in by_line(command.lines).items():
        _check_room(presences[id], (command.stage, key), amount_fen, (lines, approved))
    return None


def _check_room(
    presence: Presence,
    at: tuple[VoucherStage, str],
    amount_fen: int,
    known: tuple[list[VoucherLine], dict[tuple[str, str], int]],
) -> None:
    """A stage's total, waiting vouchers included, stays within the stage before it (E5)."""
    (stage, funding_key), (lines, approved) = at, known
    order = STAGES[presence.custody]
    if stage not in order:
        raise Refusal(STAGE, stage=stage.value)
    key = (presence.id, funding_key)
    before = order.index(stage) - 1
    limit = approved[key] if before < 0 else least(lines, key, order[before])
    would_be = most(lines, key, stage) + amount_fen
    if would_be > limit:
        raise Refusal(EXCEEDS, stage=stage.value, would_be_fen=would_be, limit_fen=limit)


def _check_issuer(desk: Desk, command: VoucherCommand, issuer: str) -> None:
    """Who issued a voucher takes it back, or who came after them, and nobody else."""
    original = desk.unit.get(Voucher, command.reverses_id or "")
    if issuer not in desk.places.heirs([original.issuer_id]):
        raise Refusal(NOT_ISSUER, voucher=original.number)


def _check_reversal(desk: Desk, command: VoucherCommand, lines: list[VoucherLine]) -> VoucherStage:
    """A reversal may not take more than is left, nor cut below what later stages rest on."""
    original = desk.unit.maybe(Voucher, command.reverses_id or "")
    if original is None or original.request_id != command.request_id or (
        original.state is not VoucherState.CONFIRMED or original.stage is VoucherStage.REVERSAL
    ):  # fmt: skip
        raise Refusal(REVERSES)
    again = {
        v.id for v in desk.unit.find(Voucher, request_id=original.request_id)
        if v.reverses_id == original.id
    }  # fmt: skip
    for key, amount_fen in by_line(command.lines).items():
        order = STAGES[desk.unit.get(Presence, key[0]).custody]
        later = order[order.index(original.stage) + 1 :]
        resting = most(lines, key, later[0]) if later else 0
        own = sum(
            line.sign * line.amount_fen for line in lines
            if (line.presence_id, line.funding_key) == key
            and line.voucher_id in {original.id, *again}
        )  # fmt: skip
        if amount_fen > own or least(lines, key, original.stage) - amount_fen < resting:
            raise Refusal(REVERSES)
    return original.stage


def _check_number(desk: Desk, command: VoucherCommand, issuer: str) -> None:
    same = desk.unit.find(
        Voucher, issuer_id=issuer, fiscal_year=command.fiscal_year, number=command.number
    )
    if same:
        raise Refusal(NUMBER, number=command.number)


def _line(desk: Desk, voucher: Voucher, index: int, entry: Entry) -> VoucherLine:
    back = voucher.stage is VoucherStage.REVERSAL
    return desk.unit.add(
        VoucherLine(
            county=desk.unit.county,
            id=f"{voucher.id}.l{index}",
            voucher_id=voucher.id,
            request_id=voucher.request_id,
            presence_id=entry.presence_id,
            funding_key=entry.funding_key,
            amount_fen=entry.amount_fen,
            sign=-1 if back else 1,
            stage=voucher.reversed_stage or voucher.stage,
            counted=voucher.state is VoucherState.CONFIRMED,
        )
    )


def confirm(desk: Desk, id: str, version: int | None) -> Answer:
    """确认: by another person than who recorded it; only then does it count."""
    voucher = desk.unit.get(Voucher, id, lock=True)
    desk.about(voucher)
    desk.unit.get(Request, voucher.request_id, lock=True)
    lines = desk.unit.find(VoucherLine, voucher_id=voucher.id)
    places = [desk.unit.get(Presence, p) for p in dict.fromkeys(x.presence_id for x in lines)]
    act = f"voucher.confirm.{voucher.stage.value}"
    recorded = {voucher.recorded_by, voucher.recorded_for}

    def ties(post: PostView) -> list[str]:
        return ["recorded"] if acting(desk, post) & recorded else []

    for place in places:
        # A reversal is confirmed inside the body that issued it; an arrival where it arrived.
        reversal = voucher.stage is VoucherStage.REVERSAL
        owner = voucher.issuer_id if reversal else place.organisation_id
        desk.authorise(act, owners=[owner], paths=[place.area_path], ties=ties)
    if voucher.state is VoucherState.CONFIRMED:
        raise Refusal(CONFIRMED)
    desk.check_version(voucher, version)
    changed = desk.unit.change(
        voucher, state=VoucherState.CONFIRMED, confirmed_by=desk.actor.person_id,
        confirmed_for=desk.on_behalf_of,
    )  # fmt: skip
    counted = [desk.unit.change(line, counted=True) for line in lines]
    desk.about(changed)
    desk.business_date = voucher.dated_on
    return Answer(body=VoucherView(voucher=changed, lines=counted), version=changed.version)
