"""A precheck may name the request it is of, if that is theirs to read."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from registry.actions.explaining import ExplainCommand, explain_answer
from registry.actions.judging import PrecheckCommand, precheck_answer
from registry.actions.office import HIDDEN, Answer, Call, Desk, Office
from registry.domain.errors import Refusal
from tests.actions.case import drafted, filing_of

Ask = Callable[[Desk, str], Answer]


def prechecked(desk: Desk, id: str) -> Answer:
    return precheck_answer(desk, PrecheckCommand(filing=filing_of(), request_id=id))


def explained(desk: Desk, id: str) -> Answer:
    return explain_answer(desk, ExplainCommand(filing=filing_of(), request_id=id))


def asked(office: Office, person: Any, ask: Ask, id: str) -> Any:
    call = Call(actor=person.actor, county=person.county, act="precheck.ask")
    return office.ask(call, partial(ask, id=id)).body


@pytest.mark.parametrize("ask", [prechecked, explained])
def test_a_clerk_asks_of_their_own_draft(one_office: Office, one_hand: Any, ask: Ask) -> None:
    request = drafted(one_hand)
    assert asked(one_office, one_hand("dept.clerk"), ask, request.id).outcome


@pytest.mark.parametrize("ask", [prechecked, explained])
def test_a_clerk_of_another_department_learns_nothing_of_a_draft(
    one_office: Office, one_hand: Any, ask: Ask
) -> None:
    request = drafted(one_hand)
    for id in (request.id, "req-none"):
        with pytest.raises(Refusal) as told:
            asked(one_office, one_hand("dept2.clerk"), ask, id)
        assert told.value.code == HIDDEN
