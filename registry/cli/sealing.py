"""封存命令 parts of ``registry audit``: checkpoints, proofs, the log's keys, witnesses and their
files.
"""

import argparse
from functools import partial
from pathlib import Path
from typing import Any

from registry.actions.office import Office
from registry.actions.sealing import checkpointing, keys, peering, proving, submitting, witnessing
from registry.actions.sealing.keys import RotateCommand, note_key
from registry.actions.sealing.minding import Messenger
from registry.actions.sealing.peering import PeerCommand
from registry.cli.entry import DONE, FAILED, CommandError
from registry.cli.opening import act, allowed, only_county, opened, progress, settings
from registry.domain.hashing import SHA256, TREES
from registry.domain.records import NATION
from registry.domain.sealing import Answered, PeerKind
from registry.domain.signed_note import KeyKind, NoteError, parse_key
from registry.domain.vouching import KeyPurpose
from registry.store import checkpoints

WORDS = ("checkpoint", "proof", "key", "witness")


def arguments(what: Any) -> None:
    """``checkpoint``, ``proof``, ``key`` and ``witness``."""
    signed = what.add_parser("checkpoint", help="签署并显示检查点 sign the log as it stands")
    _county(signed, tree=True)
    signed.add_argument("--file", type=Path, help="写到哪里 keep it elsewhere")
    proof = what.add_parser("proof", help="条目的回执 the receipt of one entry, for verify.py")
    _county(proof, tree=True)
    proof.add_argument("seq", type=int, help="条目序号 number of the entry")
    proof.add_argument("file", type=Path)
    key = what.add_parser("key", help="日志密钥 list, or rotate")
    turned = key.add_subparsers(dest="key", required=True, metavar="list|rotate")
    _county(turned.add_parser("list", help="公钥 oldest first"))
    rotate = turned.add_parser("rotate", help="轮换 another takes over, signed by the one before")
    _county(rotate)
    rotate.add_argument("--reason", required=True, help="理由 why")
    rotate.add_argument("--lost", action="store_true", help="旧私钥已遗失 the old one cannot sign")
    rotate.add_argument("--witness", action="store_true", help="见证密钥 the key that cosigns")
    _witness(what.add_parser("witness", help="见证 who witnesses whose log; files by hand"))


def _witness(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="do", required=True, metavar="add|remove|…")
    for name, told in (("add", "请谁见证 who cosigns this log"), ("remove", "不再请 no more")):
        one = what.add_parser(name, help=told)
        _county(one)
        one.add_argument(
            "vkey", type=_witness_key, help="见证公钥 as `witness key` prints it there"
        )
        one.add_argument("--url", default="", help="https://…/witness; 缺省为送交文件 by files")
    for name, told in (("watch", "见证谁的日志 whose log is cosigned here"),
                       ("unwatch", "不再见证 no more")):  # fmt: skip
        one = what.add_parser(name, help=told)
        one.add_argument("vkey", type=_log_key, help="该日志的公钥 that log's key")
    least = what.add_parser("at-least", help="检查点至少须几个见证 before a checkpoint is shown")
    _county(least)
    least.add_argument("many", type=int)
    _county(what.add_parser("list", help="见证各方 who stands"))
    what.add_parser("key", help="本机见证公钥 the key by which this instance cosigns")
    _county(what.add_parser("send", help="送请见证 to every witness, now"))
    export = what.add_parser("export", help="送交文件 a request to carry to a witness by hand")
    _county(export, tree=True)
    export.add_argument("vkey", type=_witness_key)
    export.add_argument("file", type=Path)
    sign = what.add_parser("sign", help="见证送来的文件 cosign a request that was carried here")
    sign.add_argument("request", type=Path)
    sign.add_argument("file", type=Path, help="带回的文件 what is carried back")
    back = what.add_parser("import", help="收回见证 what was carried back")
    _county(back, tree=True)
    back.add_argument("file", type=Path)


def _witness_key(told: str) -> str:
    return _vkey(told, KeyKind.COSIGNATURE)


def _log_key(told: str) -> str:
    return _vkey(told, KeyKind.NOTE)


def _vkey(told: str, kind: KeyKind) -> str:
    """A key as it was typed; what is none is wrong usage, and no fault of anybody's log."""
    try:
        key = parse_key(told)
    except NoteError as error:
        raise argparse.ArgumentTypeError(f"不是公钥 not a vkey: {error}") from error
    if key.kind is not kind:
        raise argparse.ArgumentTypeError(f"是另一种公钥 another kind of vkey: {key.kind.name}")
    return told


def _county(parser: argparse.ArgumentParser, *, tree: bool = False) -> None:
    parser.add_argument("--county", help="六位区县代码")
    if tree:
        parser.add_argument("--tree", choices=TREES, default=SHA256)


def run(args: argparse.Namespace) -> int:
    """Do one of them."""
    with opened(settings()) as office:
        if args.what == "checkpoint":
            return _checkpoint(office, args)
        if args.what == "proof":
            return _proof(office, args)
        if args.what == "key":
            return _key(office, args)
        try:
            return _DOES[args.do](office, args)
        except NoteError as error:
            raise CommandError(f"文件不合格 not such a text: {error}") from error


def _checkpoint(office: Office, args: argparse.Namespace) -> int:
    allowed("checkpoint.make")
    county = only_county(office, args.county)
    if checkpointing.seal(office, county) is None:
        raise CommandError("日志是空的 the log is empty")
    note = checkpointing.shown(office, county, args.tree).note
    if args.file:
        args.file.write_text(note, "utf-8")
    print(note, end="")
    return DONE


def _proof(office: Office, args: argparse.Namespace) -> int:
    county = only_county(office, args.county)
    verb = partial(proving.taken, note={"seq": args.seq, "tree": args.tree})
    act(office, county, proving.PROOF, verb)
    args.file.write_text(proving.receipt_of(office, county, args.seq, tree=args.tree), "utf-8")
    return DONE


def _key(office: Office, args: argparse.Namespace) -> int:
    if args.key == "list":
        allowed("key.read")
        for key in keys.told(office, only_county(office, args.county)):
            how = (
                "遗失轮换 lost"
                if key.lost
                else "旧钥签署 vouched"
                if key.vouched
                else "第一把 first"
            )
            print(f"{key.vkey}  {key.state}  {how}")
        return DONE
    purpose = KeyPurpose.WITNESS if args.witness else KeyPurpose.LOG
    county = NATION if args.witness else only_county(office, args.county)
    command = RotateCommand(reason=args.reason, lost=args.lost)
    made = act(office, county, "key.rotate", partial(keys.rotate, command=command, purpose=purpose))
    print(note_key(made.body))
    return DONE


def _set(office: Office, args: argparse.Namespace) -> int:
    kinds = {"add": PeerKind.WITNESS, "remove": PeerKind.WITNESS, "at-least": PeerKind.AT_LEAST}
    kind = kinds.get(args.do, PeerKind.LOG)
    county = NATION if kind is PeerKind.LOG else only_county(office, args.county)
    command = PeerCommand(
        kind=kind, vkey=getattr(args, "vkey", ""), url=getattr(args, "url", ""),
        at_least=getattr(args, "many", 0), standing=args.do not in ("remove", "unwatch"),
    )  # fmt: skip
    act(office, county, "witness.set", partial(peering.set_peer, command=command))
    return DONE


def _list(office: Office, args: argparse.Namespace) -> int:
    allowed("witness.exchange")
    county = only_county(office, args.county)
    with office.store.settled() as connection:
        witnesses = checkpoints.peers(connection, county, PeerKind.WITNESS)
        logs = checkpoints.peers(connection, NATION, PeerKind.LOG)
        many = checkpoints.at_least(connection, county)
    for peer in witnesses:
        print(f"见证人 witness  {peer.vkey}  {peer.url or '送交文件 by files'}")
    for peer in logs:
        print(f"所见证 log  {peer.vkey}")
    print(f"至少 at least  {many}")
    return DONE


def _own(office: Office, _args: argparse.Namespace) -> int:
    allowed("witness.exchange")
    print(note_key(keys.witness_key(office)))
    return DONE


def _send(office: Office, args: argparse.Namespace) -> int:
    allowed("witness.exchange")
    county = only_county(office, args.county) if args.county else None
    messenger = Messenger(office)
    try:
        done = messenger.round(only=county)
    finally:
        messenger.close()
    for one in done:
        print(f"{one.county}  {one.size}  {one.witness}  {one.outcome.value}  {one.detail}")
    wrong = [one for one in done if one.outcome is not submitting.Outcome.COSIGNED]
    return FAILED if wrong else DONE


def _export(office: Office, args: argparse.Namespace) -> int:
    allowed("witness.exchange")
    county = only_county(office, args.county)
    checkpointing.seal(office, county)  # Who was asked since the last one is a witness of this one.
    sealed, told = submitting.for_hand(office, county, args.vkey, tree=args.tree)
    args.file.write_bytes(told)
    progress(f"{args.file}: {county} {sealed.size}")
    return DONE


def _sign(office: Office, args: argparse.Namespace) -> int:
    allowed("witness.exchange")
    octets = args.request.read_bytes()
    said = witnessing.add_checkpoint(office, octets)
    if said.kind is not Answered.DONE:
        print(f"{said.kind.value}  {said.text}", end="")
        return FAILED
    asked = witnessing.parse_request(octets)
    args.file.write_text(f"{asked.note}{said.text}", "utf-8")
    return DONE


def _import(office: Office, args: argparse.Namespace) -> int:
    allowed("witness.exchange")
    county = only_county(office, args.county)
    many = submitting.take_in(office, county, args.file.read_bytes(), tree=args.tree)
    print(f"新增见证 new cosignatures: {many}")
    return DONE


_DOES = {
    "add": _set, "remove": _set, "watch": _set, "unwatch": _set, "at-least": _set, "list": _list,
    "key": _own, "send": _send, "export": _export, "sign": _sign, "import": _import,
}  # fmt: skip
