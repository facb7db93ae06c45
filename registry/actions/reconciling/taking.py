"""流水导入 a payment list of the treasury or a statement of a bank comes in, all of it (P22).

Every line is kept, expected or not, and once: a line that is there already, in this file or in
another, makes nothing double (E17). What a known line says otherwise is told, never taken. All or
nothing: every bad cell is told, and no line of a bad file is kept.
"""

import hashlib
from collections import Counter
from datetime import date
from typing import NamedTuple

from registry.actions.office import Answer, Desk
from registry.actions.reconciling.pairing import pair
from registry.actions.reconciling.parties import Parties, Party, personal
from registry.actions.sheets import as_csv, cells, sheet_refused
from registry.domain.bank import BankBatch, BankLine, LineSource
from registry.domain.bank_sheets import Statement, StatementLine, read_statement
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import Wire
from registry.domain.sheets import CellError, Errors
from registry.store.banking import Known, known_lines

ACT = {LineSource.TREASURY: "treasury.import", LineSource.BANK: "bank.import"}
LIMIT_LINES = 1 << 18
"""Lines of one file: a larger one comes in parts."""
ACCOUNT = declare(
    "bank.account", RefusalKind.INVALID,
    "账户单位「{account}」不是本地已登记的单位，或者有几个同名的",
    "Whose account it is: {account} is no body known here, or several.", recorded=True,
)  # fmt: skip
UNSAID = declare(
    "bank.account_unsaid", RefusalKind.INVALID,
    "流水里没有写明是谁的账户，请填写账户单位",
    "The lines do not say whose account it is: name the body.", recorded=True,
)  # fmt: skip


class Otherwise(Wire, frozen=True, kw_only=True):
    """所述不同: a line that is known and says something else now; nothing of it was taken."""

    row: int
    line_id: str
    external_key: str


class TakenIn(Wire, frozen=True, kw_only=True):
    """导入结果."""

    batch: BankBatch
    known: int
    """Lines that were there already."""
    waiting: int
    """New lines that no voucher was found for."""
    otherwise: list[Otherwise]


class Place(NamedTuple):
    """账户: in whose books a line stands, and where what it shows lies."""

    account: Party
    path: str


def read(source: LineSource, name: str, data: bytes) -> Statement:
    """A file, CSV or workbook.

    Raises:
        Refusal: ``import.cells``, every bad cell.
    """
    text = as_csv(name, data, titled=True)
    found, errors = read_statement(source, name, text, LIMIT_LINES)
    if found is None:
        raise cells(errors)
    return found


def bring_in(desk: Desk, given: Statement, account: str = "") -> Answer:
    """流水导入.

    Args:
        account: id, code or name of the body whose account it is, where the lines do not say;
            of a payment list nobody = the county's treasury.

    Raises:
        Refusal: ``import.cells``, ``bank.account``, ``bank.account_unsaid``; no line of the file
            is kept.
    """
    taking = _Taking(desk, given, account)
    places = taking.checked()
    accounts = {place.account.id: place.account for place in places}
    for one in accounts.values():
        desk.authorise(ACT[given.source], owners=[one.id], paths=[one.path])
    whose = next(iter(accounts.values())) if len(accounts) == 1 else None
    held = desk.unit.maybe(BankBatch, taking.batch_id(whose))
    if held is not None:
        # The same file again: everything it says is here, unless other accounts are meant.
        desk.about(held)
        kept = TakenIn(batch=held, known=held.rows, waiting=0, otherwise=[])
        return Answer(body=kept, version=held.version)
    return taking.keep(places, whose)


class Holders(Wire, frozen=True, kw_only=True):
    """账户单位 of a file."""

    organisation_ids: list[str]


def holders(desk: Desk, given: Statement, account: str = "") -> Answer:
    """Whose accounts a file is of, before any line of it is kept.

    Raises:
        Refusal: as ``bring_in``.
    """
    places = _Taking(desk, given, account).checked()
    return Answer(body=Holders(organisation_ids=sorted({place.account.id for place in places})))


class _Taking:
    """一份流水 on its way in: what became of each line, and every bad cell."""

    def __init__(self, desk: Desk, given: Statement, account: str) -> None:
        self._desk, self._given, self._account = desk, given, account
        self._parties = Parties(desk)
        self._county = desk.places.county().path
        self.errors: Errors = []

    def batch_id(self, whose: Party | None) -> str:
        """The same file of the same account is the same batch."""
        told = f"{self._given.source}\n{whose.id if whose else ''}\n{self._given.sha256}"
        return f"bat-{hashlib.sha256(told.encode()).hexdigest()[::_SECOND]}"

    def checked(self) -> list[Place]:
        """The same of a file without a bad cell."""
        found = self.places()
        sheet_refused(self.errors)
        return found

    def places(self) -> list[Place]:
        """Whose account each line is of, and where its money lies; bad cells are noted.

        Raises:
            Refusal: ``bank.account``, ``bank.account_unsaid``.
        """
        whole = self._whole()
        found: list[Place] = []
        for line in self._given.lines:
            account = whole or self._parties.known(line.account)
            if line.dated_on > self._desk.today:
                self._bad(line, "日期还没有到", "has not come yet")
            if account is None:
                self._bad(line, f"没有这个账户单位：{line.account}", "no such account holder")
                continue
            found.append(Place(account, self._path(line, account)))
        if whole is None and not self._given.lines:
            raise self._nobody()
        return found or ([Place(whole, whole.path)] if whole else [])

    def _whole(self) -> Party | None:
        """Whose the whole file is; ``None`` = its lines say."""
        treasury = self._given.source is LineSource.TREASURY
        if not self._account and treasury:
            found = self._parties.treasury()
        else:
            found = self._parties.known(self._account)
        named = not self._account and any(line.account for line in self._given.lines)
        if found is None and (treasury or not named):
            raise self._nobody()
        return found

    def _nobody(self) -> Refusal:
        return Refusal(ACCOUNT, account=self._account) if self._account else Refusal(UNSAID)

    def _path(self, line: StatementLine, account: Party) -> str:
        if self._given.source is LineSource.BANK:
            return account.path
        paid = self._parties.known(line.party)
        inside = paid is not None and paid.path.startswith(self._county)
        return paid.path if paid is not None and inside else self._county

    def _bad(self, line: StatementLine, zh: str, en: str) -> None:
        self.errors.append(CellError(row=line.row, message=zh, message_en=en))

    def keep(self, places: list[Place], whose: Party | None) -> Answer:
        """Keep what is new, match what can be matched beyond doubt."""
        batch_id = self.batch_id(whose)
        fresh, otherwise, known = self._sorted(places[: len(self._given.lines)], batch_id)
        sheet_refused(self.errors)
        for line in fresh:
            self._desk.unit.add(line)
        done = pair(self._desk, fresh)
        first = whose or places[0].account
        batch = self._desk.unit.add(
            BankBatch(
                county=self._desk.unit.county, id=batch_id, source=self._given.source,
                organisation_id=first.id, area_path=first.path if whose else self._county,
                sha256=self._given.sha256, name=self._given.name, rows=len(self._given.lines),
                added=len(fresh), matched=len(done), ignored=self._given.ignored,
                imported_by=self._desk.actor.person_id, imported_on=self._desk.today,
            )
        )  # fmt: skip
        self._desk.about(batch)
        self._desk.note = {"source": batch.source.value, "added": len(fresh), "known": known}
        ours = {line.id for line in fresh}
        waiting = len(fresh) - sum(line.id in ours for line in done)
        told = TakenIn(batch=batch, known=known, waiting=waiting, otherwise=otherwise)
        return Answer(body=told, version=batch.version)

    def _sorted(
        self, places: list[Place], batch_id: str
    ) -> tuple[list[BankLine], list[Otherwise], int]:
        """New lines, those that are known and say something else, and how many are known."""
        held = self._held(places)
        fresh: list[BankLine] = []
        otherwise: list[Otherwise] = []
        met: dict[tuple[str, str], tuple[str, int, date]] = {}
        counts: Counter[str] = Counter()
        for line, place in zip(self._given.lines, places, strict=True):
            at = (place.account.id, line.key)
            says = (line.direction.value, line.amount_fen, line.dated_on)
            if at in met:
                counts["known"] += 1
                if met[at] != says:
                    self._bad(line, f"流水号 {line.key} 在本表中已用于另一笔", "key used twice")
                continue
            met[at] = says
            before = held.get(at)
            if before is None:
                fresh.append(self._made(line, place, f"{batch_id}.{len(fresh) + 1}"))
                continue
            counts["known"] += 1
            if (before.direction, before.amount_fen, _day(before.dated_on)) != says:
                otherwise.append(Otherwise(row=line.row, line_id=before.id, external_key=line.key))
        return fresh, otherwise, counts["known"]

    def _held(self, places: list[Place]) -> dict[tuple[str, str], Known]:
        keys: dict[str, list[str]] = {}
        for line, place in zip(self._given.lines, places, strict=True):
            keys.setdefault(place.account.id, []).append(line.key)
        unit = self._desk.unit
        return {
            (account, key): known
            for account, some in keys.items()
            for key, known in known_lines(
                unit.connection, unit.county, (self._given.source, account),
                list(dict.fromkeys(some)),
            ).items()
        }  # fmt: skip

    def _made(self, line: StatementLine, place: Place, id: str) -> BankLine:
        party = self._parties.known(line.party)
        payer = self._parties.known(line.payer)
        return BankLine(
            county=self._desk.unit.county, id=id, batch_id=id.rpartition(".")[0],
            source=self._given.source, external_key=line.key, account_id=place.account.id,
            area_path=place.path, direction=line.direction, amount_fen=line.amount_fen,
            dated_on=line.dated_on, party_id=party.id if party else None,
            payer_id=payer.id if payer else None, counterparty=line.party,
            personal=party is None and personal(line.party), memo=line.memo,
            admission_number=line.admission, voucher_number=line.voucher,
        )  # fmt: skip


def _day(told: date | str) -> date:
    return date.fromisoformat(told) if isinstance(told, str) else told


_SECOND = 2
"""Every second digit is enough to tell files apart."""
