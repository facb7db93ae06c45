"""清单修订 the steps of a list's next text, as tests take them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from registry.actions.attaching import AttachCommand
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.rules import editions
from registry.actions.rules.editions import (
    ProposeListCommand,
    PublishListCommand,
    WithdrawListCommand,
)
from registry.domain.catalogue import ListItem, MatterList
from registry.domain.document import DocumentType
from registry.domain.edition import ListEdition
from tests.actions.case import attached

Hands = Callable[[str], Any]
COUNTY, LIST = "990102", "DEMO-LIST"
NUMBER = "演示发〔2026〕9号"


def listed(office: Office, id: str = LIST) -> MatterList:
    held = office.store.reader.get(MatterList, COUNTY, id)
    assert held is not None
    return held


def item(one: MatterList, id: str = "DEMO-LST-99", **changed: Any) -> ListItem:
    first = msgspec.structs.replace(one.items[0], id=id, title="楼道灯具编号拍照", aliases=[])
    return msgspec.structs.replace(first, **changed)


def widened(office: Office, **changed: Any) -> MatterList:
    """The county's list with one more item."""
    one = listed(office)
    return msgspec.structs.replace(one, items=[*one.items, item(one, **changed)])


def proposed(
    hand: Hands, matters: MatterList, first: date, by: str = "county.office", **more: Any
) -> ListEdition:  # fmt: skip
    office: Office = hand(by).office
    held = office.store.reader.get(MatterList, COUNTY, matters.id)
    begun = {"begun_from": held.version if held else None} | more
    command = ProposeListCommand(matters=matters, effective_from=first, **begun)
    made: ListEdition = hand(by).do(lambda d: editions.propose(d, command))
    return made


def paper(hand: Hands, id: str, by: str = "county.office") -> str:
    command = AttachCommand(parent_kind="list_edition", parent_id=id, type=DocumentType.BASIS,
                            name="红头文件.pdf", not_secret=True)  # fmt: skip
    return str(attached(hand, by, command, b"%PDF-1.4 the instrument").id)


def published(
    hand: Hands, one: ListEdition, by: str = "county.head", **given: Any
) -> ListEdition:  # fmt: skip
    told = {"document_number": NUMBER, "document_id": given.get("document_id", "")} | given
    told["document_id"] = told["document_id"] or paper(hand, one.id)
    version = kept(hand(by).office, one.id).version
    command = PublishListCommand(**told)
    made: ListEdition = hand(by).do(lambda d: editions.publish(d, one.id, version, command))
    return made


def withdrawn(
    hand: Hands, one: ListEdition, by: str = "county.office", reason: str = "文件未印发"
) -> ListEdition:  # fmt: skip
    version = kept(hand(by).office, one.id).version
    command = WithdrawListCommand(reason=reason)
    made: ListEdition = hand(by).do(lambda d: editions.withdraw(d, one.id, version, command))
    return made


def kept(office: Office, id: str) -> ListEdition:
    held = office.store.reader.get(ListEdition, COUNTY, id)
    assert held is not None
    return held


def asked(hand: Hands, by: str, verb: Callable[[Desk], Answer]) -> Any:
    """What a verb answers that records nothing."""
    person = hand(by)
    return person.office.ask(Call(actor=person.actor, county=COUNTY, act="test"), verb).body
