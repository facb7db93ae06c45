"""不再核对 records that are read only to be written out: every field, none of the conditions on it.

Each value was held to its type when it was written. To match every identifier and line with its
pattern once more took most of the time of a page.
"""

from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec


@cache
def unchecked(kind: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """The type with the fields of ``kind`` in their order, each as it begins there, that takes any
    value of their plain types; so do those inside it."""
    how = kind.__struct_config__
    fields = [(f.name, _plain(f.type), _begun(f)) for f in msgspec.structs.fields(kind)]
    return msgspec.defstruct(
        kind.__name__, fields, kw_only=True, frozen=how.frozen, tag=how.tag,
        tag_field=how.tag_field, forbid_unknown_fields=how.forbid_unknown_fields, gc=False,
    )  # fmt: skip


def _begun(field: msgspec.structs.FieldInfo) -> Any:
    begins: dict[str, Any] = {"default": field.default, "default_factory": field.default_factory}
    return msgspec.field(name=field.encode_name, **begins)


def _plain(form: Any) -> Any:
    """A type as it is without its conditions."""
    of, parts = get_origin(form), get_args(form)
    if of is Annotated:
        return _plain(parts[0])
    if isinstance(form, type) and issubclass(form, msgspec.Struct):
        return unchecked(form)
    if of is None or of is Literal:
        return form
    plain = tuple(_plain(part) for part in parts)
    return Union[plain] if of in (Union, UnionType) else of[plain]  # noqa: UP007 - of a tuple
