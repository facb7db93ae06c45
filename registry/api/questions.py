"""询问入口 what is read and is no record of its own: one line each, as acts are.

A question is answered from many records at once (a digest, a dry run, a list to print); nothing is
recorded by asking.
"""

from registry.actions import boxes, notices, reading
from registry.actions.between import reflowing
from registry.actions.office import Office
from registry.actions.staff import directory, oneself, sign_ins, tokens
from registry.actions.succession import handing_over, handover_page
from registry.api.asked import Asked
from registry.api.asking import Question, answered, day, read_as
from registry.api.at_the_door import AT_THE_DOOR
from registry.api.audit_questions import AUDIT_QUESTIONS
from registry.api.awaiting import AWAITING
from registry.api.budget import BUDGET_QUESTIONS
from registry.api.certificates import CERTIFICATES
from registry.api.detail import DETAIL
from registry.api.dictionary import Dictionary, dictionary
from registry.api.evaluations import EVALUATIONS
from registry.api.existing import EXISTING_QUESTIONS
from registry.api.funds import FUNDS
from registry.api.owing import OWING_QUESTIONS
from registry.api.paper_forms import PAPER_FORMS
from registry.api.papers import PAPERS
from registry.api.publicity import PUBLICITY
from registry.api.queries import QUERIES
from registry.api.reckoning import RECKONING
from registry.api.reconciling import RECONCILING_QUESTIONS
from registry.api.redress import REDRESS_QUESTIONS
from registry.api.residents import FOLLOWING
from registry.api.serving import COUNTY
from registry.api.statements import STATEMENTS
from registry.api.walls import WALL_QUESTIONS
from registry.domain.succession import HandoverPlan


def _digest(office: Office, asked: Asked) -> notices.Digest:
    return notices.digest(office, asked.actor(), day(asked, "on"))


def _reflow(office: Office, asked: Asked) -> reflowing.ReflowPlan:
    call = asked.call(asked.actor(), "request.reflow")
    return reflowing.asked(office, call, asked.id)


def _handover(office: Office, asked: Asked) -> HandoverPlan:
    return handing_over.asked(office, asked.call(asked.actor(), "handover.read"), asked.id)


def _handed(office: Office, asked: Asked) -> handover_page.HandoverList:
    return handover_page.listed(office, asked.call(asked.actor(), "handover.read"), asked.id)


def _directory(office: Office, asked: Asked) -> directory.Directory:
    return directory.listed(office, asked.actor(), asked.id)


def _sign_ins(office: Office, asked: Asked) -> sign_ins.SignIns:
    actor = asked.actor()
    given = {n: v for n in ("username", "after", "limit") if (v := asked.query.get(n)) is not None}
    first, last = day(asked, "from"), day(asked, "to")
    query = read_as(sign_ins.SignInQuery, given | {
        "first": sign_ins.first_instant(first) if first else None,
        "last": sign_ins.last_instant(last) if last else None,
    })  # fmt: skip
    return sign_ins.read(office, actor, asked.county or actor.county, query)


def _oneself(office: Office, asked: Asked) -> oneself.Oneself:
    # Whoever must change their password first may ask what is to be done.
    return oneself.oneself(office, asked.actor(changing=True))


def _tokens(office: Office, asked: Asked) -> tokens.Tokens:
    return tokens.mine(office, asked.actor())


def _everybodys_tokens(office: Office, asked: Asked) -> tokens.Tokens:
    actor = asked.actor()
    return tokens.everybodys(office, actor, asked.county or actor.county)


def _box(office: Office, asked: Asked) -> boxes.BoxPage:
    actor = asked.actor()
    return boxes.page(office, actor, read_as(boxes.BoxQuery, dict(asked.query)))


def _dictionary(_office: Office, asked: Asked) -> Dictionary:
    asked.actor()
    return dictionary()


__all__ = ["QUESTIONS", "answered"]

QUESTIONS: tuple[Question, ...] = (
    Question(path="/me", id="me", zh="本人：岗位、单位、委托、先办事项",
             en="Who is asking: posts, bodies, delegations, what is owed first", ask=_oneself,
             answers=oneself.Oneself, module=oneself),
    Question(path="/inbox", id="inbox", zh="信箱：待办、已办、我发起的、抄送",
             en="What is to be done, was done, begun by oneself, or copied", ask=_box,
             answers=boxes.BoxPage, module=boxes,
             query=frozenset(boxes.BoxQuery.__struct_fields__)),
    Question(path="/notices/digest", id="notices.digest", zh="每日提醒摘要",
             en="What one was told on a day", ask=_digest, answers=notices.Digest,
             module=notices, query=frozenset({"on"})),
    Question(path="/requests/{id}/reflow", id="requests.reflow", zh="试排：改用现行流程会怎样",
             en="What moving to the flow in force would do", ask=_reflow,
             answers=reflowing.ReflowPlan, module=reflowing, query=COUNTY),
    Question(path="/dictionary", id="dictionary", zh="数据字典",
             en="What every field and code is called", ask=_dictionary, answers=Dictionary,
             module=reading),
    Question(path="/sign-ins", id="sign_ins.list", zh="登录日志", en="Who signed in, and who failed",
             ask=_sign_ins, answers=sign_ins.SignIns, module=sign_ins,
             query=COUNTY | {"username", "from", "to", "after", "limit"}),
    Question(path="/me/tokens", id="tokens.mine", zh="本人在用的令牌",
             en="One's own tokens, as far as they are known", ask=_tokens, answers=tokens.Tokens,
             module=tokens),
    Question(path="/tokens", id="tokens.list", zh="在用的令牌", en="Tokens that have not expired",
             ask=_everybodys_tokens, answers=tokens.Tokens, module=tokens, query=COUNTY),
    Question(path="/organisations/{id}/people", id="organisations.people", zh="通讯录：单位在任人员",
             en="Who holds a post in an organisation today", ask=_directory,
             answers=directory.Directory, module=directory),
    Question(path="/people/{id}/handover", id="people.handover", zh="交接预案：某人名下的全部事项",
             en="Everything a person holds, before it is handed over", ask=_handover,
             answers=HandoverPlan, module=handing_over, query=COUNTY),
    Question(path="/handovers/{id}/list", id="handovers.page", zh="交接清单（JSON 或可打印文本）",
             en="The list of a handover, as JSON or as text to print", ask=_handed,
             answers=handover_page.HandoverList, module=handing_over, query=COUNTY,
             page=handover_page.page),
    *AUDIT_QUESTIONS,
    *AWAITING,
    *DETAIL,
    *AT_THE_DOOR,
    *CERTIFICATES,
    *REDRESS_QUESTIONS,
    *WALL_QUESTIONS,
    *RECONCILING_QUESTIONS,
    *PAPERS,
    *PAPER_FORMS,
    *EXISTING_QUESTIONS,
    *PUBLICITY,
    *OWING_QUESTIONS,
    *FOLLOWING,
    *EVALUATIONS,
    *STATEMENTS,
    *BUDGET_QUESTIONS,
    *FUNDS,
    *RECKONING,
    *QUERIES,
)  # fmt: skip
