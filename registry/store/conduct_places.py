"""社区比对 the statements by which what stands in communities is held against its admission."""

from sqlalchemy import Dialect, Text, bindparam, cast, literal_column, or_, select

from registry.domain.approval import Decision, DecisionKind
from registry.domain.certifying import CertificateDemand, Certifying
from registry.domain.living import Departure, DepartureState
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import Record
from registry.domain.request import Request, State
from registry.domain.walls import HANGING, Board, Bureau, Origin, Profile
from registry.store.columns import said
from registry.store.comparing import Build, Built, named, nothing, now, words

RUNS = (PresenceState.AGREED, PresenceState.ACTIVE, PresenceState.SUSPENDED)


def unadmitted_presences(_dialect: Dialect) -> Built:
    """Matters that go on in a community though their request is not admitted."""
    p, r = named(Presence, "p"), named(Request, "r")
    query = select(
        p.c.id.label("about"), r.c.applicant_id.label("asked"), p.c.area_path.label("path"),
        p.c.title, r.c.id.label("request_id"), r.c.state.label("request_state"),
    ).where(
        *now(p, r), r.c.id == p.c.request_id, p.c.state.in_(words(*RUNS)),
        r.c.state.not_in(words(State.APPROVED, State.CLOSED)),
    )  # fmt: skip
    return query, [p, r]


def _unadmitted_walls(kind: type[Record], called: str) -> Build:
    def build(_dialect: Dialect) -> Built:
        w = named(kind, "w")
        query = select(
            w.c.id.label("about"), w.c.department_id.label("asked"), w.c.area_path.label("path"),
            w.c[called].label("title"), cast(w.c.since, Text).label("since"),
        ).where(
            *now(w), w.c.origin.in_(words(Origin.UNADMITTED)),
            w.c.state.in_(words(*HANGING)),
            or_(w.c.profile.is_(None), w.c.profile.not_in(words(Profile.STANDS))),
        )  # fmt: skip
        return query, [w]

    return build


unadmitted_boards = _unadmitted_walls(Board, "wording")
unadmitted_bureaus = _unadmitted_walls(Bureau, "name")


def unpublished(dialect: Dialect) -> Built:
    """Leavings that the rules want published and nobody has posted."""
    d, p = named(Departure, "d"), named(Presence, "p")
    publish = said(dialect, d, "publish").in_(words("1", "true"))
    query = select(
        d.c.id.label("about"), d.c.organisation_id.label("asked"), d.c.area_path.label("path"),
        p.c.title, cast(d.c.left_on, Text).label("left_on"),
    ).where(
        *now(d, p), p.c.id == d.c.presence_id, d.c.state.in_(words(DepartureState.OPEN)),
        publish, said(dialect, d, "posting_id").is_(None),
        cast(d.c.left_on, Text) < bindparam("today"),
    )  # fmt: skip
    return query, [d]


def beyond_profile(_dialect: Dialect) -> Built:
    """Boards that hang though the rules in force say that they have to go."""
    w = named(Board, "w")
    query = select(
        w.c.id.label("about"), w.c.department_id.label("asked"), w.c.area_path.label("path"),
        w.c.wording.label("title"), cast(w.c.since, Text).label("since"),
    ).where(
        *now(w), w.c.state.in_(words(*HANGING)), w.c.profile.in_(words(Profile.MUST_GO)),
    )  # fmt: skip
    return query, [w]


def off_list_demands(_dialect: Dialect) -> Built:
    """Papers demanded of communities that they must not issue."""
    c = named(CertificateDemand, "c")
    query = select(
        c.c.id.label("about"), nothing("asked"), c.c.area_path.label("path"), c.c.item,
        c.c.demander, c.c.times, c.c.month,
    ).where(
        *now(c), c.c.answer.in_(words(Certifying.MUST_NOT)), c.c.times > literal_column("0"),
    )  # fmt: skip
    return query, [c]


def boards_before(dialect: Dialect) -> Built:
    """Boards that hung before the matter they hang for was admitted."""
    w, p, d = named(Board, "w"), named(Presence, "p"), named(Decision, "d")
    query = select(
        w.c.id.label("about"), w.c.department_id.label("asked"), w.c.area_path.label("path"),
        w.c.wording.label("title"), cast(w.c.since, Text).label("since"),
        cast(d.c.issued_on, Text).label("issued_on"), d.c.number,
    ).where(
        *now(w, p, d), w.c.presence_id == p.c.id, d.c.request_id == p.c.request_id,
        d.c.kind.in_(words(DecisionKind.ADMITTED)), said(dialect, d, "replaces").is_(None),
        w.c.origin.in_(words(Origin.ADMITTED)), w.c.since < d.c.issued_on,
    )  # fmt: skip
    return query, [w, d]


def work_before(dialect: Dialect) -> Built:
    """Work that began in a community before it was admitted."""
    p, d = named(Presence, "p"), named(Decision, "d")
    begun = said(dialect, p, "started_on")
    query = select(
        p.c.id.label("about"), p.c.department_id.label("asked"), p.c.area_path.label("path"),
        p.c.title, begun.label("since"), cast(d.c.issued_on, Text).label("issued_on"), d.c.number,
    ).where(
        *now(p, d), d.c.request_id == p.c.request_id,
        d.c.kind.in_(words(DecisionKind.ADMITTED)), said(dialect, d, "replaces").is_(None),
        begun < cast(d.c.issued_on, Text),
    )  # fmt: skip
    return query, [p, d]
