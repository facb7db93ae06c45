"""页面路由 every page there is, as one table."""

from litestar.handlers import HTTPRouteHandler

from registry.web import (
    acting,
    attach,
    audit,
    auditing,
    batch,
    blanks,
    case,
    cleanup,
    codes,
    community,
    county,
    desk,
    home,
    oneself,
    papers,
    picking,
    public,
    records,
    report,
    saying,
    signing,
    standing_in,
    taking,
    telephone,
    wordings,
)
from registry.web.admin import pages as admin
from registry.web.filing import many, steps
from registry.web.house import House
from registry.web.lists import every as lists
from registry.web.money import bank, books, reallocating, several, voucher
from registry.web.packs import bringing, editing, trials
from registry.web.packs import pages as packs
from registry.web.serving import PLAIN, Kind, Line, page
from registry.web.static_files import static

ROOMS: list[Line] = [
    *admin.PAGES,
    *attach.PAGES,
    *batch.PAGES,
    *case.PAGES,
    *wordings.PAGES,
    *community.PAGES,
    *telephone.PAGES,
    *codes.PAGES,
    *public.PAGES,
    *lists.PAGES,
    *packs.PAGES,
    *editing.PAGES,
    *trials.PAGES,
    *bringing.PAGES,
    *steps.PAGES,
    *many.PAGES,
    *papers.PAGES,
    *blanks.PAGES,
    *books.PAGES,
    *voucher.PAGES,
    *several.PAGES,
    *reallocating.PAGES,
    *bank.PAGES,
    *county.PAGES,
    *cleanup.PAGES,
    *report.PAGES,
    *audit.PAGES,
    *auditing.PAGES,
    *taking.PAGES,
]
"""The pages of every room."""


def pages(house: House) -> list[HTTPRouteHandler]:
    """Every page, and the files they ask for."""
    told: list[Line] = [
        ("GET", "/", home.home, home.OPEN),
        ("GET", "/login", signing.ask, signing.ASKS),
        ("POST", "/login", signing.sign_in(house), Kind(open=True)),
        ("POST", "/logout", signing.sign_out, Kind(changing=True)),
        *oneself.PAGES,
        *picking.PAGES,
        *standing_in.PAGES,
        ("POST", "/me/keys", desk.turn_keys, PLAIN),
        ("GET", "/me/password", signing.ask_password, signing.CHANGES),
        ("POST", "/me/password", signing.change_password(house), signing.CHANGES),
        ("GET", "/desk", desk.desk, desk.BOX),
        ("GET", "/desk/kept", desk.kept, PLAIN),
        ("POST", "/desk/kept", desk.drop, PLAIN),
        ("GET", "/records", records.index, records.INDEX),
        ("GET", "/records/{resource:str}", records.many, records.LIST),
        ("GET", "/records/{resource:str}/{id:str}", records.one, records.ONE),
        ("GET", "/do/{act:str}", acting.ask, acting.ASKS),
        ("POST", "/do/{act:str}", acting.hand_in, acting.HANDS_IN),
        *saying.pages(house),
        *ROOMS,
    ]
    return [static(), *(page(house, line) for line in told)]
