"""审计 the tables of audit projects, of a finding's life, of samples and of issued documents."""

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field

from registry.domain import auditing
from registry.store.columns import Day, Flag, one_of
from registry.store.tables.rows import Row, args, maybe, text_


class AuditProjectRow(Row, table=True):
    __tablename__ = "audit_project"
    record = auditing.AuditProject
    kind: str = text_()
    number: str = text_()
    organisation_id: str = text_()
    until: date = Field(sa_type=Day)
    state: str = text_()
    __table_args__ = args(
        "audit_project",
        "organisation_id",
        "number",
        checks=(
            one_of("kind", auditing.ProjectKind, "audit_project"),
            one_of("state", auditing.ProjectState, "audit_project"),
        ),
    )


class AuditMemberRow(Row, table=True):
    __tablename__ = "audit_member"
    record = auditing.AuditMember
    project_id: str = text_()
    person_id: str = text_()
    until: date = Field(sa_type=Day)
    gone_on: date | None = maybe(Day)
    __table_args__ = (
        # 交叉审计: in which counties a person has a project is asked of all of them at once.
        Index("ix_audit_member_person_id", "person_id", "county", "project_id"),
        *args("audit_member", "project_id"),
    )


class FindingStepRow(Row, table=True):
    __tablename__ = "finding_step"
    record = auditing.FindingStep
    finding_id: str = text_()
    project_id: str | None = maybe()
    stage: str = text_()
    organisation_id: str | None = maybe()
    taken_on: date = Field(sa_type=Day)
    due_on: date | None = maybe(Day)
    __table_args__ = args(
        "finding_step",
        "finding_id",
        "project_id",
        "organisation_id",
        checks=(one_of("stage", auditing.FindingStage, "finding_step"),),
    )


class SampleRow(Row, table=True):
    __tablename__ = "sample"
    record = auditing.Sample
    project_id: str | None = maybe()
    person_id: str = text_()
    resource: str = text_()
    __table_args__ = args("sample", "project_id")


class IssuedDocumentRow(Row, table=True):
    __tablename__ = "issued_document"
    record = auditing.IssuedDocument
    number: str = text_()
    issuer_id: str | None = maybe()
    issued_on: date = Field(sa_type=Day)
    communities: bool = Field(sa_type=Flag)
    state: str = text_()
    request_id: str | None = maybe()
    __table_args__ = args(
        "issued_document",
        "number",
        "issuer_id",
        "state issued_on",
        "request_id",
        checks=(one_of("state", auditing.IssuedState, "issued_document"),),
    )
