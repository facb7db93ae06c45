"""人员 people, accounts, posts, and whose acts they may do.

For: signing in, passwords, delegations, absences, sheets of people.
Not for: what they do (the other files of this room).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``accounts.py``.
"""
