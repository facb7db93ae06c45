"""成文件 one file, whole or not at all: written beside its place, and put there by its name when it is
whole. Every one that was made stands in the log."""

import hashlib
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from registry.actions.exporting import accounting, giving
from registry.actions.exporting.called import Called
from registry.actions.exporting.database import write_database
from registry.actions.exporting.ground import Ground, looks, readable
from registry.actions.exporting.package import write_package
from registry.actions.exporting.writing import Asked, Progress, write
from registry.actions.office import Answer, Call, Desk
from registry.actions.reading import NOT_READABLE
from registry.actions.rules.signing import county_paths
from registry.actions.statements import journals
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.exporting import OF_ONE, Form, Made
from registry.domain.funds import VoucherLine
from registry.domain.people import Actor
from registry.store.engine import Narrowed as Narrowed  # noqa: PLC0414 - an order names it
from registry.store.journalled import Wanted
from registry.store.scan import steady

ACT = "export.made"
NO_RESOURCE = declare(
    "export.resource", RefusalKind.INVALID, "没有这种可导出的记录：{resource}",
    "There is no such resource to export: {resource}.",
)  # fmt: skip
_PIECE = 1 << 20


class Order(NamedTuple):
    """所订: which form of what."""

    form: Form
    resource: str = ""
    narrowed: Narrowed = ()
    filters: dict[str, Any] = {}
    """The conditions as they were asked."""
    words: bool = True
    history: bool = False
    release: str = ""


def make(of: Ground, order: Order, file: Path, on_progress: Progress = lambda rows: None) -> Made:
    """Write a file, and put it in its place when it is whole.

    Raises:
        Refusal: ``export.resource``, ``access.reading``, ``export.parquet``.
    """
    waiting = file.with_name(f".{file.name}.part")
    try:
        rows = _written(of, order, waiting, on_progress)
        digest, octets = digest_of(waiting)
        with waiting.open("rb") as held:
            os.fsync(held.fileno())
        waiting.replace(file)
    except BaseException:
        # A half file is of no use, and where the disk is full it would keep it so.
        waiting.unlink(missing_ok=True)
        raise
    return Made(
        form=order.form, resource=order.resource, county=of.county, snapshot=of.as_of, rows=rows,
        octets=octets, sha256=digest, release=order.release, filters=order.filters,
    )  # fmt: skip


def _written(of: Ground, order: Order, file: Path, on_progress: Progress) -> int:
    if order.form in OF_ONE:
        return _sheet(of, order, file, on_progress)
    if order.form is Form.AUDIT_DB:
        return write_database(of, file, on_progress, order.release)
    if order.form is Form.PACKAGE:
        return write_package(of, file, on_progress, order.release)
    return _WRITERS[order.form](of, file, on_progress)


def _sheet(of: Ground, order: Order, file: Path, on_progress: Progress) -> int:
    if order.resource not in of.sheets:
        raise Refusal(NO_RESOURCE, resource=order.resource)
    sheet = of.sheets[order.resource]
    readable(of, sheet)
    asked = Asked(order.form, order.words, of.veil(sheet), on_progress)
    with steady(of.office.store.reader) as moment, file.open("wb") as out:
        rows = of.rows(moment, sheet, history=order.history, narrowed=order.narrowed)
        named = asked._replace(called=Called(of, moment, sheet))
        return 0 if rows is None else write(rows, out, named)


def _journal(of: Ground, file: Path, on_progress: Progress, form: journals.Form) -> int:
    wanted = Wanted(of.county, of.as_of, seen=of.scopes(VoucherLine))
    written = 0
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for line in journals.journal(of.office.store.reader, wanted, form):
            written += out.write(f"{line}\n") > 0
    on_progress(written)
    return written


_WRITERS: dict[Form, Callable[[Ground, Path, Progress], int]] = {
    Form.BEANCOUNT: partial(_journal, form=journals.Form.BEANCOUNT),
    Form.HLEDGER: partial(_journal, form=journals.Form.HLEDGER),
    Form.GIVING: giving.write_giving,
    Form.ACCOUNTING: accounting.write_accounting,
}


def digest_of(file: Path) -> tuple[str, int]:
    """(SHA-256, octets) of a file."""
    digest, octets = hashlib.sha256(), 0
    with file.open("rb") as held:
        while piece := held.read(_PIECE):
            digest.update(piece)
            octets += len(piece)
    return digest.hexdigest(), octets


def allowed(of: Ground, actor: Actor) -> None:
    """Raises ``access.forbidden`` where a person may not take anything away, ``access.reading``
    where there is nothing that they read."""
    call = Call(actor=actor, county=of.county, act=ACT)
    of.office.ask(call, _authorised)
    if not looks(of.office, actor, of.county):
        raise Refusal(NOT_READABLE)


def _authorised(desk: Desk) -> Answer:
    desk.authorise(ACT, [post.organisation_id for post in desk.actor.posts], county_paths(desk))
    return Answer(body=None)


def record(of: Ground, actor: Actor, made: Made) -> None:
    """导出留痕: form, snapshot, rows and digest, in the county's log."""
    call = Call(actor=actor, county=of.county, act=ACT)
    of.office.perform(call, partial(_recorded, made=made))


def _recorded(desk: Desk, made: Made) -> Answer:
    _authorised(desk)
    told = msgspec.to_builtins(made)
    desk.note = {n: v for n, v in told.items() if v not in ("", {}) and n != "county"}
    return Answer(body=None)
