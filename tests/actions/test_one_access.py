"""One access on every way to a record: list, search, single, page after page, many at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from registry.actions import reading
from registry.actions.office import Office
from registry.actions.reading import ListQuery
from registry.domain.admission import Verdict
from registry.domain.errors import Refusal
from registry.domain.pack import PackRun
from registry.domain.records import Record
from registry.domain.waiver import Waiver, WaiverUse
from tests.actions import case
from tests.actions.enacting import barring, enacted
from tests.actions.excepting import COUNTY, FIRST, TERM, Hands, ended, granted, on_day
from tests.conftest import Hand, MovingClock

PEOPLE = ("dept.clerk", "dept2.clerk", "street.clerk", "street2.clerk", "community.head",
          "county.office", "county.head", "auditor", "finance.clerk", "sys.admin")  # fmt: skip
KINDS: tuple[type[Record], ...] = (Waiver, WaiverUse, PackRun, Verdict)


@pytest.fixture
def used(one_office: Office, one_hand: Hands, clock: MovingClock) -> Office:
    """An exception that changed two verdicts of one department."""
    enacted(one_office, barring())
    on_day(clock, FIRST)
    granted(one_hand, **TERM)
    for name in "甲乙":
        case.submitted(one_hand, case.drafted(one_hand, title=f"楼栋核对{name}"))
    return one_office


def _readable(office: Office, username: str, kind: type[Record], **equals: Any) -> list[str]:
    try:
        found = reading.page(office, Hand(office, username).actor, kind, ListQuery(equals=equals))
    except Refusal as refusal:
        assert refusal.code == "access.reading"
        return []
    return [row.id for row in found.items]


def _opens(office: Office, username: str, kind: type[Record], id: str) -> bool:
    try:
        return reading.one(office, Hand(office, username).actor, kind, id).id == id
    except Refusal as refusal:
        assert refusal.code in ("access.reading", "access.hidden")
        return False


def _people(office: Office) -> Iterator[str]:
    yield from (name for name in PEOPLE if office.store.reader.person_named(name) is not None)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_open_zaak_cve_2026_54657_list_search_and_record_are_filtered_by_the_same_access(
    used: Office, kind: type[Record]
) -> None:
    every = [row.id for row in used.store.reader.find(kind, COUNTY)]
    assert every
    for username in _people(used):
        listed = _readable(used, username, kind)
        assert listed == [id for id in every if _opens(used, username, kind, id)]
        assert [id for id in every if _readable(used, username, kind, id=id)] == listed


def test_open_zaak_expand_a_use_never_shows_more_than_its_verdict(used: Office) -> None:
    for username in _people(used):
        verdicts = set(_readable(used, username, Verdict))
        for id in _readable(used, username, WaiverUse):
            use = used.store.reader.get(WaiverUse, COUNTY, id)
            assert use is not None and use.verdict_id in verdicts


def test_yudao_589_under_threads_each_person_sees_their_own(used: Office) -> None:
    asked = [(name, kind) for name in _people(used) for kind in KINDS] * 5
    alone = [_readable(used, *one) for one in asked]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda one: _readable(used, *one), asked))
    assert together == alone


def _pages(ask: Callable[[str | None], reading.PageOf]) -> Iterator[str]:
    after: str | None = None
    while True:
        page = ask(after)
        yield from (row.id for row in page.items)
        if page.next is None:
            return
        after = page.next


def test_openfga_2403_a_list_is_never_silently_incomplete(office: Office, hand: Hands) -> None:
    made = sorted(granted(hand).id for _ in range(7))
    ended(hand, granted(hand))
    actor = hand("county.office").actor
    for limit in (1, 2, 3, 7, 8):

        def ask(after: str | None, limit: int = limit) -> reading.PageOf:
            query = ListQuery(limit=limit, after=after, honoured=True, used=False)
            return reading.page(office, actor, Waiver, query)

        assert list(_pages(ask)) == made
