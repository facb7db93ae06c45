"""网关 the only room that calls other systems.

For: speaking to a county's treasury: one call, one answer, or word that none is known.
Not for: deciding what an answer does to a record; transactions; anything while one is open.
May import: registry.domain
Start reading at: ``treasury.py`` (what is asked), then ``calling.py`` (how it goes over the wire).
"""
