"""联席会议 one meeting of the body: called, sat in, voted in, closed by its minutes.

For: agenda, members, votes, quorum, what the minutes decide.
Not for: the issuing of a decision itself (``deciding``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``conferring.py``.
"""
