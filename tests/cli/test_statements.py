"""流水导入 statements from the command line: what came in, what was known, what was not read."""

from pathlib import Path

import pytest

from registry.cli import main

LIST = (
    "支付日期,收款单位,付款单位,支付金额,流水号,备用\n"
    "2026-03-02,云笺演示街道办事处,演示县民政局,14.5万元,T1,甲\n"
)
STATEMENT = "交易日期,收入金额,对方户名\n2026-03-02,8.00,王小明\n2026-03-02,8.00,王小明\n"
INCOMES = "社区,资金来源,年度,金额\n990102001001,捐赠,2026,600\n"


@pytest.fixture
def folder(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A seeded register, and room for files."""
    monkeypatch.setenv("REGISTRY_MODE", "demo")
    monkeypatch.setenv("REGISTRY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("REGISTRY_CLOCK", "2026-03-02T12:00:00+08:00")
    monkeypatch.delenv("REGISTRY_DATABASE_URL", raising=False)
    (tmp_path / "registry.db").write_bytes(sqlite_template.read_bytes())
    return tmp_path


def brought(folder: Path, kind: str, text: str, *words: str, encoding: str = "utf-8") -> int:
    path = folder / "file.csv"
    path.write_bytes(text.encode(encoding))
    return main(["import", kind, str(path), "--county", "990102", *words])


def test_a_payment_list_comes_in_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert brought(folder, "treasury", LIST, "--dry-run") == 0
    assert "nothing was kept" in capsys.readouterr().out
    assert brought(folder, "treasury", LIST, encoding="gb18030") == 0
    told = capsys.readouterr().out
    assert "added: 1" in told
    assert "waiting: 1" in told
    assert "not read: 备用" in told
    more = LIST.replace("14.5", "14.6")
    assert brought(folder, "treasury", more) == 0
    told = capsys.readouterr().out
    assert "added: 0" in told
    assert "row 2 differs, not taken: T1" in told


def test_a_statement_names_its_account(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert brought(folder, "bank", STATEMENT) == 1
    assert capsys.readouterr().err.startswith("bank.account")
    assert brought(folder, "bank", STATEMENT, "--account", "云笺演示街道办事处") == 0
    assert "added: 2" in capsys.readouterr().out


def test_money_from_other_sources_comes_in(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for told in ("added: 1; 已有 known: 0", "added: 0; 已有 known: 1"):
        assert brought(folder, "incomes", INCOMES) == 0
        assert told in capsys.readouterr().out
    assert brought(folder, "incomes", INCOMES.replace("600", "-1")) == 1
    assert "import.cells" in capsys.readouterr().err


PAPERS = (
    "document_number,title,issuer,issued_on,effective_on\n"
    "演财〔2026〕5号,社区资金管理办法,演示县财政局,2026-03-01,2026-03-01\n"
)
CUSTODY = "社区,资金管理模式,起始日期,文号\n990102001001,自有账户,2026-04-01,演财[2026]5号\n"


def test_how_money_is_kept_comes_in_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert brought(folder, "custody", CUSTODY) == 1
    assert "没有登记过这个文号" in capsys.readouterr().err
    assert brought(folder, "instruments", PAPERS) == 0
    capsys.readouterr()
    assert brought(folder, "custody", CUSTODY, "--dry-run") == 0
    assert "nothing was kept" in capsys.readouterr().out
    for told in ("added: 1; 已有 known: 0", "added: 0; 已有 known: 1"):
        assert brought(folder, "custody", CUSTODY, encoding="gb18030") == 0
        assert told in capsys.readouterr().out
    bad = (
        CUSTODY.replace("2026-04-01", "2026-03-15")
        + "无此社区,居财街管,2026-05-01,演财〔2026〕5号\n"
    )
    assert brought(folder, "custody", bad) == 1
    told_all = capsys.readouterr().err
    assert "须晚于" in told_all and "没有这个社区" in told_all
    assert brought(folder, "custody", CUSTODY.replace("自有账户", "自己管")) == 1
    assert "居财街管" in capsys.readouterr().err
