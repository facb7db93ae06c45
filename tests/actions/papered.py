"""公文 builders: a record for every kind of paper, made by the acts of those whose they are."""

import io
import re
import zipfile
from html import unescape
from typing import NamedTuple

import msgspec
from openpyxl.xml.functions import fromstring
from pypdf import PdfReader

from registry.actions import approving
from registry.actions.approving import ReturnCommand
from registry.actions.between import urging
from registry.actions.certifying import recording
from registry.actions.certifying.recording import DemandCommand
from registry.actions.office import Call
from registry.actions.papers import kinds
from registry.actions.seeding import person_actor
from registry.actions.succession import handing_over
from registry.actions.succession.handing_over import HandoverCommand
from registry.domain.agreement import Agreement
from registry.domain.approval import Decision
from registry.domain.funds import Voucher
from registry.domain.living import Departure, Suspension
from registry.domain.paper import Paper
from registry.domain.request import Request
from registry.domain.vouching import AdmissionNotice
from tests.actions.case import Hands, accepted, drafted, submitted
from tests.actions.decided import rows
from tests.actions.lived import begun, left, resumed, suspended
from tests.actions.owed import drawn
from tests.actions.redressed import answered, declined, objected
from tests.actions.test_reviews import asked, decides
from tests.actions.walled import hung, ordered

COUNTY = "990102"
TITLE = "楼道灯具编号拍照"


def plain(text: str) -> str:
    """Without line breaks, which a form sets where it must."""
    return "".join(text.split())


def read(data: bytes) -> str:
    """The words of a PDF."""
    return plain("".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))


def edited(data: bytes) -> str:
    """The words of a docx."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        names = ("word/header1.xml", "word/document.xml")
        parts = [package.read(n) for n in package.namelist() if n in names]
    return plain("".join("".join(fromstring(part).itertext()) for part in parts))


def shown(data: bytes) -> str:
    """The words of a page alone."""
    return plain(unescape(re.sub("<[^>]*>", "", data.decode().partition("<body>")[2])))


class Told(NamedTuple):
    """样例: a record, who reads its paper, and what must stand in it."""

    id: str
    by: str
    words: tuple[str, ...]


def paper(hand: Hands, word: str, id: str, by: str) -> Paper:
    """As the doors make it."""
    office = hand(by).office
    call = Call(actor=person_actor(office, by), county=COUNTY, act="paper.read")
    return kinds.made(office, call, word, id)


def every(hand: Hands) -> dict[str, Told]:
    """A record for each kind, by the word of the kind."""
    presence = begun(hand)
    request = rows(hand, Request, id=presence.request_id)[0]
    decision = rows(hand, Decision, request_id=request.id)[0]
    notice = rows(hand, AdmissionNotice, request_id=request.id)[0]
    agreement = rows(hand, Agreement, request_id=request.id)[0]
    order = next(v for v in rows(hand, Voucher) if v.stage == "order")
    resumed(hand, suspended(hand, presence, "dept.head"), "dept.head")
    stop = rows(hand, Suspension)[0]
    left(hand, presence)
    return {
        "approval": Told(request.id, "street.head", (TITLE, "8,000.00", "材料齐全", "同意")),
        "acceptance": Told(request.id, "dept.head", (TITLE, "予以受理", "2026年3月2日")),
        "decision": Told(decision.id, "dept.head", (decision.number, "准予准入决定书", "申请复核",
                                                    *decision.clauses)),
        "notice": Told(notice.id, "community.worker", (notice.number, "霜舟演示社区", "8,000.00")),
        "agreement": Told(agreement.id, "community.head", ("甲方", "民政局负责培训", "书面签署")),
        "order": Told(order.id, "finance.clerk", (order.number, "3,000.00", decision.number)),
        "account": Told(presence.id, "community.head", ("核定", "8,000.00", "社区到账")),
        "statement": Told(request.id, "dept.head", ("核定", "8,000.00", "社区到账", "最近一笔")),
        "suspension": Told(stop.id, "dept.head", ("到期经费未到", "暂停执行")),
        "resumption": Told(stop.id, "dept.head", ("继续", "恢复执行")),
        "departure": Told(rows(hand, Departure)[0].id, "community.head", ("不再需要", "退出")),
        "clearance": Told(drawn(hand, presence, quantity=250).id, "community.head",
                          ("应退回", "1,000.00")),
        **_between(hand), **_at_the_door(hand),
    }  # fmt: skip


def _between(hand: Hands) -> dict[str, Told]:
    """Of cases on their way."""
    other = accepted(hand, submitted(hand, drafted(hand, title="楼道扶手登记")))
    urged = hand("dept.clerk").do(
        lambda d: urging.urge(d, other.id, urging.UrgeCommand(text="请尽快办理"))
    )
    back = accepted(hand, submitted(hand, drafted(hand, title="门牌照片登记")))
    items = ReturnCommand(items=["补充测算依据", "补充责任人"])
    hand("street.clerk").do(lambda d: approving.send_back(d, back.id, back.version, items))
    _, review = asked(hand, title="窗户样式登记")
    decides(hand, review, "upheld")
    command = HandoverCommand(person_id="person-dept.clerk", reason="left", to="person-dept.head")
    handover = hand("dept.head").do(lambda d: handing_over.hand_over(d, command))
    return {
        "urging": Told(urged.id, "street.head", ("楼道扶手登记", "请尽快办理")),
        "supplement": Told(back.id, "dept.head", ("1. 补充测算依据", "2. 补充责任人")),
        "review": Told(review.id, "dept.head", ("维持原决定", "决定所依据的清单已修订")),
        "handover": Told(handover.id, "dept.head", ("移交人", "接收人", "楼道扶手登记")),
    }


def _at_the_door(hand: Hands) -> dict[str, Told]:
    """Of communities."""
    held = answered(hand, objected(hand))
    refusal = declined(hand)
    demand = msgspec.convert(
        {"organisation_id": "o-990102001001", "item": "收入证明", "demander": "bank", "slip": True},
        DemandCommand,
    )
    slip = hand("community.worker").do(lambda d: recording.record(d, demand))
    order = ordered(hand, hung(hand))
    return {
        "objection": Told(held.id, "community.worker", ("没有准入", "应当先申报准入", "异议成立")),
        "declining": Told(refusal.id, "community.head", (refusal.number, *refusal.clauses)),
        "slip": Told(slip.id, "community.worker", (slip.slip_number, slip.item, "银行")),
        "cleanup": Told(order.id, "community.worker", (order.number, "垃圾分类工作站")),
    }
