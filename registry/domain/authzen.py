"""事前询问 the words of a question asked by another office's system before anybody is disturbed.

Field names are those of the OpenID AuthZEN Authorization API 1.0 and of its draft Access Request
and Approval Profile; as both ask, fields that are not known are passed over.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import msgspec

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Token = Annotated[str, msgspec.Meta(max_length=4096, pattern=r"^[\x20-\x7e]*$")]


class Loose(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A form of the standard: what it does not know is passed over."""


class Entity(Loose, frozen=True, kw_only=True):
    """主体、客体: who asks, or what is asked about; ``id`` belongs to its ``type``."""

    type: Word
    id: Word
    properties: dict[str, Any] | None = None


class Sort(Loose, frozen=True, kw_only=True):
    """某类主体或客体: those of one type are looked for; an ``id`` beside it is passed over."""

    type: Word
    properties: dict[str, Any] | None = None


class Deed(Loose, frozen=True, kw_only=True):
    """行为: what would be done."""

    name: Word
    properties: dict[str, Any] | None = None


class Question(Loose, frozen=True, kw_only=True):
    """一问: may this subject do this to that."""

    subject: Entity
    action: Deed
    resource: Entity
    context: dict[str, Any] | None = None


class Semantic(StrEnum):
    """多问的答法."""

    EXECUTE_ALL = "execute_all"
    DENY_ON_FIRST_DENY = "deny_on_first_deny"
    PERMIT_ON_FIRST_PERMIT = "permit_on_first_permit"


class Options(Loose, frozen=True, kw_only=True):
    """多问的办法."""

    evaluations_semantic: Semantic = Semantic.EXECUTE_ALL


class Questions(Loose, frozen=True, kw_only=True):
    """多问: the fields outside are what a question that leaves them out is asked with."""

    subject: dict[str, Any] | None = None
    action: dict[str, Any] | None = None
    resource: dict[str, Any] | None = None
    context: dict[str, Any] | None = None
    evaluations: list[Any] = []
    options: Options = Options()


class PageAsked(Loose, frozen=True, kw_only=True):
    """哪一页: ``limit`` is the most that one page may hold."""

    token: Token = ""
    limit: Annotated[int, msgspec.Meta(ge=0)] | None = None


class SubjectSearch(Loose, frozen=True, kw_only=True):
    """谁可以: which subjects of a type may do this to that."""

    subject: Sort
    action: Deed
    resource: Entity
    context: dict[str, Any] | None = None
    page: PageAsked | None = None


class ResourceSearch(Loose, frozen=True, kw_only=True):
    """对谁可以: to which things of a type may this subject do this."""

    subject: Entity
    action: Deed
    resource: Sort
    context: dict[str, Any] | None = None
    page: PageAsked | None = None


class ActionSearch(Loose, frozen=True, kw_only=True):
    """可以做什么: what may this subject do to that."""

    subject: Entity
    resource: Entity
    context: dict[str, Any] | None = None
    page: PageAsked | None = None


class Decided(Loose, frozen=True, kw_only=True, omit_defaults=False):
    """答复: yes or no, and why."""

    decision: bool
    context: dict[str, Any] = {}


class DecidedAll(Loose, frozen=True, kw_only=True, omit_defaults=False):
    """多问的答复, in the order of the questions; cut short where the way of answering says so."""

    evaluations: list[Decided]


class PageTold(Loose, frozen=True, kw_only=True, omit_defaults=False):
    """下一页: an empty token = there is no more."""

    next_token: str = ""
    count: int = 0


class Found(Loose, frozen=True, kw_only=True, omit_defaults=False):
    """查得: entities as ``{type, id}``, actions as ``{name}``."""

    results: list[dict[str, str]]
    page: PageTold


class Denial(Loose, frozen=True, kw_only=True):
    """所依据的否定答复, as it was told."""

    expires_at: Annotated[datetime, msgspec.Meta(tz=True)]
    binding_token: Token = ""
    evaluation_id: str = ""


class AccessRequest(Question, frozen=True, kw_only=True):
    """据否定答复提出申请: the same question again, and the denial it follows."""

    denial: Denial


class TaskStatus(StrEnum):
    """申请办到哪里, in the words of the profile; what is not ``approved`` permits nothing."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    CANCELLED = "cancelled"


class TaskHandle(Loose, frozen=True, kw_only=True):
    """办理凭据."""

    id: str
    status: TaskStatus
    status_endpoint: str
    links: dict[str, str] = {}
    display: dict[str, str] = {}


class Handled(Loose, frozen=True, kw_only=True):
    """申请的答复: once approved, ask again with ``context.approval``."""

    task: TaskHandle
    result: dict[str, Any] | None = None
