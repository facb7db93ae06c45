"""国库网关 what a treasury can be asked, whoever carries it there, and the one that carries nothing."""

from typing import Protocol

from registry.domain.paying import NULL, Payment, Reply, Unknown


class Treasury(Protocol):
    """国库网关."""

    name: str

    def pay(self, payment: Payment) -> Reply:
        """Ask for a payment; asked again under its key, it is the same payment."""

    def ask(self, payment: Payment) -> Reply:
        """Ask what became of it."""

    def call_back(self, payment: Payment) -> Reply:
        """Ask that it be not paid, now or ever, if it was not yet."""

    def close(self) -> None:
        """Let go of the line."""


class NullTreasury:
    """空网关: nothing is sent, and it says so; people confirm by hand."""

    name = NULL

    def pay(self, payment: Payment) -> Reply:
        """Nobody is there to be asked."""
        return self._nobody()

    def ask(self, payment: Payment) -> Reply:
        """Nobody is there to be asked."""
        return self._nobody()

    def call_back(self, payment: Payment) -> Reply:
        """Nobody is there to be asked."""
        return self._nobody()

    def close(self) -> None:
        """There is no line."""

    def _nobody(self) -> Reply:
        return Unknown("未接国库支付，没有发送 no gateway: nothing was sent")
