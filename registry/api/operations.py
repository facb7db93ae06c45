"""接口条目 one operation as the OpenAPI document writes it."""

from types import ModuleType
from typing import Any

import msgspec

from registry.actions import office
from registry.actions.staff import accounts
from registry.api import asked, problems, strict
from registry.api.problems import MEDIA, problem, status_of
from registry.domain.errors import SENTENCES, Refusal, catalogue

JSON = "application/json"
STALE = "version.stale"
_TEXT = {"type": "string"}
SCHEMAS: dict[str, dict[str, Any]] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": 500, "default": 50},
    "valid_on": {"type": "string", "format": "date"},
    "county": {"type": "string", "pattern": "^[0-9]{6}$"},
    "not_secret": {"type": "boolean"},
    "mine": {"type": "boolean"},
    "honoured": {"type": "boolean"},
    "used": {"type": "boolean"},
    "open": {"type": "boolean"},
    "read": {"type": "boolean"},
    "on": {"type": "string", "format": "date"},
    "from": {"type": "string", "format": "date"},
    "to": {"type": "string", "format": "date"},
}
WORDS = {
    "after": "上一页给出的 next。What `next` of the page before said.",
    "as_of": "事件序号或 RFC 3339 时刻：查看当时已记录的内容。What was recorded by then.",
    "valid_on": "查看当日有效的内容。What was in force that day.",
    "county": "六位区划代码；缺省为本人所属。Six digits; default: the person's own.",
    "mine": "只看本人待办。Only what waits for the person asking.",
    "against": "与哪个规则包比对，缺省为本级现行的。Which pack; default: the one in force here.",
    "honoured": "当日（valid_on，缺省为今天）是否有效。Whether it stands on valid_on, or today.",
    "used": "是否改变过任何预审意见。Whether it ever changed a verdict.",
    "open": "是否尚未了结。Whether it stands open still.",
    "read": "是否已读。Whether it was read.",
    "number": "文号、凭证号；括号和全半角不论。In whatever brackets and widths.",
    "document_number": "发文字号；括号和全半角不论。In whatever brackets and widths.",
    "request_id": "哪件申请；查决定时连同其变更的决定。Of decisions, those of its changes too.",
    "on": "哪一天；缺省为今天。Which day; default: today.",
    "sort": "次序；前加 - 为从大到小。The order; with - before it the greatest first.",
    "fields": "只要这些字段，以逗号分隔。These fields alone, between commas.",
    "area": "区划编号或代码，含其下。An area by id or code, with all below it.",
    "text": "检索词，至少 2 个字。A word of at least 2 letters.",
    "holder": "某人任期内所管的。What fell to a person in their terms of office.",
    "post": "其中哪一个任职。Which of their posts.",
    "from": "起始日，含当日。First day, counted.",
    "to": "截止日，含当日。Last day, counted.",
    "If-Match": "所看到的版本号。The version you saw.",
    "Told-By": "电话代录：来电人的人员编号。By telephone: who of the community called.",
    "Told-At": "电话代录：来电时间，带时区。When they called, with the zone.",
    "Idempotency-Key": "幂等键：重试时不变。The same for every retry of one act.",
}


COMPARED = {
    "in": "任一值，以逗号分隔，至多 20 个。Any of up to 20 values, between commas.",
    "ge": "不小于。This or more.",
    "gt": "大于。More than this.",
    "le": "不大于。This or less.",
    "lt": "小于。Less than this.",
}
"""What ``field.ge`` and its neighbours ask of a field (docs/api.md)."""

OCTETS = "application/octet-stream"


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """接口条目."""

    path: str
    method: str
    id: str
    zh: str
    en: str
    answers: Any = None
    body: Any = None
    body_example: Any = None
    body_required: bool = True
    raw_body: bool = False
    status: int = 200
    open: bool = False
    """Needs no token."""
    file: bool = False
    """200 is a file, beside the answer of this status."""
    media: str = JSON
    section: str = ""
    """Of the document; empty = by its path."""
    example: Any = None
    parameters: list[dict[str, Any]] = []
    errors: dict[int, list[str]] = {}
    """Status → codes."""

    def entry(self, named: dict[Any, Any]) -> dict[str, Any]:
        """The operation, given the schema of each type."""
        content: dict[str, Any] = {self.media: {}}
        if self.answers is not None:
            content = {self.media: {"schema": named[self.answers], "example": self.example}}
        answered = {"description": self.zh, "content": content}
        beside = {"200": {"description": self.zh, "content": {OCTETS: {}}}} if self.file else {}
        made: dict[str, Any] = {
            "operationId": self.id, "summary": f"{self.zh} · {self.en}",
            "tags": [self.section or _room(self.path)],
            "parameters": self.parameters,
            "responses": beside | {str(self.status): answered} | {
                str(status): _refusals(codes, named) for status, codes in self.errors.items()
            },
        }  # fmt: skip
        if self.open:
            made["security"] = []
        if self.raw_body:
            made["requestBody"] = {"required": True, "content": {OCTETS: {}}}
        if self.body is not None:
            made["requestBody"] = {
                "required": self.body_required,
                "content": {JSON: {"schema": named[self.body], "example": self.body_example}},
            }
        return made


def _room(path: str) -> str:
    return path.removeprefix("/api/v1").strip("/").partition("/")[0] or "index"


def parameter(
    name: str, *, place: str = "query", required: bool = False, example: str | None = None
) -> dict[str, Any]:
    """One parameter of an operation."""
    made: dict[str, Any] = {
        "name": name, "in": place, "required": required, "schema": SCHEMAS.get(name, _TEXT),
    }  # fmt: skip
    words = WORDS.get(name) or COMPARED.get(name.partition(".")[2])
    if words:
        made["description"] = words
    if example is not None:
        made["example"] = example
    return made


def errors_of(
    *modules: ModuleType, body: bool = False, record: bool = True, act: bool = False,
    money: bool = False,
) -> dict[int, list[str]]:  # fmt: skip
    """Codes an operation may answer with, by status.

    Args:
        modules: whose declared codes belong to it.
        body: a JSON body is read.
        record: it concerns an existing record.
        act: it changes something, so that access and versions are asked.
        money: it needs an Idempotency-Key.
    """
    codes = {asked.UNKNOWN_QUERY, asked.BAD_QUERY, asked.BAD_ID, strict.CONTROL}
    codes |= {problems.BAD_REQUEST, problems.UNREADABLE}
    for module in modules:
        codes |= _declared(module)
    if body:
        codes |= _declared(strict) | {problems.BAD_MEDIA, problems.TOO_LARGE}
    if modules:
        codes |= {accounts.NO_TOKEN, office.HIDDEN}
    if act:
        codes |= {office.FORBIDDEN, office.TIED, office.REUSED, asked.BAD_KEY, problems.CONSTRAINT}
        codes |= {office.NEEDS_VERSION, STALE, asked.BAD_VERSION} if record else set()
    codes |= {office.NEEDS_KEY} if money else set()
    found: dict[int, list[str]] = {}
    for code in sorted(codes):
        found.setdefault(status_of(code), []).append(code)
    return dict(sorted(found.items()))


def error_examples() -> dict[str, Any]:
    """What each code looks like on the wire, once for the whole document."""
    return {code: {"value": msgspec.to_builtins(problem(Refusal(code)))} for code in catalogue()}


def _declared(module: ModuleType) -> set[str]:
    return {
        value for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str) and value in SENTENCES
    }  # fmt: skip


def _refusals(codes: list[str], named: dict[Any, Any]) -> dict[str, Any]:
    examples = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
    content = {"schema": named[problems.Problem], "examples": examples}
    return {"description": ", ".join(codes), "content": {MEDIA: content}}
