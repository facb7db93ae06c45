"""user 人员账号: add, show, grant, end, disable, password."""

import argparse
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import date

from registry.actions.office import Answer, Desk, Office
from registry.actions.staff.staffing import (
    PersonCommand,
    PostCommand,
    create_person,
    disable_person,
    end_post,
    grant_post,
    set_password,
)
from registry.cli.entry import DONE, CommandError
from registry.cli.opening import act, only_county, opened, settings
from registry.domain.people import Organisation, Person, Post


def arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-command an act, and ``show``."""
    kinds = "add|show|grant|end|disable|password"
    what = parser.add_subparsers(dest="what", required=True, metavar=kinds)
    add = what.add_parser("add", help="新建 a person with a first post")
    add.add_argument("username")
    add.add_argument("--name", required=True, help="姓名")
    add.add_argument("--county", help="六位区县代码")
    show = what.add_parser("show", help="账号及任职 the account and its posts")
    show.add_argument("username")
    grant = what.add_parser("grant", help="任职 one more post")
    grant.add_argument("username")
    for command in (add, grant):
        command.add_argument(
            "--role",
            required=True,
            action="append",
            help="岗位, e.g. street.clerk; may be repeated",
        )
        command.add_argument("--organisation", required=True, help="单位编号 its id")
        command.add_argument(
            "--area", default="", help="区划编号或代码; default: the organisation's"
        )
    end = what.add_parser("end", help="免去任职 end a post")
    end.add_argument("username")
    end.add_argument("post", help="任职编号 as `user show` prints it")
    end.add_argument("--on", type=date.fromisoformat, help="最后一天 last day, default today")
    disable = what.add_parser("disable", help="停用 sessions end at once")
    disable.add_argument("username")
    password = what.add_parser("password", help="改口令 old sessions end")
    password.add_argument("username")
    for command in (add, password):
        command.add_argument(
            "--password-stdin", action="store_true",
            help="从标准输入读口令；不写则随机生成 otherwise a random one is made and shown once",
        )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """One act on one account."""
    todo: dict[str, Callable[[Office, argparse.Namespace], int]] = {
        "add": _add, "show": _show, "grant": _grant, "end": _end, "disable": _disable,
        "password": _password,
    }  # fmt: skip
    with opened(settings()) as office:
        return todo[args.what](office, args)


def person_named(office: Office, username: str) -> Person:
    """The account with this user name.

    Raises:
        CommandError: there is none.
    """
    person = office.store.reader.person_named(username)
    if person is None:
        raise CommandError(f"没有用户 no such user: {username}")
    return person


def _add(office: Office, args: argparse.Namespace) -> int:
    county = only_county(office, args.county)
    secret, made = _secret(office, stdin=args.password_stdin)
    first, *others = dict.fromkeys(args.role)
    command = PersonCommand(
        username=args.username, name=args.name, role=first,
        organisation_id=args.organisation, area=args.area, password=secret,
    )  # fmt: skip
    answer = act(office, county, "person.create", lambda desk: create_person(desk, command))
    _granted(office, person_named(office, args.username), args, others)
    return _told(answer, made)


def _show(office: Office, args: argparse.Namespace) -> int:
    person = person_named(office, args.username)
    state = "在用 active" if person.active else "已停用 disabled"
    print(f"{person.username}  {person.name}  {person.county}  {state}")
    for post in _posts(office, person):
        body = office.store.reader.get(Organisation, person.county, post.organisation_id)
        where = body.name if body else post.organisation_id
        print(f"  {post.id}  {post.role}  {where}  {post.valid_from} – {post.valid_to or ''}")
    return DONE


def _posts(office: Office, person: Person) -> list[Post]:
    return list(office.store.reader.find(Post, person.county, person_id=person.id))


def _grant(office: Office, args: argparse.Namespace) -> int:
    _granted(office, person_named(office, args.username), args, list(dict.fromkeys(args.role)))
    return DONE


def _granted(office: Office, person: Person, args: argparse.Namespace, roles: list[str]) -> None:
    for role in roles:
        command = PostCommand(role=role, organisation_id=args.organisation, area=args.area)

        def verb(desk: Desk, command: PostCommand = command) -> Answer:
            return grant_post(desk, person.id, command)

        _posted(act(office, person.county, "post.grant", verb))


def _end(office: Office, args: argparse.Namespace) -> int:
    person = person_named(office, args.username)
    if args.post not in [post.id for post in _posts(office, person)]:
        raise CommandError(f"{args.username} 没有这个任职 has no such post: {args.post}")

    def verb(desk: Desk) -> Answer:
        return end_post(desk, args.post, args.on or desk.today)

    return _posted(act(office, person.county, "post.end", verb))


def _posted(answer: Answer) -> int:
    print(f"{answer.body['role']}  {answer.body['id']}  v{answer.version}")
    return DONE


def _disable(office: Office, args: argparse.Namespace) -> int:
    person = person_named(office, args.username)

    def verb(desk: Desk) -> Answer:
        return disable_person(desk, person.id)

    return _told(act(office, person.county, "person.disable", verb), "")


def _password(office: Office, args: argparse.Namespace) -> int:
    person = person_named(office, args.username)
    secret, made = _secret(office, stdin=args.password_stdin)

    def verb(desk: Desk) -> Answer:
        return set_password(desk, person.id, secret)

    return _told(act(office, person.county, "person.create", verb), made)


def _secret(office: Office, *, stdin: bool) -> tuple[str, str]:
    """The password, and the same again where it was made here and must be shown."""
    if stdin:
        return sys.stdin.readline().rstrip("\n"), ""
    made = urlsafe_b64encode(office.source.token(12)).decode()
    return made, made


def _told(answer: Answer, made: str) -> int:
    print(f"{answer.body['username']}  {answer.body['id']}  v{answer.version}")
    if made:
        print(f"口令（只显示这一次） password, shown this once: {made}")
    return DONE
