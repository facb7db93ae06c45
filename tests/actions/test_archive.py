"""归档包: a closed case is one file of what its reader may read, the same bytes each time."""

import hashlib
import io
import re
import subprocess
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec

from registry.actions import approving
from registry.actions.attaching import AttachCommand
from registry.actions.office import Answer, Call
from registry.actions.papers import archive
from registry.actions.seeding import person_actor
from registry.domain.agreement import Agreement
from registry.domain.audit import Finding
from registry.domain.document import DocumentType
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.request import Request, State
from tests.actions.case import Hands, admitted, attached, filing_of
from tests.actions.decided import decision_of, now, rejected, rows
from tests.actions.lived import begun, put
from tests.actions.papered import read
from tests.actions.refused import refused
from tests.actions.test_filing import draft, submit
from tests.conftest import MovingClock


def closed(hand: Hands, clock: MovingClock, **changes: Any) -> Request:
    """Refused, with a file hung on it, and closed."""
    request = rejected(hand, **changes)
    held = AttachCommand(parent_kind="request", parent_id=request.id, type=DocumentType.LETTER,
                         name="来文/扫描件.pdf", not_secret=True)  # fmt: skip
    attached(hand, "dept.clerk", held, b"%PDF-1.4 demo letter")
    clock.at += timedelta(days=60)
    after: Request = hand("street.head").do(
        lambda d: approving.close(d, request.id, now(hand, request).version)
    ).request  # fmt: skip
    return after


def volume(hand: Hands, request: Request, by: str) -> dict[str, bytes]:
    office = hand(by).office
    call = Call(actor=person_actor(office, by), county="990102", act="request.read")
    name, data = archive.volume(office, call, request.id)
    assert (name, data) == archive.volume(office, call, request.id), "the same bytes"
    assert name == f"归档包-{re.sub('[<>/]', '_', request.title)}.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {one: package.read(one) for one in package.namelist()}


def test_a_closed_case_is_one_file_with_index_papers_files_and_digests(
    one_hand: Hands, clock: MovingClock
) -> None:
    request = closed(one_hand, clock)
    files = volume(one_hand, request, "street.head")
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {
        name: hashlib.sha256(held).hexdigest()
        for name, held in files.items() if name != "SHA256SUMS"
    }  # fmt: skip
    index = read(files["卷内目录.pdf"])
    decision = decision_of(one_hand, request)
    for word in ("不予准入决定书", decision.number, "受理通知书", "审批表", "来文/扫描件.pdf"):
        assert word in index
    assert files["附件/001-来文_扫描件.pdf"] == b"%PDF-1.4 demo letter"
    assert decision.number in read(files["文书/003-决定书.pdf"])
    told = msgspec.json.decode(files["元数据.json"])
    assert (
        told["Decision"][0]["number"] == decision.number and told["Request"][0]["id"] == request.id
    )
    assert "日志.jsonl" not in files, "the log is for those who read it"
    assert decision.body_name in index, "who issued it stands beside each paper"


def test_whoever_has_the_volume_checks_it_with_the_tools_of_their_machine(
    one_hand: Hands, clock: MovingClock, tmp_path: Path
) -> None:
    files = volume(one_hand, closed(one_hand, clock), "street.head")
    for name, held in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_bytes(held)
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    told = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert told.stdout.count(": OK") == len(files) - 1
    (tmp_path / "元数据.json").write_bytes(b"{}")
    told = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 1 and "元数据.json: FAILED" in told.stdout


def test_the_page_of_a_volume_leads_to_every_file_and_runs_nothing(
    one_hand: Hands, clock: MovingClock
) -> None:
    files = volume(one_hand, closed(one_hand, clock, title="<script>楼道</script>"), "street.head")
    page = files["index.html"].decode()
    assert {unquote(one) for one in re.findall('href="([^"]*)"', page)} == (
        files.keys() - {"index.html", "SHA256SUMS"}
    )
    assert "<script" not in page and "&lt;script&gt;楼道" in page and "default-src" in page
    assert "sha256sum -c SHA256SUMS" in page


def test_a_volume_tells_of_money_spent_and_signed_to_who_reads_it(one_hand: Hands) -> None:
    presence = begun(one_hand)
    request = rows(one_hand, Request, id=presence.request_id)[0]
    put(one_hand, request, state=State.CLOSED)
    files = volume(one_hand, request, "dept.head")
    (sheet,) = [read(held) for name, held in files.items() if "对账单" in name]
    order = next(v for v in rows(one_hand, Voucher) if v.stage == "order")
    for word in ("8,000.00", "3,000.00", order.number, "社区到账"):
        assert word in sheet
    told = msgspec.json.decode(files["元数据.json"])
    agreement = rows(one_hand, Agreement, request_id=request.id)[0]
    assert {s["side"] for s in told["Signature"]} == {"department", "community"}
    assert {s["agreement_id"] for s in told["Signature"]} == {agreement.id}
    lines = {v.id for v in rows(one_hand, VoucherLine, request_id=request.id)}
    assert lines and {one["id"] for one in told["VoucherLine"]} == lines


def test_a_finding_is_in_the_volume_of_those_alone_who_may_read_it(
    one_hand: Hands, clock: MovingClock
) -> None:
    request = closed(one_hand, clock)
    told = {"county": "990102", "code": "approval.overdue", "object_kind": "request",
            "object_id": request.id, "opened_on": date(2026, 3, 2), "detail": "逾期办结"}  # fmt: skip
    one_hand("county.head").do(
        lambda d: Answer(body=d.unit.add(Finding(id=f"{request.id}.late", **told)))
    )
    whole = msgspec.json.decode(volume(one_hand, request, "auditor")["元数据.json"])
    less = msgspec.json.decode(volume(one_hand, request, "dept.head")["元数据.json"])
    assert [one["id"] for one in whole["Finding"]] == [f"{request.id}.late"]
    assert "Finding" not in less


def test_each_part_of_a_composite_has_a_folder_with_an_index_of_its_own(
    one_hand: Hands, clock: MovingClock
) -> None:
    parts = [filing_of(title="楼道照片归档"), filing_of(title="楼道灯具/编号")]
    parent = draft(one_hand, "dept.clerk", children=parts)
    view = submit(one_hand, "dept.head", parent)
    first, second = sorted(view.children, key=lambda one: one.id)
    put(one_hand, first, state=State.CLOSED)
    put(one_hand, parent, state=State.CLOSED)
    files = volume(one_hand, parent, "dept.head")
    name = f"分件/01-{first.title.replace('/', '_')}"
    assert f"{name}/卷内目录.pdf" in files and f"{name}/元数据.json" in files
    assert [one for one in files if one.startswith(f"{name}/文书/")]
    assert not [one for one in files if one.startswith("分件/02")], "it is still under way"
    page = files["index.html"].decode()
    assert first.title in page and second.title in page and "尚未归档" in page


def test_an_open_case_has_no_volume_and_a_stranger_none_at_all(one_hand: Hands) -> None:
    request = admitted(one_hand)
    with refused("archive.open"):
        volume(one_hand, request, "street.head")
    with refused("access.hidden"):
        volume(one_hand, request, "dept2.head")


def test_the_auditors_volume_holds_the_entries_of_the_log(
    one_hand: Hands, clock: MovingClock
) -> None:
    request = closed(one_hand, clock)
    files = volume(one_hand, request, "auditor")
    entries = [msgspec.json.decode(line) for line in files["日志.jsonl"].splitlines()]
    assert {"request.submit", "request.reject", "request.close"} <= {e["act"] for e in entries}
