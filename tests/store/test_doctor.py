"""The doctor: says what is wrong, changes nothing, does not cry over trifles."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from registry.settings import SettingError, from_environment
from registry.store import backed
from registry.store.doctor import Check, doctor, glance
from registry.store.store import Store
from tests.store.ledger import AT
from tests.store.test_verify import behind


def looked(store: Store, now: datetime = AT) -> dict[str, Check]:
    folder = store.files.folder.parent
    return {check.name: check for check in doctor(store.url, folder, now)}


def failing(store: Store, now: datetime = AT) -> set[str]:
    return {name for name, check in looked(store, now).items() if check.ok is False}


def test_a_sound_database_passes_every_check(county: Store) -> None:
    checks = looked(county)
    assert failing(county) == set()
    assert {"engine", "migrations", "ledger", "clock", "disk", "log 990102"} <= set(checks)
    assert all(" / " in str(check) for check in checks.values())


def test_a_missing_calendar_is_said_and_is_no_failure(one_county: Store) -> None:
    checks = looked(one_county)
    assert (checks["calendar 2026"].ok, checks["calendar 2027"].ok) == (None, None)


def test_a_clock_before_the_last_event_fails(one_county: Store) -> None:
    assert failing(one_county, datetime(2020, 1, 1, tzinfo=UTC)) == {"clock"}


def test_a_changed_row_fails_the_log_of_its_county(one_county: Store) -> None:
    behind(one_county, "UPDATE finding SET code = 'x' WHERE id = 'f2'")
    assert failing(one_county) == {"log 990102"}
    assert "f2" in str(looked(one_county)["log 990102"])


def test_a_database_that_was_not_migrated_fails(one_county: Store) -> None:
    with one_county.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert failing(one_county) == {"migrations"}


def test_a_voucher_without_its_lines_fails(one_county: Store) -> None:
    columns = {
        "county": "'990102'", "id": "'v1'", "version": "1", "event_from": "1", "digest": "''",
        "body": "'{}'", "request_id": "'r'", "stage": "'order'", "number": "'1'",
        "payer_id": "'o'", "issuer_id": "'o'", "fiscal_year": "2026", "dated_on": "'2026-03-02'",
        "total_fen": "5", "state": "'confirmed'",
    }  # fmt: skip
    behind(
        one_county,
        f"INSERT INTO voucher ({', '.join(columns)}) VALUES ({', '.join(columns.values())})",
    )
    assert failing(one_county) == {"ledger", "log 990102"}


def test_a_broken_file_is_said_and_not_a_crash(one_county: Store, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "registry.db").write_bytes(b"no database" * 1000)
    (check,) = doctor(f"sqlite:///{broken / 'registry.db'}", broken, AT)
    assert (check.name, check.ok) == ("database", False)


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    (check,) = doctor(f"sqlite:///{tmp_path / 'none.db'}", tmp_path, AT)
    assert (check.name, check.ok) == ("database", False)
    assert list(tmp_path.iterdir()) == []


def _line(**changed: str) -> str:
    columns = {
        "county": "'990102'", "id": "'v1.l0'", "version": "1", "event_from": "1", "digest": "''",
        "body": "'{}'", "voucher_id": "'v1'", "request_id": "'r'", "presence_id": "'p'",
        "funding_key": "'F1'", "stage": "'order'", "amount_fen": "5", "sign": "1",
        "counted": "true", "debit": "'ordered'", "credit": "'pledged'", "year": "2026", **changed,
    }  # fmt: skip
    return f"INSERT INTO voucher_line ({', '.join(columns)}) VALUES ({', '.join(columns.values())})"


def _voucher(stage: str, total: int) -> str:
    columns = {
        "county": "'990102'", "id": "'v1'", "version": "1", "event_from": "1", "digest": "''",
        "body": "'{}'", "request_id": "'r'", "stage": f"'{stage}'", "number": "'1'",
        "payer_id": "'o'", "issuer_id": "'o'", "fiscal_year": "2026", "dated_on": "'2026-03-02'",
        "total_fen": str(total), "state": "'confirmed'",
    }  # fmt: skip
    return f"INSERT INTO voucher ({', '.join(columns)}) VALUES ({', '.join(columns.values())})"


def test_an_account_that_is_overdrawn_fails(county: Store) -> None:
    behind(county, _voucher("order", 5))
    behind(county, _line())
    checks = looked(county)
    assert checks["ledger"].ok is True
    assert checks["ledger accounts"].ok is False
    assert "pledged" in str(checks["ledger accounts"])


def test_what_counts_and_was_not_confirmed_fails(county: Store) -> None:
    behind(county, _voucher("order", 5))
    behind(county, _line(counted="false"))
    assert looked(county)["ledger confirmed"].ok is False


def test_a_repayment_and_a_refund_through_the_street_are_told_once(county: Store) -> None:
    behind(county, _voucher("repayment", 5))
    behind(county, _line(stage="'repayment'", debit="'lender'", credit="'advanced'"))
    behind(county, _line(id="'v1.l0.1'", stage="'repayment'", debit="'spent'",
                         credit="'community'"))  # fmt: skip
    assert looked(county)["ledger"].ok is True


def test_lines_from_before_accounts_are_noted_with_their_remedy(county: Store) -> None:
    behind(county, _voucher("order", 5))
    behind(county, _line(debit="NULL", credit="NULL", year="NULL"))
    check = looked(county)["ledger accounts kept"]
    assert check.ok is None and "registry migrate" in str(check)


@pytest.mark.parametrize(("days", "fine"), [(2, None), (3, True), (None, True)])
def test_a_backup_older_than_the_setting_says_is_remarked_on(
    one_county: Store, days: int | None, fine: bool | None
) -> None:
    folder = one_county.files.folder.parent
    backed.note(folder, AT - timedelta(days=2, hours=1))
    within = timedelta(days=days) if days else None
    for told in (
        doctor(one_county.url, folder, AT, backup_within=within),
        glance(one_county.url, folder, AT, backup_within=within),
    ):
        assert {one.name: one.ok for one in told}["backup"] is fine


@pytest.mark.parametrize(("told", "days"), [("", 2), ("1", 1), ("8", 8)])
def test_the_setting_says_how_old_a_backup_may_be(told: str, days: int) -> None:
    given = from_environment({"REGISTRY_MODE": "demo", "REGISTRY_BACKUP_DAYS": told})
    assert given.backup_days == days


@pytest.mark.parametrize("told", ["0", "367", "a week"])
def test_an_age_of_backups_that_is_no_number_of_days_stops_the_start(told: str) -> None:
    with pytest.raises(SettingError):
        from_environment({"REGISTRY_MODE": "demo", "REGISTRY_BACKUP_DAYS": told})
