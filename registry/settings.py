"""设置 environment → one frozen struct; read by ``app`` and the command line only."""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from registry.domain.sealing import CHECKPOINT_WITHIN

DEMO_SECRET = "demo"  # noqa: S105 - refused in production


class SettingError(ValueError):
    """A setting that refuses to start, in one sentence."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """运行设置 (docs/operations.md lists each)."""

    mode: Literal["production", "demo"] = "production"
    database_url: str
    read_database_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    data_dir: Path
    secret_key: str
    public_url: str
    clock: datetime | None = None
    decider: Literal["indexed", "stock"] = "indexed"
    banner: str = "非涉密系统，严禁处理、存储、传输国家秘密和工作秘密"
    log_sm3: bool = False
    log_slack: timedelta | None = CHECKPOINT_WITHIN
    treasury_file: Path | None = None
    exports_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 7
    backup_days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 2


NAMES = (
    "REGISTRY_MODE", "REGISTRY_DATABASE_URL", "REGISTRY_READ_DATABASE_URL", "REGISTRY_HOST",
    "REGISTRY_PORT", "REGISTRY_DATA_DIR", "REGISTRY_SECRET_KEY", "REGISTRY_PUBLIC_URL",
    "REGISTRY_CLOCK", "REGISTRY_DECIDER", "REGISTRY_BANNER", "REGISTRY_LOG_SM3",
    "REGISTRY_LOG_SLACK", "REGISTRY_TREASURY_FILE", "REGISTRY_EXPORTS_DAYS",
    "REGISTRY_BACKUP_DAYS",
)  # fmt: skip


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read every setting; an unknown ``REGISTRY_…`` name is a typing error worth stopping for.

    Raises:
        SettingError: unknown name or value, a clock outside demo mode, a weak secret in production.
    """
    known = {*NAMES, "REGISTRY_TEST_VECTORS", "REGISTRY_TEST_DATA"}
    if unknown := sorted(k for k in environ if k.startswith("REGISTRY_") and k not in known):
        raise SettingError(f"没有这个设置 unknown setting: {', '.join(unknown)}")
    data_dir = Path(environ.get("REGISTRY_DATA_DIR") or "var").absolute()
    url = environ.get("REGISTRY_DATABASE_URL") or f"sqlite:///{data_dir / 'registry.db'}"
    host = environ.get("REGISTRY_HOST") or "127.0.0.1"
    port = environ.get("REGISTRY_PORT") or "8000"
    raw = {
        "mode": environ.get("REGISTRY_MODE") or "production",
        "database_url": url,
        "read_database_url": environ.get("REGISTRY_READ_DATABASE_URL") or url,
        "host": host,
        "port": port,
        "data_dir": data_dir,
        "secret_key": environ.get("REGISTRY_SECRET_KEY") or DEMO_SECRET,
        "public_url": environ.get("REGISTRY_PUBLIC_URL") or f"http://{host}:{port}",
        "clock": environ.get("REGISTRY_CLOCK") or None,
        "decider": environ.get("REGISTRY_DECIDER") or "indexed",
        "log_sm3": environ.get("REGISTRY_LOG_SM3", "0") in ("1", "true"),
        "treasury_file": environ.get("REGISTRY_TREASURY_FILE") or None,
    }
    for name in ("exports_days", "backup_days"):
        if days := environ.get(f"REGISTRY_{name.upper()}"):
            raw[name] = days
    if slack := environ.get("REGISTRY_LOG_SLACK"):
        raw["log_slack"] = None if slack == "off" else slack
    if environ.get("REGISTRY_BANNER"):
        raw["banner"] = environ["REGISTRY_BANNER"]
    try:
        settings = msgspec.convert(raw, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise SettingError(f"设置有误 a setting is wrong: {error}") from error
    return _checked(settings)


def _path(kind: type, value: object) -> object:
    return Path(str(value)) if kind is Path else value


def _checked(settings: Settings) -> Settings:
    if not settings.database_url.startswith(("sqlite:///", "postgresql://")):
        raise SettingError(
            "REGISTRY_DATABASE_URL 须以 sqlite:/// 或 postgresql:// 开头 must start with one of these"
        )
    if settings.log_slack is not None and settings.log_slack < timedelta():
        raise SettingError("REGISTRY_LOG_SLACK 须为秒数或者 off must be seconds, or off")
    if settings.clock is not None and settings.clock.tzinfo is None:
        raise SettingError(
            "REGISTRY_CLOCK 须带时区 must carry an offset, e.g. 2026-01-05T09:00:00+08:00"
        )
    if settings.mode == "production":
        if settings.clock is not None:
            raise SettingError("REGISTRY_CLOCK 只用于演示模式 is for demo mode only")
        if len(settings.secret_key) < 32:  # noqa: PLR2004 - 256 bits as hex is 64, as text 32
            raise SettingError(
                "请设置 REGISTRY_SECRET_KEY，至少 32 个字符 it must be set, at least 32 characters"
            )
    return settings
