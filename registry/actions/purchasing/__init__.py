"""购买服务 a purchase under a funding line: awarded, contracted, accepted, its results told (P27).

For: keeping what was bought of whom within line and limit, and what came of it.
Not for: deciding what may be bought: packs and the year's directory do.
May import: registry.store, registry.gateways, registry.policies, registry.domain
Start reading at: ``awarding.py``.
"""
