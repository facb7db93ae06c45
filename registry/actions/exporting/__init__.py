"""导出 what auditors and offices take away as files: sheets, a database, a package, books.

For: any resource in any form, each of one snapshot, streamed; the audit database and package;
read-only SQL on the views of that database; what was taken, on record.
Not for: lists page by page (``reading``); printed papers (``vouching``, ``statements``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``sheets.py``, then ``writing.py``.
"""
