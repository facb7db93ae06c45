"""应用 the one place where the parts are joined into a Litestar application, and where it is run."""

import asyncio
import fcntl
import gc
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

import uvicorn
from litestar import Litestar, Router

from registry import __version__
from registry.actions.office import Office
from registry.actions.paying.carrying import carry
from registry.actions.readlog.gathering import read_log
from registry.actions.rejudging.running import mark_broken
from registry.actions.sealing.minding import Messenger, Minder
from registry.actions.ticking import tick
from registry.actions.vouching.starting import make_where_missing
from registry.api import authzen
from registry.api.entrance import About
from registry.api.meters import Meters
from registry.api.paper_forms import letterhead
from registry.api.routes import routes
from registry.api.serving import JSON_LIMIT
from registry.clock import Source, fixed_clock, wall_clock
from registry.domain.hashing import TREES
from registry.gateways.treasuries import read_treasuries
from registry.policies.points import read_points
from registry.settings import Settings
from registry.store.store import Store
from registry.web.house import House
from registry.web.routes import pages
from registry.web.serving import answer_anywhere

TICK_SECONDS = 60
CARRY_SECONDS = 2
"""Between two looks for payments that are due."""
SEAL_SECONDS, WITNESS_SECONDS = 1, 2
"""Between two looks for logs that are to be signed, and for checkpoints to be witnessed."""
FIRST_SECONDS = 3
"""Longest that serving waits at its start for the first look at the logs; a great log that was
never signed takes longer, and is signed while others are served."""
COLLECT_AFTER = (20_000, 20, 50)
"""Fresh objects before a collection, and how many of the younger make one of the older."""
POINTS = "points"
"""Folder of the data directory in which tables for other questions lie."""
DEMO_BANNER = "演示数据"
_log = logging.getLogger("registry.app")


class AlreadyServing(RuntimeError):  # noqa: N818 - a sentence for the operator, not a fault
    """已有服务进程: a second serving process on one SQLite file would lose turns, so it stops."""


def open_office(settings: Settings) -> Office:
    """The store, the clock, the source of ids and the treasuries, joined.

    Raises:
        TreasuryError: the file of treasuries cannot be used.
        EngineError: a folder of decision tables (判定点) cannot be used.
    """
    production = settings.mode == "production"
    treasuries = read_treasuries(settings.treasury_file, production=production)
    store = Store(settings.database_url, settings.read_database_url, settings.data_dir)
    clock = wall_clock if settings.clock is None else fixed_clock(settings.clock)
    return Office(
        store, clock, Source(), decider=settings.decider, clock_fixed=settings.clock is not None,
        secret=settings.secret_key, treasuries=treasuries,
        points=read_points(settings.data_dir / POINTS, settings.decider),
        site=urlsplit(settings.public_url).netloc or "localhost",
        trees=TREES if settings.log_sm3 else TREES[:1],
        exports_kept=timedelta(days=settings.exports_days),
        backup_within=timedelta(days=settings.backup_days),
    )  # fmt: skip


def create_app(office: Office, settings: Settings, *, owns: bool = True) -> Litestar:
    """The application.

    Args:
        owns: it ticks every minute and closes the store when it stops; tests that share an
            office say no.
    """
    meters, house = Meters(office), House(office, about(settings))
    office.letterhead = letterhead(house.about)
    doors = [*routes(office, house.about, meters), *pages(house)]
    return Litestar(
        # Under one router: the tree of paths is laid out once, not again for every handler.
        route_handlers=[Router("/", route_handlers=doors)],
        exception_handlers={Exception: answer_anywhere(house)},
        before_send=[meters.sending, authzen.sending],
        lifespan=[_living(office)] if owns else [],
        request_max_body_size=JSON_LIMIT,
        openapi_config=None,
        logging_config=None,
        debug=False,
    )


def about(settings: Settings) -> About:
    """What this installation says of itself."""
    demo = settings.mode == "demo"
    banner = f"{DEMO_BANNER} · {settings.banner}" if demo else settings.banner
    return About(
        version=__version__, mode=settings.mode, demo=demo, banner=banner,
        public_url=settings.public_url,
    )  # fmt: skip


def _living(office: Office) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def living(_app: Litestar) -> AsyncIterator[None]:
        await asyncio.to_thread(mark_broken, office)
        await asyncio.to_thread(make_where_missing, office)
        stopping, signed = asyncio.Event(), asyncio.Event()
        ticking = asyncio.create_task(_tick_on(office, stopping))
        carrying = asyncio.create_task(_carry_on(office, stopping))
        sealing = asyncio.create_task(_seal_on(office, stopping, signed))
        witnessing = asyncio.create_task(_witness_on(office, stopping))
        with suppress(TimeoutError):
            await asyncio.wait_for(signed.wait(), FIRST_SECONDS)
        try:
            yield
        finally:
            stopping.set()
            await ticking
            await carrying
            await witnessing
            await sealing
            await asyncio.to_thread(office.exports.stop)
            await asyncio.to_thread(read_log(office).settle, everything=True)
            office.treasuries.close()
            await asyncio.to_thread(office.store.close)

    return living


async def _tick_on(office: Office, stopping: asyncio.Event) -> None:
    """What the passing of time brings, every minute; one failure does not end the next."""
    while not stopping.is_set():
        try:
            await asyncio.to_thread(tick, office)
        except Exception:  # noqa: BLE001 - whatever it was, the next minute comes
            _log.exception("tick failed")
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), TICK_SECONDS)


async def _carry_on(office: Office, stopping: asyncio.Event) -> None:
    """Payments that are due, on a thread of their own: a slow treasury holds nobody else up."""
    if not office.treasuries.counties():
        return
    with ThreadPoolExecutor(1, thread_name_prefix="paying") as thread:
        run = asyncio.get_running_loop().run_in_executor
        while not stopping.is_set():
            try:
                await run(thread, partial(carry, office, stopping.is_set))
            except Exception:  # noqa: BLE001 - whatever it was, it is tried again
                _log.exception("carrying payments failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), CARRY_SECONDS)


async def _seal_on(office: Office, stopping: asyncio.Event, looked: asyncio.Event) -> None:
    """Checkpoints of every log, and one more of each when everybody has gone; ``looked`` once the
    first look is over."""
    minder = Minder(office)
    while not stopping.is_set():
        await _minded(minder.look)
        looked.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), SEAL_SECONDS)
    await _minded(partial(minder.look, last=True))


async def _witness_on(office: Office, stopping: asyncio.Event) -> None:
    """Checkpoints go to their witnesses on a thread of their own: a slow one holds nobody up."""
    messenger = Messenger(office)
    with ThreadPoolExecutor(1, thread_name_prefix="witness") as thread:
        run = asyncio.get_running_loop().run_in_executor
        while not stopping.is_set():
            await _minded(partial(messenger.round, stopping.is_set), partial(run, thread))
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), WITNESS_SECONDS)
    messenger.close()


async def _minded(
    work: Callable[[], object], run: Callable[..., Awaitable[object]] = asyncio.to_thread
) -> None:
    try:
        await run(work)
    except Exception:  # noqa: BLE001 - whatever it was, it is tried again
        _log.exception("minding the log failed")


@contextmanager
def serving_alone(settings: Settings) -> Iterator[None]:
    """Hold the data directory for one serving process (SQLite only; PostgreSQL takes many).

    Raises:
        AlreadyServing: another process serves it.
    """
    if not settings.database_url.startswith("sqlite:"):
        yield
        return
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyServing(
                f"已有进程在服务 {settings.data_dir}，SQLite 只允许一个。 "
                f"Another process already serves {settings.data_dir}; SQLite allows one."
            ) from error
        yield


def server(app: Litestar, settings: Settings) -> uvicorn.Server:
    """The HTTP server, not yet started."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="on",
            access_log=False,
            server_header=False,
            log_level="error",
            proxy_headers=True,
            forwarded_allow_ips="127.0.0.1",
            timeout_keep_alive=30,
            timeout_graceful_shutdown=30,
        )
    )


def settle_memory() -> None:
    """What was loaded stays for good: keep Python's collector from walking over it again and again,
    which costs a tenth of the time and stalls whoever asks meanwhile (docs/benchmarks.md)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def run(office: Office, settings: Settings) -> None:
    """Serve until told to stop.

    Raises:
        AlreadyServing: another process serves the same SQLite data directory.
    """
    with serving_alone(settings):
        made = server(create_app(office, settings), settings)
        settle_memory()
        made.run()
