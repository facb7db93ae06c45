"""起草 what an official writes a pack with: check, compare, begin, and sheets in and out.

For: finding everything wrong with a pack, telling two apart, the skeleton, workbooks and CSV.
Not for: judging a filing; reading a published pack (the strict loader does that).
May import: registry.domain
Start reading at: ``lint.py`` (everything wrong with a pack), then ``sheets.py``.
"""
