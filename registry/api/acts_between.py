"""流转入口 the acts on a case between its steps, as one table."""

from registry.api.acting import Act

BETWEEN: tuple[Act, ...] = ()
