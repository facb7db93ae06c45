"""存量事项 what was there before the registry: brought in by sheets, judged, settled (P11).

For: stocktakes, the judging of what they brought, and what becomes of it.
Not for: boards and offices told at the door since (``walls``), admitted matters (``living``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``taking.py``.
"""
