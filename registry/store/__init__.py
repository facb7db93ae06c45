"""存储 the only room that knows SQL.

For: tables, the unit of work, the writer, keyset queries, the event log, documents, backup.
Not for: deciding anything; rows never leave, structs come in and go out.
May import: registry.domain, registry.policies
Start reading at: ``unit.py`` (one act's view), then ``writer.py`` (how acts are grouped).
"""
