"""Parquet 列式文件 for whoever reckons with other tools; its library is an extra."""

from collections.abc import Iterable, Sequence
from typing import IO, Any

from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.exporting import Column, Holds

ABSENT = declare(
    "export.parquet", RefusalKind.UNAVAILABLE,
    "本机没有安装 pyarrow，不能导出 Parquet；请改用 CSV 或审计数据库",
    "pyarrow is not installed here, so there is no Parquet: take CSV or the audit database.",
)  # fmt: skip


def write_parquet(
    out: IO[bytes], columns: Sequence[Column], batches: Iterable[Sequence[Sequence[Any]]], *,
    snapshot: tuple[str, int],
) -> int:  # fmt: skip
    """Write row groups, a batch each; returns how many rows there were.

    Raises:
        Refusal: ``export.parquet``.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise Refusal(ABSENT) from None
    kinds = {Holds.WHOLE: pyarrow.int64(), Holds.FLAG: pyarrow.bool_()}
    fields = [
        pyarrow.field(c.name, kinds.get(c.holds, pyarrow.string()), metadata={"zh": c.zh})
        for c in columns
    ]
    told = {"county": snapshot[0], "snapshot": str(snapshot[1])}
    schema, rows = pyarrow.schema(fields, metadata=told), 0
    with parquet.ParquetWriter(out, schema) as writer:
        for batch in batches:
            held = [list(column) for column in zip(*batch, strict=True)]
            for n, column in enumerate(columns):
                if column.holds is Holds.FLAG:
                    held[n] = [None if v is None else bool(v) for v in held[n]]
            writer.write_table(pyarrow.table(held, schema=schema))
            rows += len(batch)
    return rows
