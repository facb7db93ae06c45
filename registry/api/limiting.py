"""限流 how often one address may try something without a token; kept in memory and nowhere else."""

from collections import deque
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from registry.actions.office import Office
from registry.domain.errors import Refusal, RefusalKind, declare

TOO_MANY = declare(
    "public.too_many", RefusalKind.TOO_MANY, "尝试次数过多，请稍后再试",
    "Too many tries; try again later.",
)  # fmt: skip
WITHIN = timedelta(minutes=1)
TRIES = 30
"""Within that time from one address: a whole community may sit behind one."""
_ADDRESSES = 10_000
"""Held at once; beyond it the oldest are forgotten, so that nobody fills the memory."""


_SITE = 64
"""Bits that name a site in an IPv6 address (RFC 4291); the other half is the caller's to choose."""


def site(address: str) -> str:
    """What one caller cannot change at will: an IPv4 address, the site of an IPv6 one."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Address(int(found) >> _SITE << _SITE))


class Limiter:
    """限流器: tries of each address within the last minute."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._tries: dict[str, deque[datetime]] = {}

    def check(self, address: str) -> None:
        """Count one try, or refuse it.

        Raises:
            Refusal: ``public.too_many``.
        """
        now, address = self._office.clock(), site(address)
        tries = self._tries.pop(address, deque())
        while tries and abs(now - tries[0]) >= WITHIN:
            tries.popleft()
        self._tries[address] = tries
        if len(self._tries) > _ADDRESSES:
            del self._tries[next(iter(self._tries))]
        if len(tries) >= TRIES:
            raise Refusal(TOO_MANY)
        tries.append(now)
