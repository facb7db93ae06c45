"""静站 serves what was loaded while time stands still: no tick, no checkpoint runs beside the pages,
whose cost is read off the processor time of this process. Run as ``python -m bench.still``.
"""

import uvicorn

from registry.app import create_app, open_office, settle_memory
from registry.settings import from_environment


def main() -> None:
    """Serve as the environment says, until told to stop."""
    given = from_environment()
    office = open_office(given)
    try:
        app = create_app(office, given, owns=False)
        settle_memory()
        uvicorn.run(
            app, host=given.host, port=given.port, loop="uvloop", http="httptools", ws="none",
            access_log=False, log_level="warning",
        )  # fmt: skip
    finally:
        office.store.close()


if __name__ == "__main__":
    main()
