"""token 访问令牌: one for a program that acts as a person, shown once."""

import argparse

from registry.actions.office import Answer, Desk
from registry.actions.staff.staffing import hand_token
from registry.cli.entry import DONE
from registry.cli.opening import act, opened, progress, settings
from registry.cli.user import person_named


def arguments(parser: argparse.ArgumentParser) -> None:
    """``issue``."""
    what = parser.add_subparsers(dest="what", required=True, metavar="issue")
    issue = what.add_parser("issue", help="签发 for this person")
    issue.add_argument("username")


def run(args: argparse.Namespace) -> int:
    """Issue; the token alone goes to standard output."""
    with opened(settings()) as office:
        person = person_named(office, args.username)

        def verb(desk: Desk) -> Answer:
            return hand_token(desk, person.id)

        told = act(office, person.county, "token.issue", verb).body
    progress(f"{person.username} {person.name}: {told.expires_at.isoformat()}")
    print(told.token)
    return DONE
