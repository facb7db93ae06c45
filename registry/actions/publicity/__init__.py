"""公示、公开 what is posted, for how long, and what anybody may read without signing in (P8).

For: postings and their days, exits that wait to be posted, the public list of a community.
Not for: who reads a record inside (``reading``); the notice at the door (``vouching``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``postings.py``, ``listing.py``.
"""
