"""证明查询入口 what is asked about certificates and is no record: the answer, the slip, the figures."""

from registry.actions.certifying import answering, figures, slips
from registry.actions.certifying.answering import AskCommand, CertificateAnswer
from registry.actions.certifying.figures import CertificateFigures, FigureQuery
from registry.actions.certifying.slips import Slip
from registry.actions.office import Office
from registry.api.asked import Asked, bad_query
from registry.api.asking import Question, read_as
from registry.api.serving import COUNTY

_ASKING = frozenset({"q", "area", "demander", "out_of_area", "basis"})


def _command(asked: Asked) -> AskCommand:
    return read_as(AskCommand, dict(asked.query))


def _answer(office: Office, asked: Asked) -> CertificateAnswer:
    actor = asked.actor()
    return answering.answer(office, actor, asked.county or actor.county, _command(asked))


def _public(office: Office, asked: Asked) -> CertificateAnswer:
    command = _command(asked)
    if not command.area:
        raise bad_query("area", "须写明区划代码", "the code of the place is needed")
    return answering.answer_public(office, command)


def _slip(office: Office, asked: Asked) -> Slip:
    actor = asked.actor()
    return slips.preview(office, actor, asked.county or actor.county, _command(asked))


def _handed(office: Office, asked: Asked) -> Slip:
    call = asked.call(asked.actor(), "certificate_demand.read")
    return slips.handed(office, call, asked.id)


def _figures(office: Office, asked: Asked) -> CertificateFigures:
    actor = asked.actor()
    query = read_as(FigureQuery, dict(asked.query))
    return figures.figures(office, actor, asked.county or actor.county, query)


CERTIFICATES: tuple[Question, ...] = (
    Question(path="/certificates/answer", id="certificates.answer",
             zh="证明查询：该不该出具，由谁核验", en="Whether a paper is issued here, and who verifies",
             ask=_answer, answers=CertificateAnswer, module=answering, query=COUNTY | _ASKING),
    Question(path="/public/certificates/answer", id="certificates.answer_public",
             zh="证明查询（公众，不留记录）", en="The same for anybody; nothing is kept",
             ask=_public, answers=CertificateAnswer, module=answering, query=_ASKING, open=True),
    Question(path="/certificates/slip", id="certificates.slip",
             zh="一次性告知单（未登记；JSON 或可打印文本）",
             en="The answer as a slip, not registered: JSON, or text to print",
             ask=_slip, answers=Slip, module=answering, query=COUNTY | _ASKING, page=slips.page),
    Question(path="/certificate-demands/{id}/slip", id="certificate-demands.slip",
             zh="一次性告知单（JSON 或可打印文本）", en="The slip of a demand: JSON, or text to print",
             ask=_handed, answers=Slip, module=slips, query=COUNTY, page=slips.page),
    Question(path="/certificates/figures", id="certificates.figures", zh="证明需求统计",
             en="What papers are demanded, by whom, when and where", ask=_figures,
             answers=CertificateFigures, module=figures,
             query=COUNTY | {"by", "first", "last"}),
)  # fmt: skip
