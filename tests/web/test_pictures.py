"""截图: no picture is taken of boxes where characters should stand."""

import sys
from pathlib import Path

import pytest

from tests.browsing import opened
from tests.web import pictures

pytestmark = pytest.mark.browser
FONTS = Path(__file__).parents[2] / "registry" / "actions" / "papers" / "fonts"


def fonts(folder: Path, monkeypatch: pytest.MonkeyPatch, *of: Path) -> None:
    """The fonts a browser finds from now on."""
    dirs = "".join(f"<dir>{one}</dir>" for one in of)
    told = folder / "fonts.conf"
    told.write_text(
        f"<fontconfig>{dirs}<cachedir>{folder / 'cache'}</cachedir></fontconfig>", "utf-8"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(told))


def test_without_a_chinese_font_it_says_so_and_takes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "none").mkdir()
    fonts(tmp_path, monkeypatch, tmp_path / "none")
    monkeypatch.setattr(sys, "argv", ["pictures", str(tmp_path / "taken")])
    assert pictures.main() == 2
    assert capsys.readouterr().err.splitlines() == [pictures.NO_FONT]
    assert not (tmp_path / "taken").exists()


def test_with_one_it_finds_that_characters_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fonts(tmp_path, monkeypatch, FONTS)
    with opened() as browser:
        assert pictures.reads_chinese(browser)
