"""The OpenAPI document 接口文档: every route, its words, a true example, its errors."""

import re
from typing import Any

import msgspec
import pytest

from registry.api import samples
from registry.api.acting import Nothing
from registry.api.acts import ACTS, UNRECORDED
from registry.api.entrance import About
from registry.api.openapi import document, operations
from registry.api.routes import routes
from registry.domain.errors import catalogue

ABOUT = About(version="0", mode="demo", demo=True, banner="演示数据", public_url="http://x")
PAGE = document(ABOUT)
CODES = set(catalogue())
"""Taken with the page: a test that runs a command declares what only the command line refuses."""
OPERATIONS = [
    (f"{method.upper()} {path}", entry)
    for path, methods in PAGE["paths"].items()
    for method, entry in methods.items()
]


def _routed(office: Any) -> set[str]:
    from registry.api.meters import Meters

    return {
        f"{method} {path.replace(':str', '').replace(':path', '')}"
        for handler in routes(office, ABOUT, Meters(office))
        for path in handler.paths
        for method in handler.http_methods
    }


def test_the_document_names_every_route_and_no_other(one_office: Any) -> None:
    assert {name for name, _ in OPERATIONS} == _routed(one_office) - {"GET /errors"}


def test_it_is_openapi_three_one() -> None:
    assert PAGE["openapi"] == "3.1.0"
    ids = [entry["operationId"] for _, entry in OPERATIONS]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("name", "entry"), OPERATIONS, ids=[n for n, _ in OPERATIONS])
def test_every_operation_has_words_example_and_errors(name: str, entry: dict[str, Any]) -> None:
    assert re.search("[一-鿿]", entry["summary"])
    assert re.search("[a-z]", entry["summary"])
    statuses = set(entry["responses"])
    assert statuses & {"200", "201"}
    assert statuses & {"400", "503"}
    if "requestBody" in entry and "application/json" in entry["requestBody"]["content"]:
        assert entry["requestBody"]["content"]["application/json"]["example"]
    for placeholder in re.findall(r"\{(\w+)\}", name):
        assert placeholder in {p["name"] for p in entry["parameters"] if p["in"] == "path"}


def test_every_reference_leads_somewhere() -> None:
    text = msgspec.json.encode(PAGE).decode()
    for reference in set(re.findall(r'"\$ref":"#/components/(\w+)/([^"]+)"', text)):
        kind, name = reference
        assert name in PAGE["components"][kind]


def test_every_code_of_an_operation_is_declared_and_shown_once() -> None:
    assert set(PAGE["components"]["examples"]) == CODES


@pytest.mark.parametrize(
    "act", [a for a in (*ACTS, *UNRECORDED) if a.command is not Nothing], ids=lambda a: a.act
)
def test_an_example_is_a_command_that_can_be_sent(act: Any) -> None:
    told = samples.commands()[act.act]
    command = msgspec.json.decode(msgspec.json.encode(told), type=act.command)
    assert told.keys() <= msgspec.to_builtins(command).keys(), "each field is one of the command"


def test_no_example_is_left_over() -> None:
    known = {operation.id for operation in operations() if operation.body is not None}
    assert set(samples.commands()) <= known


def test_an_answers_example_has_the_form_of_the_answer() -> None:
    for operation in operations():
        if operation.answers is not None:
            assert set(operation.example) == {
                f.encode_name for f in msgspec.structs.fields(operation.answers)
            }


def test_acts_of_later_releases_are_absent() -> None:
    assert not [name for name, _ in OPERATIONS if "spend" in name.replace("suspend", "")]
