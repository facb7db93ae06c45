"""归档包: a closed case is one file of what its reader may read, the same bytes each time."""

import hashlib
import io
import zipfile
from datetime import timedelta

import msgspec

from registry.actions import approving
from registry.actions.attaching import AttachCommand
from registry.actions.office import Call
from registry.actions.papers import archive
from registry.actions.seeding import person_actor
from registry.domain.document import DocumentType
from registry.domain.request import Request
from tests.actions.case import Hands, admitted, attached
from tests.actions.decided import decision_of, now, rejected
from tests.actions.papered import read
from tests.actions.refused import refused
from tests.conftest import MovingClock


def closed(hand: Hands, clock: MovingClock) -> Request:
    """Refused, with a file hung on it, and closed."""
    request = rejected(hand)
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
    assert name == f"归档包-{request.title}.zip"
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
