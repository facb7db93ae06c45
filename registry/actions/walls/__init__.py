"""牌子与机构 what hangs on a community's walls, who sits behind it: told, judged, cleared, counted.

For: boards, rules on the wall, offices in a community, clean-up orders and their attestation.
Not for: what was there before the registry, as sheets bring it in (``existing``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``recording.py``.
"""
