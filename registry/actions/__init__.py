"""办理 what officials do: authorise → act → record, in one transaction.

For: verbs grouped by subject; each is one function that takes the desk and the command.
Not for: HTTP, SQL, deciding by ``if`` what a table should decide.
May import: registry.store, registry.gateways, registry.policies, registry.domain
Start reading at: ``office.py`` (how an act runs), then ``filing.py``.
"""
