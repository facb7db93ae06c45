"""报表 statements: what went through the accounts, by item, community, payer or year: to read, print
and recount elsewhere.

For: figures added up from the entries as of one entry of the log, and their forms: CSV, xlsx, a
    page to print, journals for beancount and hledger.
Not for: one matter's own chain (``ledger``), findings.
May import: registry.store, registry.policies, registry.domain
Start reading at: ``stating.py``.
"""
