"""草稿: the asking side's own paper until it is submitted."""

import pytest

from registry.actions.reading import one
from registry.domain.errors import Refusal
from registry.domain.request import Request
from tests.actions import case


@pytest.mark.parametrize("reader", ["street.head", "community.head", "dept2.clerk"])
def test_a_draft_is_hidden_from_those_it_is_meant_for(one_office, one_hand, reader):
    request = case.drafted(one_hand)
    with pytest.raises(Refusal) as refused:
        one(one_office, one_hand(reader).actor, Request, request.id)
    assert refused.value.code == "access.hidden"


@pytest.mark.parametrize("reader", ["dept.clerk", "auditor", "county.office"])
def test_a_draft_is_open_to_its_own_department_and_to_those_who_oversee(
    one_office, one_hand, reader
):
    request = case.drafted(one_hand)
    assert one(one_office, one_hand(reader).actor, Request, request.id).id == request.id


def test_a_submitted_request_is_open_to_the_street_and_the_community(one_office, one_hand):
    request = case.submitted(one_hand, case.drafted(one_hand))
    for reader in ("street.head", "community.head"):
        assert one(one_office, one_hand(reader).actor, Request, request.id).id == request.id
