"""救济的手 what a test of objections, refusals and complaints does as one act each."""

from typing import Any

import msgspec

from registry.actions.office import Office
from registry.actions.redress import complaining, declining, handling, objecting, weighing
from registry.domain.notice import Notice
from registry.domain.redress import Complaint, ComplaintSource, Declining, Objection
from tests.actions.case import Hands

PUSHED: dict[str, Any] = {
    "subject": "登记沿街商铺用电量", "department_id": "o-990102-urban", "ground": "unadmitted",
    "text": "没有准入决定，也没有备案",
}  # fmt: skip
"""What nobody filed: the urban management office asks for it all the same."""
COMPLAINT: dict[str, Any] = {
    "against_id": "o-990102-urban", "subject": "未经准入要求社区报送台账",
    "wording": "霜舟社区每周都要报，没有任何文件",
}  # fmt: skip


def objected(hand: Hands, by: str = "community.worker", **fields: Any) -> Objection:
    told = {"subject": "登记沿街商铺用电量", "department_id": "o-990102-urban", "text": "没有准入"}
    command = msgspec.convert(told | fields, objecting.ObjectCommand)
    raised: Objection = hand(by).do(lambda d: objecting.raise_(d, command))
    return raised


def answered(hand: Hands, held: Objection, by: str = "street.head", **fields: Any) -> Objection:
    command = objecting.AnswerCommand(**({"upheld": True, "text": "应当先申报准入"} | fields))
    after: Objection = hand(by).do(lambda d: objecting.answer(d, held.id, held.version, command))
    return after


def declined(hand: Hands, by: str = "community.head", **fields: Any) -> Declining:
    command = msgspec.convert(PUSHED | fields, weighing.DeclineCommand)
    issued: Declining = hand(by).do(lambda d: declining.decline(d, command))
    return issued


def refused(hand: Hands, presence: Any, ground: Any, by: str = "community.head") -> Declining:
    command = declining.RefuseCommand(ground=ground, text="情况如理由所列")
    issued: Declining = hand(by).do(
        lambda d: declining.refuse(d, presence.id, presence.version, command)
    )
    return issued


def complained(hand: Hands, by: str = "community.worker", **fields: Any) -> Complaint:
    command = msgspec.convert(COMPLAINT | fields, complaining.ComplaintCommand)
    made: Complaint = hand(by).do(lambda d: complaining.complain(d, command))
    return made


def verified(
    hand: Hands, held: Complaint, by: str = "county.office", *, established: bool = True
) -> Complaint:
    command = handling.VerifyCommand(established=established, findings="查阅登记，确无准入")
    after: Complaint = hand(by).do(lambda d: handling.verify(d, held.id, held.version, command))
    return after


def handled(hand: Hands, held: Complaint, by: str = "county.head", **fields: Any) -> Complaint:
    told = {"answer": "已处理", "measures": ["correction"]} | fields
    command = msgspec.convert(told, handling.HandleCommand)
    after: Complaint = hand(by).do(lambda d: handling.handle(d, held.id, held.version, command))
    return after


def disclosed(hand: Hands, held: Complaint, by: str = "county.office") -> ComplaintSource:
    source: ComplaintSource = hand(by).do(lambda d: handling.disclose(d, held.id))
    return source


def told_of(office: Office, record: Any) -> set[str]:
    """Who was told of a record."""
    held = office.store.reader.find(Notice, record.county)
    return {one.person_id for one in held if one.object_id == record.id}
