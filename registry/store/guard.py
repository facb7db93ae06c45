"""存点 what takes one act of several back by itself."""

from sqlalchemy import Connection

from registry.store.statement import driven


class Guard:
    """存点: a savepoint, made when it is first wanted."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._made = connection, False

    def __call__(self) -> None:
        if not self._made:
            driven(self._connection, "SAVEPOINT act").close()
        self._made = True

    def take_back(self) -> None:
        """Undo what was done since."""
        if self._made:
            driven(self._connection, "ROLLBACK TO act").close()
        self.release()

    def release(self) -> None:
        """It is wanted no more."""
        if self._made:
            driven(self._connection, "RELEASE act").close()
