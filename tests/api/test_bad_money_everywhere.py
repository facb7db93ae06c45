"""错误金额，处处一样: every act that moves money, and every sheet of money in every form in which
people send it, takes whole 分 or refuses by name, and nothing is written."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import registry.api
from registry.api.acts import ACTS
from registry.domain.bank import BankLine, OtherIncome
from registry.domain.closing import OpeningBalance
from tests.actions import yearly
from tests.actions.case import Hands
from tests.actions.stated import LIST, STATEMENT
from tests.api.test_bad_money import Window, window
from tests.policies.workbooks import plain

__all__ = ["window"]
EXAMPLES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(registry.api.__file__).parent / "examples.toml").read_text("utf-8")
)
EXAMPLES["clearance.draw"] = {"funding_key": "F1", "amount_fen": 100, "agreed_fen": 100}
RAW = ["1.5", "100.0", "1e3", "1E2", "NaN", "Infinity", "-1", "0100", "100万", "true", "null",
       '"100"', '"14.5万元"', '"１００"', '"1e3"', "[]", "{}", str(10**15 + 1), str(2**64),
       "9" * 5000]  # fmt: skip
MONEY = [act for act in ACTS if act.money]


def _places(told: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where amounts stand in a body."""
    pairs = told.items() if isinstance(told, dict) else enumerate(told)
    for name, value in pairs:
        if isinstance(value, dict | list):
            yield from _places(value, (*at, name))
        elif isinstance(name, str) and name.endswith("_fen"):
            yield (*at, name)


def _texts(told: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    pairs = told.items() if isinstance(told, dict) else enumerate(told)
    for name, value in pairs:
        if isinstance(value, dict | list):
            yield from _texts(value, (*at, name))
        elif isinstance(value, str):
            yield (*at, name)


def _with(told: Any, at: tuple[Any, ...], value: Any) -> Any:
    if not at:
        return value
    whole = dict(told) if isinstance(told, dict) else list(told)
    whole[at[0]] = _with(told[at[0]], at[1:], value)
    return whole


def _sent(window: Window, path: str, body: bytes) -> Any:
    told = {"content-type": "application/json", "if-match": '"1"'}
    return window.post("finance.clerk", path.replace("{id}", "none"), body, **told)


AMOUNTS = [(act, at) for act in MONEY for at in _places(EXAMPLES.get(act.act, {}))]
TEXTS = [(act, at) for act in MONEY for at in _texts(EXAMPLES.get(act.act, {}))]


def test_every_act_that_takes_an_amount_is_tried_here() -> None:
    tried = {act.act for act, _ in AMOUNTS}
    takes = {
        act.act
        for act in MONEY
        if any(name.endswith("_fen") for name in act.command.__struct_fields__)
    }
    assert {"voucher.record", "expenditure.record", "indicator.record", "hold.record"} <= tried
    assert takes <= tried


def test_what_is_no_whole_fen_is_refused_by_the_field(window: Window) -> None:
    taken: list[tuple[str, str, str]] = []
    with window.nothing_written():
        for act, at in AMOUNTS:
            body = json.dumps(_with(EXAMPLES[act.act], at, "@@"), default=str)
            for raw in RAW:
                answer = _sent(window, act.path, body.replace('"@@"', raw).encode())
                code = answer.json().get("code", "")
                absent = raw == "null" and code in ("access.hidden", "access.forbidden")
                if answer.status_code < 400 or not (absent or code.startswith("json.")):
                    taken.append((act.act, raw[:20], answer.text[:200]))
    assert taken == []


def test_no_control_character_nor_endless_text_goes_into_the_books(window: Window) -> None:
    taken: list[tuple[str, str, str]] = []
    with window.nothing_written():
        for act, at in TEXTS:
            for text in ("a\x00b", "a\x1bb", "x" * 100_000):
                body = json.dumps(_with(EXAMPLES[act.act], at, text), default=str)
                answer = _sent(window, act.path, body.encode())
                if answer.status_code not in (400, 422) or (
                    not answer.json()["code"].startswith("json.")
                ):
                    taken.append((act.act, ".".join(map(str, at)), answer.text[:200]))
    assert taken == []


# ---- sheets --------------------------------------------------------------------------------------

HOME = "o-990102001"
SHEETS: dict[str, tuple[str, str, list[str]]] = {
    "balances": ("opening-balances/import", "county.office",
                 [yearly.HEADER, yearly.ROW.replace("1.2万元", "@")]),
    "treasury": ("bank-batches?source=treasury", "finance.clerk",
                 [LIST.strip(), "2026-03-02,甲公司,演示县民政局,@,T1,,,"]),
    "bank": (f"bank-batches?source=bank&account={HOME}", "street.clerk",
             [STATEMENT.strip(), "2026-03-02,@,,甲公司,T1,,,"]),
    "incomes": ("other-incomes/import", "street.clerk",
                ["社区,资金来源,年度,金额(元),收支,用途,发票号,流水号",
                 "990102001001,donation,2026,@,收,书,,A1"]),
}  # fmt: skip
"""By name: where it goes, who sends it, heading and row; @ is where the amount stands."""
NONE = ["1.455", "1e3", "1.45E+05", "NaN", "10000000000000.01", "约14万", "一万元", "0.001", "12 34",
        "=1+1", "0x10", "1" * 600, "100²", "①", "٣", "1\x002", "1,45", ""]  # fmt: skip
FORMS = ("utf-8", "gb18030", "xlsx")
TO_THE_FEN = {
    "utf-8": ("14.5万元", 14_500_000), "gb18030": ("１２，０００元", 1_200_000),
    "xlsx": ("10000000000000.00", 10**15),
}  # fmt: skip


def _sheet(name: str, amount: str, form: str) -> tuple[bytes, str]:
    rows = [row.split(",") for row in SHEETS[name][2]]
    rows[1] = [amount if cell == "@" else cell for cell in rows[1]]
    if form == "xlsx":
        return plain(*rows), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows) + "\n"
    return text.encode(form, "replace"), "text/csv"


@pytest.mark.parametrize("name", SHEETS)
def test_no_sheet_takes_what_is_no_amount(window: Window, one_hand: Hands, name: str) -> None:
    yearly.there(one_hand)
    path, by, _ = SHEETS[name]
    wrong = [*NONE, *([] if name in ("treasury", "bank") else ["-1", "0"])]
    with window.nothing_written():
        for form in FORMS:
            for amount in wrong if form == "utf-8" else wrong[::4]:
                if form == "xlsx" and "\x00" in amount:
                    continue  # No workbook can hold it.
                data, kind = _sheet(name, amount, form)
                answer = window.post(by, path, data, **{"content-type": kind})
                assert answer.status_code in (400, 422), (form, amount[:20], answer.text)
                told = answer.json()
                assert told["detail"] and told["detail_en"], answer.text


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", SHEETS)
def test_every_sheet_reads_an_amount_to_the_fen(
    window: Window, one_hand: Hands, name: str, form: str
) -> None:
    yearly.there(one_hand)
    path, by, _ = SHEETS[name]
    typed, fen = TO_THE_FEN[form]
    data, kind = _sheet(name, typed, form)
    answer = window.post(by, path, data, **{"content-type": kind})
    assert answer.status_code in (200, 201), answer.text
    record = {"balances": OpeningBalance, "incomes": OtherIncome}.get(name, BankLine)
    (held,) = window.office.store.reader.find(record, "990102")
    assert held.amount_fen == fen
