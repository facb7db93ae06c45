"""Deployment files: what a county installs is checked by the programs that will read it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))

needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd is not installed here"
)


# ------------------------------------------------------------------------------------- systemd


@needs_systemd
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    text = (DEPLOY / "admission-registry.service").read_text("utf-8")
    # The program stands at its place on the target machine only.
    text = re.sub(r"/opt/admission-registry/\.venv/bin/python", "/bin/true", text)
    unit = tmp_path / "admission-registry.service"
    unit.write_text(text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_unit_runs_without_root_in_production_mode() -> None:
    lines = (DEPLOY / "admission-registry.service").read_text("utf-8").splitlines()
    for line in (
        "User=registry",
        "Environment=REGISTRY_MODE=production",
        "NoNewPrivileges=true",
        "ProtectSystem=strict",
        "CapabilityBoundingSet=",
    ):
        assert line in lines
    assert not [line for line in lines if "SECRET" in line]


def test_the_command_on_the_machine_works_on_the_data_that_the_unit_serves() -> None:
    stated = r"^(?:Environment=)?(REGISTRY_(?:MODE|DATA_DIR)=\S+)$"
    unit = re.findall(stated, (DEPLOY / "admission-registry.service").read_text("utf-8"), re.M)
    command = re.findall(stated, (DEPLOY / "registry.sh").read_text("utf-8"), re.M)
    assert len(command) == 2
    assert sorted(command) == sorted(unit)
    subprocess.run(["bash", "-n", str(DEPLOY / "registry.sh")], check=True)


def test_the_example_environment_leaves_the_secret_empty() -> None:
    assert "\nREGISTRY_SECRET_KEY=\n" in (DEPLOY / "registry.env.example").read_text("utf-8")


# ------------------------------------------------------------------------------------- compose


@pytest.mark.parametrize("service", COMPOSE["services"])
def test_no_container_runs_as_root(service: str) -> None:
    stated = COMPOSE["services"][service]
    assert str(stated["user"]).split(":")[0] not in ("", "0", "root")
    assert stated["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in stated["security_opt"]


@pytest.mark.parametrize("service", COMPOSE["services"])
def test_no_container_has_a_secret_by_default(service: str) -> None:
    for key, value in COMPOSE["services"][service]["environment"].items():
        if re.search(r"SECRET|PASSWORD|DATABASE_URL", key):
            # ${NAME:?…} stops with a sentence; ${NAME:-…} would make something up.
            assert re.search(r"\$\{\w+:\?", value), key
        assert ":-" not in value


@pytest.mark.parametrize("service", ["database", "registry"])
def test_a_long_running_container_tells_how_it_is(service: str) -> None:
    assert COMPOSE["services"][service]["healthcheck"]["test"]


def test_the_registry_is_reached_from_its_own_machine_only() -> None:
    ports = [p for s in COMPOSE["services"].values() for p in s.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert COMPOSE["services"]["database"]["networks"] == ["inside"]


def test_the_image_installs_pinned_hashes_and_leaves_root() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    assert "--require-hashes -r requirements/run.txt" in text
    assert re.findall(r"^USER (\S+)$", text, re.M) == ["10001"]
    assert "HEALTHCHECK" in text
    for source in re.findall(r"^COPY (.+) \S+$", text, re.M):
        assert all((ROOT / part).exists() for part in source.split())


# ------------------------------------------------------------------------------- make's question


def _asked(folder: Path, version: str, modules: int) -> subprocess.CompletedProcess[str]:
    """Ask the check about a python that says ``version`` and ends ``import`` with ``modules``."""
    python = folder / "python3"
    python.write_text(
        f'#!/bin/sh\ncase "$2" in *version_info*) echo {version} ;; *) exit {modules} ;; esac\n'
    )
    python.chmod(0o755)
    return subprocess.run(
        ["bash", str(DEPLOY / "python_check.sh")],
        env={"PYTHON": str(python), "PATH": "/usr/bin:/bin"},
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_machine_without_venv_is_told_the_one_package_to_install(tmp_path: Path) -> None:
    done = _asked(tmp_path, "3.11", 1)
    assert done.returncode == 1
    assert "Debian package: python3-venv" in done.stderr


@pytest.mark.parametrize("version", ["3.10", "3.14"])
def test_a_python_outside_the_range_is_refused_by_number(tmp_path: Path, version: str) -> None:
    done = _asked(tmp_path, version, 0)
    assert done.returncode == 1
    assert f"is {version}" in done.stderr


def test_a_bundle_for_another_python_says_so(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "PYTHON").write_text("3.11\n")
    assert _asked(tmp_path, "3.11", 0).returncode == 0
    assert "wheels for Python 3.11" in _asked(tmp_path, "3.12", 0).stderr
