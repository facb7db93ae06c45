"""开门 what every command needs: settings, a migrated office, the operator, lines of progress."""

import getpass
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from registry.actions.office import FORBIDDEN, Answer, Call, Desk, Office
from registry.actions.seeding import operator
from registry.cli.entry import CommandError
from registry.domain.areas import Area, AreaLevel, Relation
from registry.domain.errors import Refusal
from registry.domain.people import Actor
from registry.domain.records import NATION
from registry.policies.access import Access
from registry.settings import Settings, from_environment

_ODD = re.compile(r"[^0-9A-Za-z._\-]")


def settings() -> Settings:
    """The settings of the environment."""
    return from_environment()


@contextmanager
def opened(given: Settings) -> Iterator[Office]:
    """The office on a database that is at this release's revision.

    Raises:
        CommandError: the database is not there or must be migrated first.
    """
    from registry.app import open_office
    from registry.store.migrate import head, sqlite_file, url_revision

    file = sqlite_file(given.database_url)
    missing = file is not None and not file.exists()
    if missing or url_revision(given.database_url) != head():
        raise CommandError("请先运行 registry migrate / the database is not migrated yet")
    office = open_office(given)
    try:
        yield office
    finally:
        office.treasuries.close()
        office.store.close()


def system_user() -> str:
    """Who sits at the machine, as the log names them."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "unknown"
    return _ODD.sub("_", name)[:60] or "unknown"


def cli_actor(county: str) -> Actor:
    """The operator, ``cli:<system user>``, under the same access tables as everybody."""
    return operator(county, system_user())


def act(office: Office, county: str, name: str, verb: Callable[[Desk], Answer]) -> Answer:
    """Do one act as the operator; refusals are raised and recorded as anywhere."""
    return office.perform(Call(actor=cli_actor(county), county=county, act=name), verb)


def allowed(name: str) -> None:
    """Ask the access tables whether an operator may do an act that records nothing.

    Raises:
        Refusal: ``access.forbidden``.
    """
    posts = [(post.role, Relation.OTHER) for post in cli_actor(NATION).posts]
    if Access().may(posts, name) is None:
        raise Refusal(FORBIDDEN, act=name)


def only_county(office: Office, given: str | None) -> str:
    """The county a command means: as given, or the only one there is.

    Raises:
        CommandError: several, and none was named.
    """
    if given is not None:
        return given
    reader = office.store.reader
    counties = [c for c in reader.partitions() if reader.find(Area, c, level=AreaLevel.COUNTY)]
    if len(counties) == 1:
        return counties[0]
    if not counties:
        raise CommandError("还没有区县，请先导入区划 no county yet: registry import areas")
    raise CommandError(
        f"请用 --county 指明区县 / name the county with --county: {', '.join(counties)}"
    )


def known_county(office: Office, given: str | None) -> str:
    """The same where the county must be there already.

    Raises:
        CommandError: none of that code is on record.
    """
    county = only_county(office, given)
    if not office.store.reader.find(Area, county, level=AreaLevel.COUNTY):
        raise CommandError(f"没有这个区县 no such county: {county}")
    return county


def progress(line: str) -> None:
    """A line for whoever waits; results go to standard output, this does not."""
    print(line, file=sys.stderr, flush=True)
