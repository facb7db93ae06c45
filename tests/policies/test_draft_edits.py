"""草案修改: tables and settings of a draft change line by line, and everything else stays."""

import io
import zipfile
from datetime import date

import pytest

from registry.policies.drafting import lines, settings
from registry.policies.drafting.bundle import packed, unpacked
from registry.policies.examples import PACKS
from registry.policies.loader import digest_of, load_pack, read_folder

ANSWERS = ("eft", "outcome", "rule")
TABLE = """# p,gate,kind,eft,outcome,rule
# first remark
p,file,*,allow,needs_approval,A
p,file,report,deny,refused,B
"""
TEXT = '''# a remark
review = "one"

[pack]
id = "x"            # kept
effective_from = 2026-01-01
fixture = true
long = """
id = "not a setting"
"""
days = 5
lists = ["a"]

[[flow]]
id = "f"
'''


def test_a_row_changes_in_its_place_and_every_other_line_stays() -> None:
    changed = lines.put(TABLE, 3, {"gate": "file", "eft": "deny", "outcome": "refused",
                                   "rule": "A"}, ANSWERS)  # fmt: skip
    assert changed == TABLE.replace("p,file,*,allow,needs_approval,A", "p,file,*,deny,refused,A")


def test_a_new_condition_widens_the_table_and_is_any_in_other_rows() -> None:
    changed = lines.put(TABLE, 3, {"gate": "file", "level": "city", "eft": "allow",
                                   "outcome": "listed", "rule": "A"}, ANSWERS)  # fmt: skip
    assert lines.columns(changed) == ["gate", "kind", "level", *ANSWERS]
    other = lines.row_at(changed, 4)
    assert other is not None and other.cells["level"] == "*" and other.cells["kind"] == "report"


def test_a_row_goes_before_another_up_down_and_out() -> None:
    cells = {"gate": "pay", "eft": "deny", "outcome": "refused", "rule": "C"}
    more = lines.insert(TABLE, 3, cells, ANSWERS)
    told = [row.cells.get("rule", row.remark) for row in lines.rows(more)]
    assert told == ["first remark", "C", "A", "B"]
    assert lines.swap(lines.drop(more, 3), 4, ahead=True).splitlines()[2].endswith("B")
    assert lines.swap(TABLE, 2, ahead=True) == TABLE, "the first row has nothing before it"
    assert lines.drop(TABLE, 1) == TABLE, "the header is no row"


def test_plain_settings_are_read_with_their_sections_and_texts_within_texts_are_not() -> None:
    found = {(one.name, s.name): (s.value, s.kind)
             for one in settings.sections(TEXT) for s in one.plain}  # fmt: skip
    assert found == {
        ("top", "review"): ("one", "text"), ("pack", "id"): ("x", "text"),
        ("pack", "effective_from"): ("2026-01-01", "day"), ("pack", "fixture"): ("true", "flag"),
        ("pack", "days"): ("5", "number"), ("flow", "id"): ("f", "text"),
    }  # fmt: skip


def test_a_setting_changes_in_its_place_with_its_remark() -> None:
    changed = settings.changed(TEXT, {5: 'say "so"', 6: "2026-07-01", 11: "no number", 99: "x"})
    assert 'id = "say \\"so\\""            # kept' in changed
    assert changed.replace('"say \\"so\\""', '"x"').replace("2026-07-01", "2026-01-01") == TEXT


@pytest.mark.parametrize(
    ("kind", "value"),
    [("number", "1.5"), ("number", "五"), ("day", "2026-02-30"), ("day", "20260101"),
     ("flag", "yes"), ("text", "two\nlines"), ("text", "\u202eturned")],
)  # fmt: skip
def test_what_a_setting_cannot_hold_does_not_fit(kind: str, value: str) -> None:
    assert not settings.fits(kind, value)


def test_every_shipped_pack_is_the_same_after_all_of_its_settings_are_written_back() -> None:
    for folder in sorted(p for p in PACKS.iterdir() if p.is_dir()):
        text = read_folder(folder)["pack.toml"]
        held = {s.line: s.value for one in settings.sections(text) for s in one.plain}
        assert held and settings.changed(text, held) == text, folder.name


def test_cases_before_the_first_day_are_put_on_it_and_later_ones_stay() -> None:
    text = "on = 2026-03-02\n  on = 2026-12-01 # kept\nsays = 'on = 2020-01-01'\n"
    assert settings.later(text, date(2026, 7, 1)) == text.replace("2026-03-02", "2026-07-01")


def test_a_pack_packed_and_unpacked_is_the_same_bytes() -> None:
    files = read_folder(PACKS / "demo-county")
    back, wrong = unpacked("x.zip", packed(files))
    assert not wrong and digest_of(back) == digest_of(files) and load_pack(back).id
    assert packed(files) == packed(files)


def test_a_zip_with_strange_names_brings_in_nothing_of_them() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("my/pack.toml", "../rules.csv", "/etc/passwd", "my/cases/a.toml", "x.exe"):
            archive.writestr(name, "a = 1")
    files, wrong = unpacked("x.zip", out.getvalue())
    assert not wrong and sorted(files) == ["cases/a.toml", "pack.toml", "rules.csv"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no zip at all"])
def test_what_is_no_zip_is_told(data: bytes) -> None:
    files, wrong = unpacked("x.zip", data)
    assert not files and [one.code for one in wrong] == ["file.not_zip"]
