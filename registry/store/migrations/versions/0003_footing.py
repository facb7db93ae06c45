"""What a walk over many cases joins by, worked out of the bodies: no record and no seal changes."""

import hashlib
from collections.abc import Callable

import msgspec
import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = depends_on = None

ADDED = {"request": "verdict_id", "verdict": "footing"}
_BATCH = 1_000


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, column in ADDED.items():
        op.add_column(table, sa.Column(column, sa.Text(), nullable=True))
        _fill(table, column, {"request": _verdict_id, "verdict": _footing}[table])
        (_guard_sqlite if sqlite else _guard_postgresql)(table)


def downgrade() -> None:
    """The way back is the backup taken before."""
    raise NotImplementedError


def _fill(table: str, column: str, worked_out: Callable[[str], str | None]) -> None:
    """Every version kept so far, in pieces: memory does not grow with them."""
    bind = op.get_bind()
    rows = sa.table(table, *map(sa.column, ("county", "id", "version", "body", column)))
    key = sa.tuple_(rows.c.county, rows.c.id, rows.c.version)
    query = sa.select(rows.c.county, rows.c.id, rows.c.version, rows.c.body)
    query = query.order_by(rows.c.county, rows.c.id, rows.c.version).limit(_BATCH)
    change = sa.update(rows).values({column: sa.bindparam("made")}).where(
        rows.c.county == sa.bindparam("of"), rows.c.id == sa.bindparam("one"),
        rows.c.version == sa.bindparam("at"),
    )  # fmt: skip
    found = bind.execute(query).all()
    while found:
        told = [
            {"of": county, "one": id, "at": version, "made": made}
            for county, id, version, body in found
            if (made := worked_out(body)) is not None
        ]
        if told:
            bind.execute(change, told)
        found = bind.execute(query.where(key > tuple(found[-1][:3]))).all()


class _Asked(msgspec.Struct):
    verdict_id: str | None = None


class _Kept(msgspec.Struct):
    facts: msgspec.Raw
    reading: str = ""


_asked, _kept = msgspec.json.Decoder(_Asked), msgspec.json.Decoder(_Kept)


def _verdict_id(body: str) -> str | None:
    return _asked.decode(body).verdict_id


def _footing(body: str) -> str:
    """128 bits over what the facts were read from and the facts, as they stand in the body."""
    kept = _kept.decode(body)
    ground = kept.reading.encode() + b"\n" + bytes(kept.facts)
    return hashlib.blake2b(ground, digest_size=16).hexdigest()


def _guard_sqlite(table: str) -> None:
    op.execute(f"DROP TRIGGER guard_{table}_update")
    op.execute(
        f"CREATE TRIGGER guard_{table}_update BEFORE UPDATE OF {_fixed(table)} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _guard_postgresql(table: str) -> None:
    op.execute(f'DROP TRIGGER guard_{table}_update ON "{table}"')
    op.execute(
        f"CREATE TRIGGER guard_{table}_update BEFORE UPDATE OF {_fixed(table)} "
        f'ON "{table}" FOR EACH ROW EXECUTE FUNCTION append_only()'
    )


def _fixed(table: str) -> str:
    """Every column but ``event_to``, which alone may be set, once."""
    columns = sa.inspect(op.get_bind()).get_columns(table)
    return ", ".join(f'"{c["name"]}"' for c in columns if c["name"] != "event_to")
