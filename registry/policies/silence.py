"""清单外默认 what is said where no row decides: the stated default, with the text that states it."""

from registry.domain.admission import Hit, default_outcome
from registry.domain.vocabulary import Default, Outcome
from registry.policies.overlay import Overlay


def silence(overlay: Overlay, kind: str) -> Hit:
    """What is said where no row decides: never an empty explanation."""
    default = overlay.default(kind)
    outcome, _, _ = default_outcome(default)
    if default is None:
        return Hit(
            rule="default.none",
            outcome=outcome,
            clause="各级规则包均未规定",
            grade="configured",
            sentence="没有规则涉及此事项，且本级及上级均未规定清单外事项如何办理，转人工研判。",
            sentence_en="No rule speaks of this, and no level says what happens off the list: "
            "a person judges it.",
            remedy="由受理机关研判，或由县（市、区）制定本地规则包。",
            remedy_en="The receiving office judges it, or the county writes a pack of its own.",
        )
    pack = next(p for p in overlay.packs if p.document.default(kind) is default)
    return Hit(
        rule=f"default.{default.value}", outcome=outcome, clause=pack.document.pack.instrument,
        grade=pack.document.pack.grade.value, pack=pack.id,
        sentence=_DEFAULT_ZH[default], sentence_en=_DEFAULT_EN[default],
        remedy=_REMEDY_ZH[default], remedy_en=_REMEDY_EN[default],
    )  # fmt: skip


_DEFAULT_ZH = {
    Default.DENY: "不在清单内的事项不得进入社区。",
    Default.FROZEN: "清单由上级统一制定，本级不得增加，清单外事项不得进入社区。",
    Default.ADMISSION: "不在清单内的事项，须申报准入，批准后方可进入社区。",
    Default.NEGATIVE_ONLY: "不在清单内、也不在禁止清单内：部门不得直接交办，社区的拒绝权只及于禁止清单。",
}
_DEFAULT_EN = {
    Default.DENY: "What is not on the list may not enter a community.",
    Default.FROZEN: "The list is fixed from above and nothing may be added here.",
    Default.ADMISSION: "What is not on the list must be admitted before it enters a community.",
    Default.NEGATIVE_ONLY: "On no list: the department may not hand it down, while the right to "
    "refuse is worded for the negative list only.",
}
_REMEDY_ZH = {
    Default.DENY: "由制定清单的机关依法修订清单，或由本部门自行办理。",
    Default.FROZEN: "由制定清单的上级机关修订清单，或由本部门自行办理。",
    Default.ADMISSION: "写明内容、标准、责任主体、期限和经费后申报准入。",
    Default.NEGATIVE_ONLY: "由受理机关研判。",
}
_REMEDY_EN = {
    Default.DENY: "Have the body that makes the list revise it, or do the work yourselves.",
    Default.FROZEN: "Have the higher body that makes the list revise it, or do it yourselves.",
    Default.ADMISSION: "State content, standard, responsible party, term and money, and file.",
    Default.NEGATIVE_ONLY: "The receiving office judges it.",
}


WAIVABLE = {f"default.{one.value}" for one in Default if one is not Default.ADMISSION}
"""Pseudo rules that an exception may set aside; an admission default asks for approval anyway."""


def in_its_place(silent: Hit) -> Hit:
    """What answers where the default is waived: the matter is admitted like one that may be."""
    return Hit(
        rule="default.waived", outcome=Outcome.NEEDS_APPROVAL, clause=silent.clause,
        grade=silent.grade, pack=silent.pack,
        sentence="清单外默认规则已由例外批准不予适用，按申报准入办理。",
        sentence_en="An exception sets the default for what is off the list aside: it is filed "
        "and approved like a matter that may be admitted.",
        remedy=_REMEDY_ZH[Default.ADMISSION], remedy_en=_REMEDY_EN[Default.ADMISSION],
    )  # fmt: skip
