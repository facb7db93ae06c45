"""查询 what is asked of many records at once: narrowed, put in order, counted, compared in time.

For: what a list may be narrowed by, where a page ended, counts and sums by fixed dimensions, what
changed between two snapshots, what fell to somebody in their term of office.
Not for: how SQL says it (``store/planned``); which rows a person sees at all (``actions/seeing``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``narrowing.py``.
"""
