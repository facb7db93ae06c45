"""试查 a working draft that nobody has proposed yet: what is wrong with it, what its cases say, what
it changes. Nothing is kept; whoever may propose may try.
"""

from collections.abc import Mapping

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.rejudging import sampling
from registry.actions.rejudging.sampling import Sampled
from registry.actions.rules.comparing import governing
from registry.actions.rules.packs import Trial, tried
from registry.actions.rules.publishing import FOREIGN
from registry.actions.rules.signing import county_paths
from registry.domain.errors import Refusal
from registry.domain.pack import PackState, PublishedPack
from registry.policies.drafting.diff import Change, diff
from registry.policies.drafting.lint import check
from registry.policies.drafting.problems import Problem, from_error
from registry.policies.loader import PackError, load_pack

Files = Mapping[str, str]
ACT, SIMULATES = "pack.propose", "pack.simulate"


def _allow(desk: Desk) -> None:
    desk.authorise(ACT, paths=county_paths(desk))


def problems(office: Office, call: Call, files: Files) -> list[Problem]:
    """Everything wrong with the files.

    Raises:
        Refusal: ``access.forbidden``.
    """

    def verb(desk: Desk) -> Answer:
        _allow(desk)
        books, county = desk.office.rulebooks, desk.unit.county
        return Answer(body=check(files, books.known(county), books.lists(county)))

    found: list[Problem] = office.ask(call, verb).body
    return found


def cases(office: Office, call: Call, files: Files) -> Trial | list[Problem]:
    """What the cases of the files say, or why they cannot be run.

    Raises:
        Refusal: ``access.forbidden``, ``pack.parent``.
    """

    def verb(desk: Desk) -> Answer:
        _allow(desk)
        try:
            pack = load_pack(files)
        except PackError as error:
            return Answer(body=[from_error(error)])
        books = desk.office.rulebooks
        book = books.drafted(desk.unit.county, pack, pack.document.pack.effective_from)
        return Answer(body=tried(pack, book))

    found: Trial | list[Problem] = office.ask(call, verb).body
    return found


def changes(office: Office, call: Call, files: Files) -> tuple[str, list[Change]] | list[Problem]:
    """The pack that governs today ("" = none) and what the files change against it.

    Raises:
        Refusal: ``access.forbidden``.
    """

    def verb(desk: Desk) -> Answer:
        _allow(desk)
        county = desk.unit.county
        try:
            after = load_pack(files)
        except PackError as error:
            return Answer(body=[from_error(error)])
        before = governing(desk.office, county, "")
        lists = {held.id: held for held in desk.office.rulebooks.lists(county)}
        told = diff(load_pack(before.files) if before else None, after, (lists, lists))
        return Answer(body=(before.name if before else "", told))

    found: tuple[str, list[Change]] | list[Problem] = office.ask(call, verb).body
    return found


def simulated(office: Office, call: Call, files: Files) -> Sampled | list[Problem]:
    """The cases on record tried against the files, or why they cannot be; nothing is kept.

    Raises:
        Refusal: ``access.forbidden``, ``pack.jurisdiction``, ``pack.parent``, ``pack.none``,
            ``simulation.busy``.
    """

    def verb(desk: Desk) -> Answer:
        desk.authorise(SIMULATES, paths=county_paths(desk))
        try:
            pack = load_pack(files)
        except PackError as error:
            return Answer(body=[from_error(error)])
        identity = pack.document.pack
        if identity.jurisdiction != desk.unit.county:
            raise Refusal(FOREIGN, jurisdiction=identity.jurisdiction)
        draft = PublishedPack(
            county=identity.jurisdiction, id=identity.id, name=identity.name, level=identity.level,
            state=PackState.PROPOSED, parent=identity.parent, digest=pack.digest,
            effective_from=identity.effective_from, files=dict(files),
            proposed_by=desk.actor.person_id,
        )  # fmt: skip
        found = sampling.tried(desk, draft, identity.effective_from, SIMULATES)
        return Answer(body=found)

    told: Sampled | list[Problem] = office.ask(call, verb).body
    return told
