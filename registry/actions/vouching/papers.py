"""准入通知书 as text to print, for whoever may read the notice; it says what was signed, no more."""

from datetime import date
from decimal import Decimal

from registry.actions.office import Call, Office
from registry.actions.reading import one
from registry.domain.records import Wire
from registry.domain.vouching import AdmissionNotice


class NoticePaper(Wire, frozen=True, kw_only=True):
    """准入通知书: as it was issued that day, and whether a later edition took its place."""

    number: str
    edition: int
    issued_on: date
    issuer: str
    community: str
    title: str
    starts_on: date | None
    ends_on: date | None
    share_fen: int
    conditions: list[str]
    replaced: bool
    code: str
    """What the page that checks it takes: digits, as the QR holds them."""


def handed(office: Office, call: Call, id: str) -> NoticePaper:
    """The paper of a notice.

    Raises:
        Refusal: ``access.hidden``, ``access.reading``.
    """
    held = one(office, call.actor, AdmissionNotice, id, county=call.county)
    return NoticePaper(
        number=held.number, edition=held.edition, issued_on=held.issued_on,
        issuer=held.issuer_name, community=held.scope, title=held.title,
        starts_on=held.starts_on, ends_on=held.ends_on, share_fen=held.share_fen,
        conditions=held.conditions, replaced=held.replaced, code=held.code,
    )  # fmt: skip


def page(paper: NoticePaper) -> str:
    """通知书 as plain text to print."""
    edition = f"（第 {paper.edition} 版）" if paper.edition > 1 else ""
    again = ["本版已由后一版代替，以最新一版为准", ""] if paper.replaced else []
    brought = [f"  {n}. {told}" for n, told in enumerate(paper.conditions, start=1)]
    lines = [
        "准入通知书", *again, f"编号：{paper.number}{edition}", f"日期：{paper.issued_on}", "",
        f"社区：{paper.community}", f"事项：{paper.title}",
        f"期限：{_day(paper.starts_on)} 至 {_day(paper.ends_on)}",
        f"本社区经费：{_yuan(paper.share_fen)} 元", "保障条件：" + ("" if brought else "没有"),
        *brought, "", f"出具：{paper.issuer}", "",
        "核验：扫描二维码，或者在核验页粘贴以下数字", paper.code,
    ]  # fmt: skip
    return "\n".join([*lines, ""])


def _yuan(fen: int) -> str:
    return f"{Decimal(fen).scaleb(-2):.2f}"


def _day(on: date | None) -> str:
    return on.isoformat() if on is not None else "未定"
