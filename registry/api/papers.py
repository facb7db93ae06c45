"""打印入口 papers that are handed over: each as JSON, or as plain text to print."""

from registry.actions.office import Office
from registry.actions.vouching import papers as notices
from registry.actions.walls import papers as orders
from registry.api.asked import Asked
from registry.api.asking import Question
from registry.api.serving import COUNTY


def _notice(office: Office, asked: Asked) -> notices.NoticePaper:
    return notices.handed(office, asked.call(asked.actor(), "presence.read"), asked.id)


def _order(office: Office, asked: Asked) -> orders.OrderPaper:
    return orders.handed(office, asked.call(asked.actor(), "wall.read"), asked.id)


PAPERS: tuple[Question, ...] = (
    Question(path="/admission-notices/{id}/paper", id="admission-notices.paper",
             zh="准入通知书（JSON 或可打印文本）", en="An admission notice: JSON, or text to print",
             ask=_notice, answers=notices.NoticePaper, module=notices, query=COUNTY,
             page=notices.page),
    Question(path="/cleanup-orders/{id}/paper", id="cleanup-orders.paper",
             zh="牌子清理通知单（JSON 或可打印文本）", en="An order to clear: JSON, or text to print",
             ask=_order, answers=orders.OrderPaper, module=orders, query=COUNTY,
             page=orders.page),
)  # fmt: skip
