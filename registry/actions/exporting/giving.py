"""360Giving 资金流向 every confirmed pledge (核定) as a grant of the 360Giving Data Standard 1.4: who
gives, who receives, for what, how much."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from registry.actions.exporting.ground import Ground
from registry.actions.exporting.money import Line, Names, lines, names, yuan
from registry.actions.exporting.writing import Progress
from registry.domain.accounts import VoucherStage
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.store.scan import steady

NOTHING = declare(
    "export.no_grants", RefusalKind.INVALID, "没有已确认的核定，360Giving 文件至少要有一笔",
    "No pledge is confirmed: a 360Giving file tells of one grant at least.",
)  # fmt: skip
_VERSION = "1.4"
_PREFIX = "360G-CN-"


def write_giving(of: Ground, file: Path, on_progress: Progress) -> int:
    """Write the file; returns how many grants there are.

    Raises:
        Refusal: ``export.no_grants``.
    """
    rows, encode = 0, msgspec.json.Encoder().encode
    head = encode({
        "version": _VERSION, "title": f"{of.county}-{of.as_of}",
        "description": f"快照号 {of.county}-{of.as_of}；金额单位：元",
    })  # fmt: skip
    with steady(of.office.store.reader) as moment, file.open("wb") as out:
        called = names(of, moment)
        out.write(head[:-1] + b',"grants":[')
        for grant in _grants(of, called, lines(of, moment, VoucherStage.PLEDGE.value)):
            out.write((b",\n" if rows else b"\n") + encode(grant))
            rows += 1
        out.write(b"\n]}\n")
    if not rows:
        raise Refusal(NOTHING)
    on_progress(rows)
    return rows


def _grants(of: Ground, called: Names, told: Iterator[Line]) -> Iterator[dict[str, Any]]:
    for line in told:
        title = called.titles.get(line.presence_id, line.presence_id)
        receiver = called.receivers.get(line.presence_id, "")
        yield {
            "id": f"{_PREFIX}{of.county}-{line.id}", "title": title,
            "description": f"{title}（经费项 {line.funding_key}，{line.year}年度）", "currency": "CNY",
            "amountAwarded": msgspec.Raw(yuan(line.amount_fen).encode()),
            "awardDate": line.dated_on,
            "fundingOrganization": [_body(called, line.payer_id)],
            "recipientOrganization": [_body(called, receiver)],
        }  # fmt: skip


def _body(called: Names, id: str) -> dict[str, str]:
    return {"id": id, "name": called.bodies.get(id, id)}
