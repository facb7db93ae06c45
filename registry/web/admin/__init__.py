"""管理 pages of those who keep people, bodies and the year: 三员, heads of bodies, finance.

For: accounts, sessions, sign-ins, what each role may do, sheets of bodies and people, handovers,
reorganisations with their plan, the turn of the year.
Not for: deciding who may; every page asks the acts that the API has.
May import: registry.web, registry.api, registry.actions, registry.policies, registry.domain
Start reading at: ``pages.py``.
"""
