"""说法 a value of a pack in a few words: for an official in Chinese, for a program in wire words."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from registry.domain.approval import Flow, FlowStep, Quorum
from registry.domain.calendar import Clock, Unit
from registry.policies.words import field_zh, plain_zh


def in_chinese(value: Any) -> str:
    """A value as an official reads it; what is not stated reads 未规定."""
    if _nothing(value):
        return plain_zh("none")
    for form, say in _FORMS:
        if isinstance(value, form):
            return say(value)
    return plain_zh(str(value))


def _nothing(value: Any) -> bool:
    return value is None or value in ("", [], {})


def in_english(value: Any) -> str:
    """A value in wire words, as pack.toml would have it."""
    if _nothing(value):
        return "not stated"
    if isinstance(value, (str, StrEnum, date, int)) and not isinstance(value, bool):
        return str(value.value if isinstance(value, StrEnum) else value)
    return msgspec.json.encode(
        stated(value) if isinstance(value, msgspec.Struct) else value
    ).decode()


def stated(value: msgspec.Struct) -> dict[str, Any]:
    """The fields of a struct that say something else than their default."""
    return {
        field.name: getattr(value, field.name)
        for field in msgspec.structs.fields(value)
        if field.required or getattr(value, field.name) != _default(field)
    }


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default is not msgspec.NODEFAULT:
        return field.default
    return None if field.default_factory is msgspec.NODEFAULT else field.default_factory()


def _fields(value: msgspec.Struct) -> str:
    return ",".join(f"{field_zh(n)}{in_chinese(v)}" for n, v in stated(value).items())


def _clock(clock: Clock) -> str:
    days = "个工作日" if clock.unit is Unit.WORKING else "日"
    rest = {n: v for n, v in stated(clock).items() if n not in ("days", "unit")}
    told = [f"{field_zh(n)}:{in_chinese(v)}" for n, v in rest.items() if v is not None]
    return f"{clock.days}{days}" + (f"({','.join(told)})" if told else "")


def _step(step: FlowStep) -> str:
    told = ["、".join(step.bodies)]
    if len(step.bodies) > 1 or step.quorum in (Quorum.RATIO, Quorum.EACH):
        told.append(plain_zh(step.quorum.value))
    told += [f"{field_zh('percent')}{step.percent}%"] if step.percent is not None else []
    told += [field_zh("in_order")] if step.in_order else []
    told += [f"{field_zh('instead')}{step.instead}"] if step.instead else []
    return f"{step.name}({plain_zh(step.act.value)}:{'、'.join(told)})"


_FORMS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (bool, lambda value: plain_zh("true" if value else "false")),
    (StrEnum, lambda value: plain_zh(value.value)),
    (Flow, lambda flow: " → ".join(_step(step) for step in flow.step)),
    (Clock, _clock),
    (msgspec.Struct, _fields),
    (Mapping, lambda held: ",".join(f"{plain_zh(k)}:{in_chinese(v)}" for k, v in held.items())),
    (list, lambda held: "、".join(in_chinese(v) for v in held)),
)
"""A form and how it is said; the first that fits is taken."""
