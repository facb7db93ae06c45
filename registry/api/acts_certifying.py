"""证明的办理入口 demands registered, the seal counted, a rule proposed to be amended and answered."""

from registry.actions.certifying import proposing, recording
from registry.api.acting import Act, new, on
from registry.domain.certifying import AmendmentProposal, CertificateDemand, SealCount

CERTIFYING: tuple[Act, ...] = (
    Act(path="/certificate-demands", act="certificate_demand.record", zh="登记证明需求",
        en="Register a demand for a paper, by type", make=new(recording.record),
        command=recording.DemandCommand, answers=CertificateDemand, module=recording,
        creates="certificate-demands", versioned=False),
    Act(path="/certificate-demands/{id}", act="certificate_demand.correct", zh="更正证明需求登记",
        en="Put right what was registered of a demand", method="PUT", make=on(recording.correct),
        command=recording.CorrectCommand, answers=CertificateDemand, module=recording),
    Act(path="/seal-counts", act="seal_count.record", zh="登记用印次数",
        en="Count the uses of the seal in a month", make=new(recording.count),
        command=recording.SealCommand, answers=SealCount, module=recording,
        creates="seal-counts", versioned=False),
    Act(path="/amendment-proposals/{id}/send", act="amendment_proposal.send", zh="提请修改",
        en="Send a proposal to amend a rule", make=on(proposing.send),
        command=proposing.SendCommand, answers=AmendmentProposal, module=proposing),
    Act(path="/amendment-proposals/{id}/answer", act="amendment_proposal.answer",
        zh="答复提请", en="Answer a proposal to amend a rule", make=on(proposing.answer),
        command=proposing.AnswerCommand, answers=AmendmentProposal, module=proposing),
)  # fmt: skip
