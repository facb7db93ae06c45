"""接口文档 the OpenAPI 3.1 document, made from the same tables as the routes.

Written here and not by the framework, because bodies are decoded by our own strict reader.
"""

from functools import cache
from typing import Any

import msgspec
from litestar.response.base import ASGIResponse

from registry.actions import attaching, explaining, reading
from registry.actions.explaining import Explanation
from registry.actions.querying import cursors, narrowing
from registry.actions.rejudging import running
from registry.actions.staff import accounts, passwords, tokens
from registry.actions.telephoning import taking
from registry.api import (
    acting,
    asking,
    authzen_document,
    batches,
    documents,
    evaluations,
    explanations,
    exports,
    grammar,
    lists,
    log,
    packs,
    paper_forms,
    questions,
    residents,
    runs,
    samples,
    sheets,
    vouching,
    witness,
)
from registry.api.acting import Act
from registry.api.acts import ACTS, UNRECORDED
from registry.api.acts_sheets import SHEETS
from registry.api.asked import Asked
from registry.api.entrance import API, About, ErrorPage, Health, Index
from registry.api.lists import RESOURCES, Resource
from registry.api.operations import Operation, error_examples, errors_of, parameter
from registry.api.problems import Problem
from registry.api.serving import COUNTY, Work
from registry.domain.document import Document

_REF = "#/components/schemas/{name}"


def serve(about: About) -> Work:
    """What ``GET /schema/openapi.json`` does."""

    async def work(_asked: Asked) -> ASGIResponse:
        return ASGIResponse(body=_page(about), media_type="application/vnd.oai.openapi+json")

    return work


@cache
def _page(about: About) -> bytes:
    return msgspec.json.encode(document(about))


def document(about: About) -> dict[str, Any]:
    """The whole document."""
    found = operations()
    forms = [Problem, *(o.answers for o in found if o.answers), *(o.body for o in found if o.body)]
    unique = list(dict.fromkeys(forms))
    schemas, components = msgspec.json.schema_components(unique, ref_template=_REF)
    named = dict(zip(unique, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for operation in found:
        entry = operation.entry(named)
        paths.setdefault(operation.path, {})[operation.method.lower()] = entry
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "事项准入 admission registry", "version": about.version,
            "description": about.banner, "license": {"name": "Apache-2.0",
                                                     "identifier": "Apache-2.0"},
        },
        "servers": [{"url": about.public_url}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "examples": error_examples(),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }  # fmt: skip


def operations() -> list[Operation]:
    """Every operation there is, in the order of the document."""
    listed = [o for r in RESOURCES.values() for o in (_many(r), _single(r))]
    return [
        *_entrance(),
        *(_act(act) for act in (*ACTS, *UNRECORDED)),
        *_explanations(),
        *(_question(question) for question in questions.QUESTIONS),
        *_packs(),
        *_documents(),
        *(sheets.operation(sheet, API) for sheet in SHEETS),
        batches.operation(API),
        *residents.operations(API),
        *evaluations.operations(API),
        *listed,
        *vouching.operations(API),
        *paper_forms.operations(API),
        *log.operations(API),
        *witness.operations(),
        *authzen_document.operations(),
        *exports.operations(API),
    ]


def _entrance() -> list[Operation]:
    plain = (
        (API, "index", "目录", "Index of resources", Index),
        (f"{API}/errors", "errors", "错误码表", "Every error code", ErrorPage),
        ("/healthz", "health", "进程是否在", "Whether the process answers", Health),
        ("/readyz", "ready", "是否可用", "Whether the database answers", Health),
        ("/metrics", "metrics", "运行指标", "Figures in Prometheus's text form", None),
        ("/schema/openapi.json", "openapi", "接口文档", "This document", None),
    )
    made = [
        Operation(
            path=path,
            method="GET",
            id=id,
            zh=zh,
            en=en,
            answers=answers,
            open=True,
            media="application/json" if answers else "text/plain",
            example=samples.sample(answers) if answers else None,
            errors=errors_of(),
        )
        for path, id, zh, en, answers in plain
    ]
    return [*made, *_keys()]


def _keys() -> list[Operation]:
    """Signing in, and one's own password."""
    return [
        Operation(
            path=f"{API}/tokens", method="POST", id="token.issue", zh="登录取得令牌",
            en="Sign in for a token", answers=accounts.TokenView, body=accounts.SignInCommand,
            body_example=samples.commands()["token.issue"], status=201, open=True,
            example=samples.sample(accounts.TokenView), errors=errors_of(accounts, body=True),
        ),
        Operation(
            path=f"{API}/me/password", method="POST", id="password.change", zh="修改本人口令",
            en="Change one's own password", answers=passwords.Changed,
            body=passwords.PasswordCommand, body_example=samples.commands()["password.change"],
            example=samples.sample(passwords.Changed), errors=errors_of(passwords, body=True),
        ),
        Operation(
            path=f"{API}/me/tokens/end", method="POST", id="token.end", zh="结束本人令牌",
            en="End one of one's own tokens", answers=tokens.TokenEnded,
            body=tokens.TokenEndCommand, body_example=samples.commands()["token.end"],
            example=samples.sample(tokens.TokenEnded), errors=errors_of(tokens, body=True),
        ),
    ]  # fmt: skip


def _act(act: Act) -> Operation:
    worded = act.command is not acting.Nothing
    return Operation(
        path=API + act.path, method=act.method, id=act.act, zh=act.zh, en=act.en,
        answers=act.answers, example=samples.sample(act.answers),
        body=act.command if worded else None,
        body_example=samples.commands()[act.act] if worded else None,
        body_required=bool(_required(act.command)), status=201 if act.creates else 200,
        parameters=[*_id(act.path), *_headers(act), parameter("county")],
        errors=errors_of(act.module, *([taking] if taking.offered(act.act) else []), body=True,
                         record=act.versioned, act=act not in UNRECORDED, money=act.money),
    )  # fmt: skip


def _required(command: type[Any]) -> list[str]:
    return [f.name for f in msgspec.structs.fields(command) if f.required]


def _headers(act: Act) -> list[dict[str, Any]]:
    found = []
    if act.versioned:
        found.append(parameter("If-Match", place="header", required=True, example='"1"'))
    if act.method == "POST" and act not in UNRECORDED:
        found.append(
            parameter("Idempotency-Key", place="header", required=act.money, example="k-0001")
        )
    if taking.offered(act.act):
        found += [parameter(name, place="header") for name in ("Told-By", "Told-At")]
    return found


def _id(path: str) -> list[dict[str, Any]]:
    return [parameter("id", place="path", required=True)] if "{id}" in path else []


def _documents() -> list[Operation]:
    fields = msgspec.structs.fields(attaching.AttachCommand)
    query = [parameter(f.name, required=f.required) for f in fields]
    return [
        Operation(
            path=f"{API}/documents", method="POST", id="document.upload", zh="上传附件",
            en="Upload a document: the raw file is the body", answers=Document, status=201,
            example=samples.sample(Document), raw_body=True,
            parameters=[*query, parameter("Idempotency-Key", place="header"),
                        parameter("county")],
            errors=errors_of(attaching, documents, body=True, act=True),
        ),
        Operation(
            path=f"{API}/documents/{{id}}/content", method="GET", id="document.content",
            zh="下载附件", en="Download a document", media="application/octet-stream",
            parameters=[parameter("id", place="path", required=True), parameter("county")],
            errors=errors_of(reading, record=False),
        ),
        Operation(
            path=API + runs.ROWS, method="GET", id="pack-runs.rows",
            zh="下载试算明细", en="Download the rows of a simulation", media=runs.CSV,
            parameters=[parameter("id", place="path", required=True), parameter("county")],
            errors=errors_of(reading, running, record=False),
        ),
    ]  # fmt: skip


def _packs() -> list[Operation]:
    return [
        Operation(
            path=f"{API}/{of}/{{id}}/{word}", method="GET", id=f"{of}.{word}", zh=zh, en=en,
            answers=answers, example=samples.sample(answers), errors=errors_of(reading),
            parameters=[parameter("id", place="path", required=True),
                        *(parameter(name) for name in sorted(query))],
        )
        for (of, word), (answers, query, zh, en) in packs.PATHS.items()
    ]  # fmt: skip


def _explanations() -> list[Operation]:
    return [
        Operation(
            path=f"{API}/{name}/{{id}}/explanation", method="GET", id=f"{name}.explanation",
            zh=zh, en=en, answers=Explanation, example=samples.sample(Explanation),
            parameters=[parameter("id", place="path", required=True), parameter("county")],
            errors=errors_of(explaining, reading),
        )
        for name, (_, zh, en) in explanations.PATHS.items()
    ]  # fmt: skip


def _question(question: asking.Question) -> Operation:
    named = "{id}" in question.path
    return Operation(
        path=API + question.path, method="GET", id=question.id, zh=question.zh, en=question.en,
        answers=question.answers, example=samples.sample(question.answers), open=question.open,
        parameters=[*([parameter("id", place="path", required=True)] if named else []),
                    *(parameter(name) for name in sorted(question.query))],
        errors=errors_of(question.module, reading),
    )  # fmt: skip


def _many(resource: Resource) -> Operation:
    ends = [("next", str | None), ("snapshot", int | None)]
    page = msgspec.defstruct(
        f"PageOf{resource.answers.__name__}",
        [("items", list[resource.answers]), *ends],  # type: ignore[name-defined]
    )
    return Operation(
        path=f"{API}/{resource.name}", method="GET", id=f"{resource.name}.list",
        zh=f"查询{resource.zh}", en=f"List {resource.en}", answers=page,
        example=samples.sample(page), errors=errors_of(reading, cursors, narrowing),
        parameters=[_listing(resource, name) for name in sorted(lists.parameters(resource))],
    )  # fmt: skip


def _listing(resource: Resource, name: str) -> dict[str, Any]:
    made = parameter(name)
    if name == "sort":
        served = grammar.sorts(resource)
        made["schema"] = {"type": "string", "enum": [*served, *(f"-{one}" for one in served)]}
    return made


def _single(resource: Resource) -> Operation:
    return Operation(
        path=f"{API}/{resource.name}/{{id}}", method="GET", id=f"{resource.name}.one",
        zh=f"查看{resource.zh}", en=f"Show one of the {resource.en}", answers=resource.answers,
        example=samples.sample(resource.answers), errors=errors_of(reading),
        parameters=[parameter("id", place="path", required=True),
                    *(parameter(name) for name in sorted(lists.ONE | COUNTY))],
    )  # fmt: skip
