"""账簿流水 the books as a journal of beancount or hledger, so that another program adds them up again.

Written here; nothing of those programs runs with the registry. Amounts are 元, two places, exact.
Accounts stand under the custody of the community, then by what they are, then by community, matter,
funding line and year.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from registry.domain.accounts import STAGE_ZH, Account, VoucherStage
from registry.domain.amounts import told_yuan
from registry.domain.vocabulary import Custody
from registry.store.journalled import Entry, Wanted, entries
from registry.store.reader import Reader
from registry.store.stated import Moment, custodies, doors


class Form(StrEnum):
    """格式."""

    BEANCOUNT = "beancount"
    HLEDGER = "hledger"


A = Account
_ROOT: dict[Account, str] = {
    A.SOURCE: "Equity", A.CARRIED: "Equity", A.OPENING: "Equity", A.LENDER: "Liabilities",
    A.SPENT: "Expenses", A.REMITTED: "Expenses", A.PLEDGED: "Assets", A.ALLOTTED: "Assets",
    A.ORDERED: "Assets", A.TRANSIT: "Assets", A.STREET: "Assets", A.COMMUNITY: "Assets",
    A.ADVANCED: "Assets",
}  # fmt: skip
"""Under which of the five roots an account stands."""


class Names:
    """户名: what each account is called, and which it is; two never share a name."""

    def __init__(self, custody: Mapping[str, Custody], titles: Mapping[str, str]) -> None:
        self._custody, self._titles = custody, titles
        self._parts: dict[str, str] = {}
        self._taken: set[str] = set()
        self.opened: dict[str, date] = {}
        """First day of each account, by name."""
        self.sums: dict[str, int] = {}
        """What stands in each, 分."""
        self.last: date | None = None

    def of(self, entry: Entry, account: Account) -> str:
        """Its name."""
        kind = self._custody.get(entry.organisation_id, Custody.STREET_CUSTODY)
        parts = (
            _ROOT[account], _camel(kind.value), _camel(account.value),
            self._part(entry.organisation_id), self._part(entry.presence_id),
            self._part(entry.funding_key), f"Y{entry.year}",
        )  # fmt: skip
        return ":".join(parts)

    def add(self, entry: Entry) -> None:
        """Take an entry into the list of accounts."""
        for account, sign in ((entry.debit, 1), (entry.credit, -1)):
            name = self.of(entry, account)
            self.opened.setdefault(name, entry.dated_on)
            self.sums[name] = self.sums.get(name, 0) + sign * entry.amount_fen
        self.last = max(self.last or entry.dated_on, entry.dated_on)

    def title(self, presence_id: str) -> str:
        """What the matter is called."""
        return self._titles.get(presence_id, presence_id)

    def _part(self, id: str) -> str:
        """An id as a part of a name: letters, digits and dashes, a capital first, no two alike."""
        if id not in self._parts:
            plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in id)
            wanted = f"X{plain}" if not plain[:1].isalpha() else plain[:1].upper() + plain[1:]
            name, turn = wanted, 1
            while name in self._taken:
                turn += 1
                name = f"{wanted}-{turn}"
            self._taken.add(name)
            self._parts[id] = name
        return self._parts[id]


def _camel(word: str) -> str:
    return "".join(part.capitalize() for part in word.split("_"))


def journal(reader: Reader, wanted: Wanted, form: Form) -> Iterator[str]:
    """The journal, line by line, of every confirmed entry that is wanted, in the order of days."""
    with reader.connect() as connection:
        moment = Moment(connection, wanted.county, wanted.as_of)
        names = Names(custodies(moment), {id: told[0] for id, told in doors(moment).items()})
    for entry in entries(reader, wanted):
        names.add(entry)
    write = _WRITERS[form]
    yield from write.head(names, wanted)
    for one in _vouchers(entries(reader, wanted)):
        yield from write.voucher(names, one)
    yield from write.foot(names)


def _vouchers(of: Iterator[Entry]) -> Iterator[list[Entry]]:
    held: list[Entry] = []
    for entry in of:
        if held and held[0].voucher_id != entry.voucher_id:
            yield held
            held = []
        held.append(entry)
    if held:
        yield held


def _postings(names: Names, one: list[Entry]) -> Iterator[tuple[str, str, Entry]]:
    """Both sides of each line: account, amount in 元."""
    for entry in one:
        yield names.of(entry, entry.debit), _yuan(entry.amount_fen), entry
        yield names.of(entry, entry.credit), _yuan(-entry.amount_fen), entry


def _yuan(fen: int) -> str:
    return told_yuan(fen).replace(",", "")


def _stage(one: list[Entry]) -> str:
    return STAGE_ZH[VoucherStage(one[0].stage)]


def _plain(text: str) -> str:
    """A text that ends no line and opens no remark."""
    kept = "".join(" " if c in '"\\;|\n\r\t' else c for c in text)
    return " ".join(kept.split())


# ---- beancount ----------------------------------------------------------------------------------


def _bean_head(names: Names, wanted: Wanted) -> Iterator[str]:
    yield f'option "title" "{wanted.county} {wanted.as_of}"'
    yield 'option "operating_currency" "CNY"'
    for name, day in sorted(names.opened.items()):
        yield f"{day} open {name} CNY"


def _bean_voucher(names: Names, one: list[Entry]) -> Iterator[str]:
    first = one[0]
    yield ""
    yield f'{first.dated_on} * "{_stage(one)}" "{_plain(first.number)}"'
    yield f'  voucher: "{first.voucher_id}"'
    for name, amount, entry in _postings(names, one):
        yield f"  {name}  {amount} CNY"
        yield f'    line: "{entry.line_id}"'
        yield f'    matter: "{_plain(names.title(entry.presence_id))}"'


def _bean_foot(names: Names) -> Iterator[str]:
    """What must stand in each account on the day after the last: the program checks it."""
    if names.last is None:
        return
    day = names.last + timedelta(days=1)
    yield ""
    for name, fen in sorted(names.sums.items()):
        yield f"{day} balance {name}  {_yuan(fen)} CNY"


# ---- hledger ------------------------------------------------------------------------------------


def _hledger_head(names: Names, wanted: Wanted) -> Iterator[str]:
    yield f"; {wanted.county} {wanted.as_of}"
    yield "commodity 1000.00 CNY"
    for name in sorted(names.opened):
        yield f"account {name}"


def _hledger_voucher(names: Names, one: list[Entry]) -> Iterator[str]:
    first = one[0]
    yield ""
    yield f"{first.dated_on} * ({_code(first.number)}) {_stage(one)}  ; voucher: {first.voucher_id}"
    for name, amount, entry in _postings(names, one):
        yield f"    {name}  {amount} CNY  ; {_plain(names.title(entry.presence_id))}"


def _code(number: str) -> str:
    """A number between brackets holds none that would end it."""
    return _plain(number).replace("(", "（").replace(")", "）")


def _hledger_foot(names: Names) -> Iterator[str]:
    """What must stand in each account: the program checks it."""
    if names.last is None:
        return
    yield ""
    yield f"{names.last} * 核对  ; assertions"
    for name, fen in sorted(names.sums.items()):
        yield f"    {name}  0.00 CNY = {_yuan(fen)} CNY"


class _Writer(NamedTuple):
    """写法 of one program's journal."""

    head: Callable[[Names, Wanted], Iterator[str]]
    voucher: Callable[[Names, list[Entry]], Iterator[str]]
    foot: Callable[[Names], Iterator[str]]


_WRITERS: dict[Form, _Writer] = {
    Form.BEANCOUNT: _Writer(_bean_head, _bean_voucher, _bean_foot),
    Form.HLEDGER: _Writer(_hledger_head, _hledger_voucher, _hledger_foot),
}
