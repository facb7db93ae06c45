"""词语 the texts of rows as pairs of characters, in which a word of two characters is found too.

Technical: made from the rows, under no seal of its own, and made anew from them at need.
"""

from sqlalchemy import DDL, Column, Index, Table, Text, event
from sqlalchemy.dialects.postgresql import TSVECTOR

from registry.store.columns import Whole
from registry.store.tables.rows import metadata

GRAMS = (
    "CREATE VIRTUAL TABLE text_gram USING fts5"
    "(words, content='', detail='none', columnsize=0, tokenize='ascii')"
)
"""SQLite's index of the pairs, by number of the text; PostgreSQL has it in ``words``."""

text_doc = Table(
    "text_doc",
    metadata,
    Column("doc", Whole, primary_key=True),
    Column("county", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("mark", Text, nullable=False),
    Column("words", Text().with_variant(TSVECTOR(), "postgresql"), nullable=True),
    Index("ux_text_doc_mark", "county", "kind", "id", "mark", unique=True),
    sqlite_strict=True,
)
"""文本: each text a row ever had, by a digest of it; only ever added to."""
Index("ix_text_doc_words", text_doc.c.words, postgresql_using="gin").ddl_if("postgresql")
_here = DDL(GRAMS).execute_if(dialect="sqlite")  # type: ignore[no-untyped-call]
event.listen(text_doc, "after_create", _here)
