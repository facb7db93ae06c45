"""key 签名密钥: make, list, retire, revoke; the private half is a file and is never shown."""

import argparse
from datetime import datetime
from functools import partial

from registry.actions.office import Office
from registry.actions.vouching import keeping, revoking
from registry.actions.vouching.keeping import RetireCommand, RevokeCommand
from registry.cli.entry import DONE, CommandError
from registry.cli.opening import act, allowed, only_county, opened, settings
from registry.domain.records import SHANGHAI
from registry.domain.vouching import SigningKey


def arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-command an act, and ``list``."""
    what = parser.add_subparsers(dest="what", required=True, metavar="make|list|retire|revoke")
    made = what.add_parser("make", help="制作 one more key for this county")
    listed = what.add_parser("list", help="列出 every key, and whether its private half is here")
    retired = what.add_parser("retire", help="停用 what it signed stays good")
    revoked = what.add_parser("revoke", help="吊销 lost or copied: its notices are issued anew")
    for command in (made, listed, retired, revoked):
        command.add_argument("--county", help="六位区县代码")
    for command in (retired, revoked):
        command.add_argument("id", help="密钥编号 as `key list` prints it")
        command.add_argument("--reason", required=True, help="理由 why")
    revoked.add_argument("--from", dest="since", type=_instant,
                         help="吊销起算时间 RFC 3339, default: now")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Do one act, and say how the keys stand then."""
    if args.what == "list":
        allowed("key.read")
    with opened(settings()) as office:
        county = only_county(office, args.county)
        if args.what == "make":
            act(office, county, "key.make", keeping.make)
        if args.what in ("retire", "revoke"):
            _end(office, county, args)
        for key in office.store.reader.find(SigningKey, county):
            print(_line(office, key))
    return DONE


def _end(office: Office, county: str, args: argparse.Namespace) -> None:
    held = office.store.reader.get(SigningKey, county, args.id)
    if held is None:
        raise CommandError(f"没有这把密钥 no such key: {county} {args.id}")
    if args.what == "retire":
        told = RetireCommand(reason=args.reason)
        verb = partial(keeping.retire, id=held.id, version=held.version, command=told)
        act(office, county, "key.retire", verb)
        return
    gone = RevokeCommand(reason=args.reason, revoked_from=args.since)
    act(office, county, "key.revoke",
        partial(revoking.revoke, id=held.id, version=held.version, command=gone))  # fmt: skip


def _line(office: Office, key: SigningKey) -> str:
    here = "私钥在本机 here" if office.store.keys.here(key.id) else "私钥不在本机 not here"
    made = key.made_at.astimezone(SHANGHAI).isoformat(timespec="minutes")
    return (
        f"{key.id}  {keeping.STATE_ZH[key.state]} {key.state.value}  {made}  {here}  {key.reason}"
    )


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError("须带时区 must carry an offset")
    return at
