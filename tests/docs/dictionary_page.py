"""The data dictionary as a page: ``python -m tests.docs.dictionary_page``."""

from pathlib import Path

from registry.api.dictionary import FieldLine, dictionary

PAGE = Path(__file__).resolve().parents[2] / "docs" / "data-dictionary.md"
_HEAD = """# Data dictionary 数据字典

<!-- made by `python -m tests.docs.dictionary_page`; edit registry/policies/dictionary.toml -->

Every resource of the API, its fields and the codes in them. `optional` 可空: may be absent or null.
Amounts are whole numbers in 分. The same: `GET /api/v1/dictionary`, `registry dictionary --csv`.
"""


def page() -> str:
    """The whole page, resource by resource."""
    parts = [_HEAD]
    for resource in dictionary().resources:
        parts.append(f"\n## {resource.zh} {resource.name}\n\n")
        parts.append("| field | 中文 | type | codes |\n|---|---|---|---|\n")
        parts += [_line(field) for field in resource.fields]
    return "".join(parts)


def _line(field: FieldLine) -> str:
    unit = f" ({field.unit})" if field.unit else ""
    kind = f"{field.type}{unit}{', optional' if field.optional else ''}"
    codes = " · ".join(f"`{c.value}` {c.zh}" for c in field.codes)
    return f"| `{field.name}` | {field.zh} | {kind} | {codes} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
