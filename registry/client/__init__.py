"""客户端 the API as a typed program calls it, waiting or not: for auditors' and offices' own tools.

For: signing in, reading by pages, acting once however often it is tried, taking files away, proofs.
Not for: anything the API does not offer; the store, the rules.
May import: registry.domain
Start reading at: ``operations.py`` (what can be asked), then ``session.py`` (how it is carried).
"""

from registry.client.errors import ApiError, Unreachable
from registry.client.resources import Kind
from registry.client.session import Patience
from registry.client.shells import AsyncClient, Client

__all__ = ["ApiError", "AsyncClient", "Client", "Kind", "Patience", "Unreachable"]
