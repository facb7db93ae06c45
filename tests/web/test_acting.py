"""办理页: one page for every act; what is typed becomes the command, and what is wrong is told."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from registry.actions.office import Office
from registry.actions.staff import aside
from registry.api.acting import Nothing
from registry.api.acts import ACTS
from registry.api.lists import RESOURCES
from registry.domain.errors import Refusal
from registry.domain.people import Actor
from registry.domain.request import Request, State
from registry.policies.dictionary import code_zh, field_zh
from registry.web.forms import called
from registry.web.forms.fields import Field, Form, fields_of
from registry.web.forms.filled import Filled, as_typed, command_of, typed
from registry.web.offers import BY_NAME
from registry.web.tongue import Tongue
from registry.web.visit import MOST_FIELDS
from tests.ownarea.knocking import Told
from tests.web.looking import Looking, Page
from tests.web.seated import Seat

Seats = Callable[[str], Seat]
DRAFT, OK = "/do/request.draft", 200
TYPED = {
    "filing.kind": "task", "filing.title": "演示社区花草认养登记",
    "filing.applicants.0.organisation_id": "o-990102-civil", "filing.applicants.0.leading": "true",
    "filing.receivers": "residents_committee", "filing.targets": "990102001001",
    "filing.content": "登记愿意认养花草的居民。", "filing.standard": "名册完整。",
    "filing.responsible_party": "演示县民政局", "filing.role": "assist", "filing.duration": "phase",
    "filing.starts_on": "2026-04-01", "filing.ends_on": "2026年9月30日",
    "filing.funding.0.mode": "transfer", "filing.funding.0.payer_id": "o-990102-civil",
    "filing.funding.0.amount_fen": "0.3万元", "filing.funding.0.fiscal_year": "2026",
}  # fmt: skip
FORMS = sorted({a.command for a in ACTS if a.command is not Nothing}, key=lambda c: c.__name__)


def every(fields: tuple[Field, ...]) -> list[Field]:
    return [one for field in fields for one in (field, *every(field.fields))]


def drafts(office: Office) -> list[Request]:
    return [r for r in office.store.reader.find(Request, "990102") if r.state is State.DRAFT]


@pytest.mark.parametrize("command", FORMS, ids=lambda c: c.__name__)
def test_every_field_and_word_of_a_form_has_a_name_in_chinese(command: type[Any]) -> None:
    acts = [a for a in ACTS if a.command is command]
    resource = acts[0].path.split("/")[1]
    fields = every(fields_of(command))
    unnamed = {
        f.name for f in fields if not (field_zh(resource, f.name) or called.field(f.name)[0])
    }
    words = {
        (f.name, c.value) for f in fields for c in f.codes
        if not (code_zh(c.code) or called.word(type(c.code).__name__, c.value)[0] if c.code
                else c.zh or called.word(f.name, c.value)[0])
    }  # fmt: skip
    assert unnamed - {"key"} == set() and words == set()


def test_every_act_of_the_table_has_its_page() -> None:
    assert {act.act for act in ACTS} == set(BY_NAME)


@pytest.mark.parametrize("who", ["dept.clerk", "county.office", "finance.clerk", "community.head",
                                 "auditor", "sys.admin"])  # fmt: skip
def test_every_list_and_every_form_opens_or_says_why_not(seat: Seats, who: str) -> None:
    mine = seat(who)
    wrong = {
        n: s for n in RESOURCES if (s := mine.get(f"/records/{n}").status_code) not in (200, 403)
    }
    wrong |= {
        a.act: s for a in ACTS if "{id}" not in a.path
        if (s := mine.get(f"/do/{a.act}").status_code) not in (200, 303)
    }  # fmt: skip
    assert wrong == {}


def test_a_filled_form_makes_what_the_api_makes(seat: Seats, one_office: Office) -> None:
    answer = seat("dept.clerk").hand_in(DRAFT, **TYPED)
    assert answer.status_code == 303, answer.text
    made = drafts(one_office)[-1]
    assert answer.headers["location"] == f"/records/requests/{made.id}?done=request.draft"
    assert made.filing.title == TYPED["filing.title"]
    assert (made.filing.funding[0].amount_fen, made.filing.funding[0].key) == (
        300000,
        "filing-funding-0",
    )
    assert str(made.filing.ends_on) == "2026-09-30"


def test_a_form_sent_twice_is_done_once(seat: Seats, one_office: Office) -> None:
    mine, before = seat("dept.clerk"), len(drafts(one_office))
    sent = mine.hidden(DRAFT) | TYPED
    first, second = mine.post(DRAFT, sent), mine.post(DRAFT, sent)
    assert first.headers["location"] == second.headers["location"]
    assert len(drafts(one_office)) == before + 1


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(seat: Seats) -> None:
    answer = seat("dept.clerk").hand_in(
        DRAFT, **TYPED | {"filing.funding.0.amount_fen": "很多", "filing.starts_on": "明天"}
    )
    assert answer.status_code == 422
    assert 'href="#f-filing.funding.0.amount_fen"' in answer.text
    assert 'href="#f-filing.starts_on"' in answer.text
    assert 'value="演示社区花草认养登记"' in answer.text and 'value="很多"' in answer.text


def test_one_more_item_is_a_page_with_one_more_and_hands_nothing_in(
    seat: Seats, one_office: Office
) -> None:
    mine, before = seat("dept.clerk"), len(drafts(one_office))
    answer = mine.hand_in(DRAFT, _add="filing.applicants", **TYPED)
    assert (
        answer.status_code == 200
        and 'data-path="filing.applicants.1.organisation_id"' in answer.text
    )
    assert len(drafts(one_office)) == before


def test_a_form_put_aside_is_found_again_as_it_was(seat: Seats, one_office: Office) -> None:
    mine = seat("dept.clerk")
    put = mine.hand_in(DRAFT, _aside="1", **{"filing.title": "只填了题目"})
    assert put.headers["location"] == "/desk/kept"
    kept = mine.get("/desk/kept").text
    again = mine.get(f"{DRAFT}?draft=" + kept.partition("?draft=")[2].partition('"')[0])
    assert 'value="只填了题目"' in again.text
    assert "只填了题目" not in seat("dept.head").get("/desk/kept").text


def test_a_form_of_too_many_fields_is_refused(seat: Seats) -> None:
    mine = seat("dept.clerk")
    many = mine.hidden(DRAFT) | {f"filing.n{n}": "x" for n in range(MOST_FIELDS + 1)}
    assert "form.fields" in mine.post(DRAFT, many).text


def test_so_many_forms_are_put_aside_and_no_more(seat: Seats, one_office: Office) -> None:
    mine = seat("dept.clerk")
    actor = Actor(person_id=mine.person.id, name="", county=mine.person.county)
    kept = aside.Kept(form=DRAFT, title="x", fields=[])
    for _ in range(aside.MOST):
        aside.put_aside(one_office, actor, kept)
    with pytest.raises(Refusal) as raised:
        aside.put_aside(one_office, actor, kept)
    assert raised.value.code == "form_draft.too_many"


def test_a_stale_page_is_told_so_and_keeps_what_was_typed(seat: Seats, one_office: Office) -> None:
    mine = seat("dept.clerk")
    mine.hand_in(DRAFT, **TYPED)
    path = f"/do/request.edit?id={drafts(one_office)[-1].id}"
    edited = {name.removeprefix("filing."): value for name, value in TYPED.items()}
    early = mine.hidden(path)
    assert mine.hand_in(path, **edited | {"title": "先改的"}).status_code == 303
    late = mine.post(path, early | edited | {"title": "后改的"})
    assert late.status_code == 422 and 'value="后改的"' in late.text
    assert drafts(one_office)[-1].filing.title == "先改的"


def test_an_act_that_is_not_ones_own_is_refused_by_the_act_itself(seat: Seats) -> None:
    answer = seat("community.worker").hand_in(DRAFT, **TYPED)
    assert answer.status_code == 422 and "权" in answer.text


def test_a_record_of_elsewhere_has_no_page(seat: Seats, one_office: Office) -> None:
    seat("dept.clerk").hand_in(DRAFT, **TYPED)
    made = drafts(one_office)[-1]
    for path in (f"/records/requests/{made.id}", f"/do/request.edit?id={made.id}"):
        assert seat("other.office").get(path).status_code == 404


def test_what_a_command_holds_is_typed_and_read_back_alike() -> None:
    command = BY_NAME["request.draft"].command
    filled = Filled(fields_of(command), typed(TYPED.items()))
    made = command_of(command, filled)
    assert filled.wrong == []
    again = Filled(fields_of(command), as_typed(filled.data))
    assert command_of(command, again) == made


@pytest.mark.parametrize(
    "typed_in",
    ["标题" * 5_000, "\u202e反着写\u202c", "零\u200b宽\u2060字", "“智能引号”\u00a0与\u00ad软连字", "𠮷野家𪚥",
     "<script>alert(1)</script>", "'\"><svg onload=alert(1)>", "{{ 7*7 }}", "\x00\x1b[31m"],
    ids=["long", "bidi", "no-width", "word", "rare", "script", "svg", "template", "control"],
)  # fmt: skip
def test_whatever_is_typed_as_a_title_is_kept_as_text_or_told_wrong(
    seat: Seats, typed_in: str
) -> None:
    mine = seat("dept.clerk")
    answer = mine.hand_in(DRAFT, **TYPED | {"filing.title": typed_in})
    assert answer.status_code in (303, 422)
    page = mine.get(answer.headers["location"]) if answer.status_code == 303 else answer
    assert page.status_code in (200, 422)
    assert "<script>alert" not in page.text and "<svg onload" not in page.text


def test_forms_ask_for_files_where_documents_are_named() -> None:
    assert any(f.form is Form.FILE for f in every(fields_of(BY_NAME["agreement.sign"].command)))


HAN = re.compile("[\u3400-\u9fff]")


def test_every_act_field_and_word_of_a_form_is_english_in_english() -> None:
    tongue = Tongue("en")
    said = {act.act: tongue.act(act) for act in ACTS}
    for act in (a for a in ACTS if a.command is not Nothing):
        for field in every(fields_of(act.command)):
            at = f"{act.act} {field.name}"
            said[at] = tongue.field(field.name, act.path.split("/")[1])
            said |= {f"{at} {c.value}": tongue.choice(c, field.name) for c in field.codes}
    assert {at: word for at, word in said.items() if HAN.search(word)} == {}


def test_no_page_of_an_act_says_its_own_words_in_chinese_in_english(seat: Seats) -> None:
    """What is on record stays as it was written: banner, names of people and bodies."""
    mine, looking = seat("county.office"), Looking(frozenset())
    begun = [a for a in ACTS if "{id}" not in a.path]
    pages = {a.act: mine.get(f"/do/{a.act}?lang=en") for a in begun}
    told = {act: page for act, page in pages.items() if page.status_code == OK}
    wrong = {
        act: found for act, page in told.items()
        if (found := [one for one in looking.faults(Page(Told(OK, {}, page.content, 0)))
                      if one.startswith("Chinese")])
    }  # fmt: skip
    assert wrong == {} and len(told) > len(begun) // 2


def test_a_form_asks_what_it_must_first_and_names_it_in_the_words_of_its_act(seat: Seats) -> None:
    worker = seat("community.worker")
    page = worker.hand_in("/do/complaint.register")
    wrong = page.text.partition('role="alert"')[2].partition("</ul>")[0]
    assert page.status_code == 422 and "被投诉单位：" in wrong and "具体情况" in wrong
    assert not re.search("[A-Z]", re.sub(r"<[^>]+>", "", wrong))
    names = re.findall(r'name="(?:_find\.)?([a-z_]+)"', page.text.partition("</ul>")[2])
    assert names.index("wording") < names.index("presence_id")
