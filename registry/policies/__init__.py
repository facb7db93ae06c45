"""规则 who may do what, and what may enter a community: two Casbin deciders, both data.

For: the access tables, rule packs, their strict loader, the engine, the verdict.
Not for: SQL, HTTP, clock; doing what was decided.
May import: registry.domain
Start reading at: ``judge.py`` (a filing becomes a verdict), then ``engine.py``. Within:
``measuring`` computes the facts, ``explaining`` tells why, ``drafting`` is for who writes a pack.
"""
