"""申报 in a real browser: sheets that are wrong and mended, several matters at once, two tabs, the
back button, a double click, a lost sign-in, files that are not taken; with scripts and without."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from registry.domain.document import Document
from registry.domain.request import Request
from registry.web.filing.columns import AREAS, columns
from tests.web.site import NARROW, Sight, Site, served
from tests.web.test_filing_many import line, packed, sheet
from tests.web.test_sessions import PASSWORD, with_password

pytestmark = pytest.mark.browser
COUNTY = "990102"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEXT = "form[data-guard] .acts button:first-child"


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    with served(sqlite_template, tmp_path) as made:
        yield made


def tried(*, first: bool) -> pytest.MarkDecorator:
    """With scripts and without: ``first`` in every run, the other way in the full one.
    ``test_no_scripts_browser`` carries a filing with its file on without scripts in every run."""
    ways = [
        pytest.param(on, id=id, marks=() if on is first else pytest.mark.long)
        for on, id in ((True, "scripts"), (False, "no scripts"))
    ]
    return pytest.mark.parametrize("sight", ways, indirect=True)


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def sight(browser: Any, site: Site, request: pytest.FixtureRequest) -> Iterator[Sight]:
    made = Sight(browser, site, "dept.clerk", java_script_enabled=request.param, viewport=NARROW)
    yield made
    made.context.close()


def cases(site: Site) -> list[Request]:
    return list(site.office.store.reader.find(Request, COUNTY))


def filled(sight: Sight, title: str) -> None:
    """From the first page of a filing to its check, as somebody would."""
    page = sight.page
    page.select_option("[name=kind]", "task")
    page.fill("[name=title]", title)
    page.click(NEXT)
    page.wait_for_url("**/whom")
    page.check("[name=receivers][value=residents_committee]")
    if not page.locator("[name=targets]:checked").count():
        page.click("#f-targets summary >> nth=0")
        page.check("[name=targets] >> nth=1")
    page.click("button[name=_to][value=check]")
    page.wait_for_url("**/check")


@tried(first=False)
def test_a_sheet_that_is_wrong_comes_back_is_mended_and_becomes_drafts_with_their_files(
    sight: Sight, site: Site
) -> None:
    page = sight.page
    sight.go("/file-many")
    good, bad = line(title="路灯编号", _files="来文.txt"), line(title="坏行", targets="没有的社区")
    data = sheet(good, bad)
    page.set_input_files("#file", {"name": "三月.xlsx", "mimeType": XLSX, "buffer": data})
    page.click("form[enctype] button")
    assert "没有「没有的社区」" in page.inner_text("main")
    with page.expect_download() as got:
        page.click("a[href$='errors.xlsx']")
    book = load_workbook(io.BytesIO(Path(got.value.path()).read_bytes()))
    rows = [[cell.value or "" for cell in row] for row in book.worksheets[0]]
    rows[1][_at(rows[0])] = "990102001001"
    mended = io.BytesIO()
    for at, value in enumerate(rows[1], 1):
        book.worksheets[0].cell(2, at, value)
    book.save(mended)
    page.set_input_files("#zip", {"name": "附件.zip", "mimeType": "application/zip",
                                  "buffer": packed(**{"来文.txt": b"1"})})  # fmt: skip
    page.check("[name=_not_secret]")
    page.click("form[enctype] .acts button")
    page.wait_for_selector(".good")
    sight.go("/file-many")
    page.set_input_files("#file", {"name": "改好.xlsx", "mimeType": XLSX,
                                   "buffer": mended.getvalue()})  # fmt: skip
    page.click("form[enctype] button")
    page.click("form[enctype] .acts button")
    page.wait_for_selector(".good")
    assert sorted(one.title for one in cases(site)) == ["坏行", "路灯编号"]
    assert [d.name for d in site.office.store.reader.find(Document, COUNTY)] == ["来文.txt"]
    assert not sight.scrolls_sideways()


def _at(heads: list[str]) -> int:
    heading = next(c.heading for c in columns() if c.path == AREAS)
    return next(n for n, head in enumerate(heads) if head.rstrip("*") == heading)


@tried(first=True)
def test_three_matters_go_on_one_paper(sight: Sight, site: Site) -> None:
    sight.go("/file")
    filled(sight, "路灯编号")
    for title in ("花草登记", "信箱登记"):
        sight.page.click("button[name=_part]")
        sight.page.wait_for_url("**/what")
        filled(sight, title)
    sight.page.fill("[name=_title]", "三件事")
    sight.page.click("form[action$=check] .acts button:first-child")
    sight.page.wait_for_url("**/case/**")
    titles = {one.title for one in cases(site)}
    assert titles == {"三件事", "路灯编号", "花草登记", "信箱登记"}


@tried(first=True)
def test_the_back_button_after_handing_on_leads_to_the_draft(sight: Sight, site: Site) -> None:
    sight.go("/file")
    filled(sight, "路灯编号")
    sight.page.click("form[action$=check] .acts button:first-child")
    sight.page.wait_for_url("**/case/**")
    made = sight.page.url.partition("?")[0]
    sight.page.go_back()
    assert sight.page.url.partition("?")[0] == made
    assert len(cases(site)) == 1


def test_a_double_click_hands_on_once(sight: Sight, site: Site) -> None:
    sight.go("/file")
    filled(sight, "路灯编号")
    sight.page.dblclick("form[action$=check] .acts button:first-child")
    sight.page.wait_for_url("**/case/**")
    assert len(cases(site)) == 1


@tried(first=True)
def test_two_tabs_of_one_filing_lose_nothing_that_the_other_page_asked(
    sight: Sight, site: Site
) -> None:
    sight.go("/file")
    filled(sight, "路灯编号")
    other = sight.context.new_page()
    other.goto(sight.page.url.replace("/check", "/load"))
    sight.page.goto(sight.page.url.replace("/check", "/what"))
    sight.page.fill("[name=content]", "登记灯具")
    sight.page.click("button[name=_to][value=check]")
    other.fill("[name=hours_per_cycle]", "2")
    other.click("button[name=_to]")
    other.wait_for_url("**/check")
    said = other.inner_text("main")
    assert "登记灯具" in said and "2" in said
    other.click("form[action$=check] .acts button:first-child")
    other.wait_for_url("**/case/**")
    sight.page.reload()
    assert "/case/" in sight.page.url and len(cases(site)) == 1


@tried(first=True)
def test_a_sign_in_that_ran_out_loses_nothing_that_was_typed(sight: Sight, site: Site) -> None:
    with_password(site.office, "dept.clerk")
    sight.go("/file")
    sight.page.fill("[name=title]", "路灯编号")
    sight.page.fill("[name=content]", "登记灯具，一户不漏")
    site.clock.at += timedelta(minutes=40)
    sight.page.click(NEXT)
    sight.page.fill("[name=username]", "dept.clerk")
    sight.page.fill("[name=password]", PASSWORD)
    sight.page.click("form.narrow button")
    sight.page.click("form:has(input[name=_again]) button")
    sight.page.wait_for_load_state()
    assert sight.page.locator("[name=title]").input_value() == "路灯编号"
    assert sight.page.locator("[name=content]").input_value() == "登记灯具，一户不漏"
    sight.page.click(NEXT)
    assert "/file/" in sight.page.url


@tried(first=True)
@pytest.mark.parametrize("file", [
    ("程序.exe", b"MZ\x90\x00\xff", "只收 PDF"),
    ("大图.png", b"\x89PNG\r\n\x1a\n" + bytes(21 << 20), "20 MB"),
], ids=["wrong type", "too large"])  # fmt: skip
def test_a_file_that_is_not_taken_is_told_and_nothing_else_is_lost(
    sight: Sight, site: Site, tmp_path: Path, file: tuple[str, bytes, str]
) -> None:
    sight.go("/file")
    filled(sight, "路灯编号")
    sight.page.click("form[action$=check] .acts button:first-child")
    sight.page.wait_for_url("**/case/**")
    sight.go(f"/attach/request/{cases(site)[0].id}")
    name, data, said = file
    (tmp_path / name).write_bytes(data)
    sight.page.set_input_files("input[type=file]", tmp_path / name)
    sight.page.check("[name=_not_secret]")
    sight.page.click("form[enctype] button")
    told = sight.page.evaluate(
        "document.querySelector('input[type=file]')?.validationMessage || ''"
    )
    assert said in told + sight.page.inner_text("body")
    assert not site.office.store.reader.find(Document, COUNTY)


def test_hints_come_as_it_is_typed_and_the_last_word_counts(browser: Any, site: Site) -> None:
    sight = Sight(browser, site, "dept.clerk")
    sight.go("/file")
    sight.page.select_option("[name=kind]", "certificate")
    asked: list[str] = []
    sight.page.on("request", lambda r: asked.append(r.url) if r.url.endswith("/hints") else None)
    sight.page.locator("[name=title]").press_sequentially("居住证明", delay=30)
    sight.page.wait_for_selector("#hints:not([aria-busy]) li, #hints:not([aria-busy]) .errors")
    assert 1 <= len(asked) <= 2, "a question is not asked for every letter"
    assert sight.page.get_attribute("#hints", "aria-live") == "polite"
    assert sight.complaints == []
    sight.context.close()


@tried(first=False)
def test_a_copy_takes_the_files_along_where_that_is_ticked(sight: Sight, site: Site) -> None:
    page = sight.page
    sight.go("/file")
    filled(sight, "路灯编号")
    page.click("form[action$=check] .acts button:first-child")
    page.wait_for_url("**/case/**")
    first = cases(site)[0].id
    sight.go(f"/attach/request/{first}")
    file = {"name": "来文.txt", "mimeType": "text/plain", "buffer": "来文".encode()}
    page.set_input_files("input[type=file]", file)
    page.check("[name=_not_secret]")
    page.click("form[enctype] button")
    sight.go(f"/file?copy={first}")
    page.fill("[name=title]", "路灯编号（二期）")
    page.click("button[name=_to][value=check]")
    page.check("[name=_with_files]")
    page.click("form[action$=check] .acts button:first-child")
    page.wait_for_url("**/case/**")
    held = site.office.store.reader.find(Document, COUNTY)
    assert len(cases(site)) == 2 and len({one.parent_id for one in held}) == len(held) == 2
