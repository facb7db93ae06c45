"""账簿流水: other programs add the journal up again and come to the same 分, account by account."""

import csv
import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from registry.actions.office import Office
from registry.actions.statements.journals import Form, journal
from registry.actions.statements.stating import StatementQuery, state
from registry.domain.accounts import Account
from registry.domain.funds import Chain
from registry.domain.statement import added
from registry.store import journalled
from registry.store.journalled import Wanted
from tests.actions import case
from tests.actions.case import Hands
from tests.actions.test_statements import make
from tests.conftest import actor_of

ROOT = Path(__file__).parents[2]
BEANCOUNT = ROOT / ".recount-venv" / "bin" / "python"
Sums = dict[str, int]


def missing(what: str) -> None:
    """A machine that has not the program tests without it; a machine of CI has it."""
    assert not os.environ.get("CI"), f"{what} is not here: make test installs it"
    pytest.skip(f"no {what}")


def by_beancount(path: Path) -> Sums:
    if not BEANCOUNT.exists():
        missing("beancount")
    checked = subprocess.run(
        [BEANCOUNT.with_name("bean-check"), path], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr + checked.stdout) == (0, "")
    done = subprocess.run(
        [BEANCOUNT, ROOT / "tests" / "recount.py", path], capture_output=True, check=True
    )
    told = json.loads(done.stdout)
    assert (told["errors"], told["exact"]) == ([], True)
    return dict(told["sums"])


def by_hledger(path: Path) -> Sums:
    if shutil.which("hledger") is None:
        missing("hledger")
    done = subprocess.run(
        ["hledger", "-f", path, "balance", "--flat", "--empty", "--no-total", "-O", "csv"],
        capture_output=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    rows = list(csv.reader(io.StringIO(done.stdout.decode())))[1:]
    told = {name: Decimal(amount.removesuffix(" CNY")) * 100 for name, amount in rows}
    assert all(amount == int(amount) for amount in told.values())
    return {name: int(amount) for name, amount in told.items()}


PROGRAMS: dict[Form, Callable[[Path], Sums]] = {
    Form.BEANCOUNT: by_beancount, Form.HLEDGER: by_hledger,
}  # fmt: skip


def written(office: Office, form: Form, folder: Path, **told: object) -> Path:
    head = office.store.reader.head("990102")
    wanted = Wanted("990102", head)._replace(**told)
    path = folder / f"books.{form.value}"
    path.write_text("\n".join(journal(office.store.reader, wanted, form)) + "\n", "utf-8")
    return path


def stood(sums: Sums, account: Account) -> int:
    """What the journal holds in one kind of account, 分."""
    word = "".join(part.capitalize() for part in account.value.split("_"))
    return sum(fen for name, fen in sums.items() if name.split(":")[2] == word)


@pytest.mark.parametrize("form", list(Form))
def test_another_program_comes_to_the_same_figures(
    office: Office, hand: Hands, tmp_path: Path, form: Form
) -> None:
    make(hand)
    told = state(office, actor_of(office, "auditor"), StatementQuery())
    sums = PROGRAMS[form](written(office, form, tmp_path))
    every: Chain = added([told.total, told.total_existing])
    assert sum(sums.values()) == 0
    assert -stood(sums, Account.SOURCE) == every.approved_fen > 0
    assert -stood(sums, Account.OPENING) == every.opening_fen > 0
    assert stood(sums, Account.COMMUNITY) == every.balance_fen > 0
    assert stood(sums, Account.STREET) == every.held_fen
    assert stood(sums, Account.TRANSIT) == every.transit_fen
    assert stood(sums, Account.SPENT) == every.spent_fen


def test_what_does_not_fit_on_a_page_of_reading_is_read_on(
    one_office: Office, one_hand: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(one_hand)
    whole = written(one_office, Form.HLEDGER, tmp_path).read_bytes()
    monkeypatch.setattr(journalled, "_AT_ONCE", 2)
    assert written(one_office, Form.HLEDGER, tmp_path).read_bytes() == whole


@pytest.mark.parametrize("form", list(Form))
def test_the_program_finds_one_fen_that_is_not_there(
    one_office: Office, one_hand: Hands, tmp_path: Path, form: Form
) -> None:
    make(one_hand)
    path = written(one_office, form, tmp_path)
    text = path.read_text("utf-8")
    assert "1500.00 CNY" in text
    path.write_text(text.replace("1500.00 CNY", "1500.01 CNY", 1), "utf-8")
    with pytest.raises((AssertionError, subprocess.CalledProcessError)):
        PROGRAMS[form](path)


def test_a_journal_of_a_snapshot_is_the_same_whenever_it_is_written(
    one_office: Office, one_hand: Hands, tmp_path: Path
) -> None:
    make(one_hand)
    head = one_office.store.reader.head("990102")
    first = written(one_office, Form.BEANCOUNT, tmp_path).read_bytes()
    later = case.admitted(one_hand, title="路面坑洞上报", content="协助民政部门上报坑洞")
    case.funded(one_hand, case.presence_of(one_hand, later), 100_000, series="3")
    again = written(one_office, Form.BEANCOUNT, tmp_path, as_of=head).read_bytes()
    assert again == first


def test_no_title_breaks_out_of_its_line(one_office: Office) -> None:
    from registry.actions.statements.journals import _code, _plain

    assert _plain('事项"; 2026-01-01 open X\n注') == "事项 2026-01-01 open X 注"
    assert _code("演(1)号") == "演（1）号"
