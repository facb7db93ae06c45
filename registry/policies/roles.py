"""岗位名称 what the roles of the access table are called, by ``roles.toml``."""

import tomllib
from functools import cache

from registry.policies.engine import HERE


@cache
def named() -> dict[str, tuple[str, str]]:
    """By role: (Chinese, English)."""
    read = tomllib.loads((HERE / "roles.toml").read_text("utf-8"))
    return {role: (zh, en) for role, (zh, en) in read.items()}
