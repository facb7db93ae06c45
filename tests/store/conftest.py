"""Fixtures of this folder."""

from tests.store.ledger import county, one_county, originals, server

__all__ = ["county", "one_county", "originals", "server"]
