"""折叠: of a form with much that few need, what matters stands first; the rest is a touch away."""

from collections.abc import Callable

from registry.web.forms.called import _page as table
from registry.web.forms.called import folded
from registry.web.forms.fields import fields_of
from registry.web.offers import BY_NAME
from tests.web.seated import Seat

Seats = Callable[[str], Seat]
MOST = 6
"""Fields that may be left blank, above the fold."""
STEPWISE = {"request.edit"}
"""Asked in steps of its own, at /file."""
DECLINE = "/do/declining.issue"


def test_no_form_asks_for_many_things_that_may_be_left_blank_above_the_fold() -> None:
    for name, act in BY_NAME.items():
        if name in STEPWISE:
            continue
        blank = [f.name for f in fields_of(act.command) if not f.required]
        above = [one for one in blank if one not in folded(name)]
        assert len(above) <= MOST, (name, above)


def test_below_the_fold_stands_nothing_that_must_be_filled_in() -> None:
    for name in table()["folded"]:
        blank = {f.name for f in fields_of(BY_NAME[name].command) if not f.required}
        assert folded(name) <= blank, name


def fold(page: str) -> str:
    """How the fold begins, and where on the page."""
    start = page.index('<details class="rare"')
    return page[start : page.index(">", start) + 1]


def test_the_fold_is_open_once_something_in_it_was_typed_or_is_wrong(seat: Seats) -> None:
    mine = seat("community.head")
    page = mine.get(DECLINE).text
    assert "open" not in fold(page)
    below = page.index('<details class="rare"')
    assert page.index('name="text"') < below < page.index('name="asker_level"')
    form = mine.hidden(DECLINE)
    assert "open" not in fold(mine.post(DECLINE, form | {"content": "整理资料"}).text)
    assert "open" in fold(mine.post(DECLINE, form | {"emergency_decision": "某令"}).text)
    assert "open" in fold(mine.post(DECLINE, form | {"kind": "gossip"}).text)


def test_after_a_refusal_the_fold_is_open_since_what_is_asked_for_may_stand_there(
    seat: Seats,
) -> None:
    mine = seat("community.head")
    said = {"ground": "off_list", "text": "没有列入清单", "subject": "整理楼道杂物台账"}
    told = mine.post(DECLINE, mine.hidden(DECLINE) | said)
    assert told.status_code == 422 and "单位类别和层级" in told.text
    assert "open" in fold(told.text)
