"""Serving as a real process: first start, second process, production, and the demo."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

PROGRAM = [sys.executable, "-m", "registry"]
PATIENCE = 60.0


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _environment(folder: Path, **settings: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("REGISTRY_")}
    return kept | {"REGISTRY_DATA_DIR": str(folder), "REGISTRY_MODE": "demo"} | settings


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    port = _port()
    with (folder.parent / "said").open("wb") as said:
        process = subprocess.Popen(
            [*PROGRAM, "serve"],
            env=_environment(folder, REGISTRY_PORT=str(port)),
            stdout=said,
            stderr=said,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + PATIENCE
        while True:
            assert process.poll() is None, (folder.parent / "said").read_text()
            assert time.monotonic() < until
            try:
                if httpx.get(f"{address}/readyz").is_success:
                    break
            except httpx.TransportError:
                time.sleep(0.05)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=PATIENCE)


def _ended(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *words],
        env=_environment(folder, **settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    folder = tmp_path_factory.mktemp("serve") / "var"
    with serving(folder) as address:
        yield folder, address


def test_a_fresh_registry_has_signed_its_logs_when_it_says_that_it_is_ready(
    started: tuple[Path, str],
) -> None:
    _, address = started
    for path in ("keys", "checkpoint"):
        answer = httpx.get(f"{address}/log/990102/{path}")
        assert answer.status_code == 200, answer.text


def test_the_first_start_writes_the_passwords_for_their_owner_alone(
    started: tuple[Path, str],
) -> None:
    folder, _ = started
    people = folder / "demo-people.txt"
    assert stat.S_IMODE(people.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    said = (folder.parent / "said").read_text("utf-8")
    password = people.read_text("utf-8").splitlines()[1].split("\t")[1]
    assert str(people) in said
    assert password not in said


def test_a_demo_person_signs_in_with_the_password_that_was_written(
    started: tuple[Path, str],
) -> None:
    folder, address = started
    lines = (folder / "demo-people.txt").read_text("utf-8").splitlines()
    username, password = next(x for x in lines if x.startswith("dept.clerk")).split("\t")[:2]
    answer = httpx.post(
        f"{address}/api/v1/tokens", json={"username": username, "password": password}
    )
    assert answer.status_code == 201


def test_a_second_serve_stops_with_a_sentence(started: tuple[Path, str]) -> None:
    done = _ended(started[0], "serve", REGISTRY_PORT=str(_port()))
    assert done.returncode == 1
    assert "已有进程在服务" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_operator_acts_while_the_registry_serves(started: tuple[Path, str]) -> None:
    folder, address = started
    done = _ended(folder, "token", "issue", "dept.clerk")
    assert done.returncode == 0, done.stderr
    bearer = {"authorization": f"Bearer {done.stdout.strip()}"}
    assert httpx.get(f"{address}/api/v1/tasks", headers=bearer).status_code == 200


def test_a_backup_is_taken_while_the_registry_serves(
    started: tuple[Path, str], tmp_path: Path
) -> None:
    assert _ended(started[0], "backup", str(tmp_path / "b.tar")).returncode == 0
    done = _ended(tmp_path / "restored", "restore", str(tmp_path / "b.tar"))
    assert done.returncode == 0, done.stderr


def test_production_does_not_open_on_demo_data(sqlite_template: Path, tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "registry.db").write_bytes(sqlite_template.read_bytes())
    done = _ended(
        folder, "serve", REGISTRY_MODE="production", REGISTRY_SECRET_KEY="s" * 40,
        REGISTRY_PORT=str(_port()),
    )  # fmt: skip
    assert done.returncode == 1
    assert "production refuses demo data" in done.stderr
    assert "demo-county" in done.stderr


def test_the_demo_plays_a_story_and_ends_with_nothing(tmp_path: Path) -> None:
    done = _ended(tmp_path, "demo", "listed")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "CN-LISTED" in done.stdout
    assert "0 处不符" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_story_stays_as_it_ends_for_whoever_wants_to_look(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "demo", "listed", "--stay"], env=_environment(tmp_path / "data"),
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        told: dict[str, str] = {}
        for line in process.stdout:  # the test's own limit of time ends it where nothing comes
            for word in ("browser", "passwords"):
                if f"{word}: " in line:
                    told[word] = line.partition(f"{word}: ")[2].strip()
            if "passwords" in told:
                break
        people = Path(told["passwords"])
        lines = [line.split("\t") for line in people.read_text("utf-8").splitlines()]
        secret = {cells[0]: cells[1] for cells in lines if len(cells) > 1}["street.head"]
        with httpx.Client(base_url=told["browser"]) as street:
            body = {"username": "street.head", "password": secret}
            token = street.post("/api/v1/tokens", json=body).json()["token"]
            asked = street.get("/api/v1/requests", headers={"Authorization": f"Bearer {token}"})
            assert [one["state"] for one in asked.json()["items"]] == ["approved"]
            assert street.get("/login").is_success
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert not people.exists()


def test_only_one_story_can_stay(tmp_path: Path) -> None:
    done = _ended(tmp_path, "demo", "--stay")
    assert done.returncode == 1 and "--stay" in done.stderr
