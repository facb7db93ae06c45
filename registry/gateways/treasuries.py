"""各县国库 which county has which treasury: a file of the machine, read once at the start.

The bearer stands in a file of its own, which strangers on the machine cannot read.
"""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from registry.domain.paying import NULL, Patience
from registry.gateways.circuit import Circuit
from registry.gateways.treasury import NullTreasury, Treasury

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_OTHERS = 0o007
Seconds = Annotated[int, msgspec.Meta(ge=1, le=86_400)]


class TreasuryError(ValueError):
    """国库设置有误: one sentence for the operator."""


class TreasurySetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """一县的国库网关; times in seconds are settings of the line, not rules."""

    name: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-z][0-9a-z._\-]{0,59}$")]
    """What payments, statements and the log call it."""
    url: str
    bearer_file: Path | None = None
    ca_file: Path | None = None
    connect_seconds: Seconds = 5
    read_seconds: Seconds = 10
    first_pause_seconds: Seconds = 5
    longest_pause_seconds: Seconds = 900
    failures: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 5
    """Failures of the line one after another, after which it is left alone."""
    rest_seconds: Seconds = 60


class Served(NamedTuple):
    """A county's treasury, how patiently it is called, and whether its line is up."""

    treasury: Treasury
    patience: Patience
    circuit: Circuit
    lease: timedelta
    """How long one turn with it may take: nobody else takes a payment up meanwhile."""


class Treasuries:
    """各县国库; a county that is not named has the null gateway."""

    def __init__(self, served: Mapping[str, Served] | None = None) -> None:
        self._served = dict(served or {})

    def name_of(self, county: str) -> str:
        """What carries a county's payments."""
        served = self._served.get(county)
        return NullTreasury.name if served is None else served.treasury.name

    def counties(self) -> list[str]:
        """The counties that have one."""
        return sorted(self._served)

    def of(self, county: str) -> Served | None:
        """A county's treasury; ``None`` = nothing is sent."""
        return self._served.get(county)

    def close(self) -> None:
        """Let go of every line."""
        for served in self._served.values():
            served.treasury.close()


def served_by(setting: TreasurySetting, treasury: Treasury) -> Served:
    """A treasury with the patience that its setting asks for."""
    turn = 2 * (setting.connect_seconds + 2 * setting.read_seconds) + setting.first_pause_seconds
    return Served(
        treasury=treasury,
        patience=Patience(first=setting.first_pause_seconds, longest=setting.longest_pause_seconds),
        circuit=Circuit(setting.failures, timedelta(seconds=setting.rest_seconds)),
        lease=timedelta(seconds=turn),
    )  # fmt: skip


def read_treasuries(path: Path | None, *, production: bool) -> Treasuries:
    """The treasuries of a file; without a file none is called.

    Raises:
        TreasuryError: the file or what it says cannot be used.
    """
    if path is None:
        return Treasuries()
    try:
        told = tomllib.loads(path.read_text("utf-8"))
        settings = msgspec.convert(told, dict[str, TreasurySetting], dec_hook=_path)
    except (OSError, ValueError) as error:
        raise TreasuryError(f"国库设置无法读取 {path} cannot be read: {error}") from error
    return Treasuries({c: _opened(c, s, production=production) for c, s in settings.items()})


def _opened(county: str, setting: TreasurySetting, *, production: bool) -> Served:
    # Only who has a treasury pays for the client that calls it.
    from registry.gateways.calling import HttpTreasury, Line

    if setting.name == NULL or not (county.isascii() and county.isdigit()):
        raise TreasuryError(f"国库设置有误 [{county}]: a county's code, and a name of its own")
    if not _safe(setting.url, production=production):
        raise TreasuryError(f"国库地址须以 https:// 开头 [{county}] must be called over https://")
    line = Line(
        url=setting.url.rstrip("/"), bearer=_bearer(county, setting.bearer_file),
        ca_file=setting.ca_file, connect=setting.connect_seconds, read=setting.read_seconds,
    )  # fmt: skip
    try:
        return served_by(setting, HttpTreasury(setting.name, line))
    except OSError as error:  # ssl.SSLError is one
        raise TreasuryError(f"国库证书无法使用 [{county}] ca_file: {error}") from error


def _safe(url: str, *, production: bool) -> bool:
    """TLS, or in demo mode a machine's own loopback."""
    parts = urlsplit(url)
    if parts.username or parts.password or not parts.hostname:
        return False
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in _LOOPBACK and not production
    )


def _bearer(county: str, file: Path | None) -> str:
    if file is None:
        return ""
    try:
        if file.stat().st_mode & _OTHERS:
            raise TreasuryError(
                f"国库口令文件他人可读 [{county}] {file} must not be open to others: chmod o="
            )
        held = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise TreasuryError(f"国库口令无法读取 [{county}] {file} cannot be read") from error
    if not held or not held.isprintable() or " " in held:
        raise TreasuryError(f"国库口令有误 [{county}] {file} must hold one word")
    return held


def _path(kind: type, value: Any) -> Any:
    return Path(str(value)) if kind is Path else value
