"""常用意见: a person's own wordings, and the body's that its head writes; nobody reads another's."""

from typing import Any

from registry.actions import reading
from registry.actions.between import phrases
from registry.actions.between.phrases import PhraseCommand
from registry.actions.reading import ListQuery
from registry.domain.phrase import Phrase
from tests.actions.case import Hands
from tests.actions.refused import refused

STREET = "o-990102001"


def kept(hand: Hands, by: str, **fields: Any) -> Phrase:
    command = PhraseCommand(**{"organisation_id": STREET, "text": "材料齐全，同意。", **fields})
    made: Phrase = hand(by).do(lambda d: phrases.keep(d, command))
    return made


def read(hand: Hands, by: str) -> set[str]:
    person = hand(by)
    return {p.id for p in reading.page(person.office, person.actor, Phrase, ListQuery()).items}


def test_a_person_reads_their_own_wordings_and_the_bodys(hand: Hands) -> None:
    own = kept(hand, "street.clerk")
    body = kept(hand, "street.head", shared=True, act="request.approve")
    heads = kept(hand, "street.head")
    assert read(hand, "street.clerk") == {own.id, body.id}
    assert read(hand, "street.head") == {heads.id, body.id}
    assert read(hand, "county.head") == set()


def test_only_the_head_writes_what_the_whole_body_uses(one_hand: Hands) -> None:
    with refused("access.forbidden"):
        kept(one_hand, "street.clerk", shared=True)
    with refused("access.forbidden"):
        kept(one_hand, "street2.clerk")


def test_a_wording_is_changed_and_laid_aside_by_whose_it_is(one_hand: Hands) -> None:
    own = kept(one_hand, "street.clerk")
    command = PhraseCommand(organisation_id=STREET, text="请补充材料。", active=False)
    with refused("access.hidden"):
        one_hand("street.head").do(lambda d: phrases.amend(d, own.id, own.version, command))
    with refused("version.required"):
        one_hand("street.clerk").do(lambda d: phrases.amend(d, own.id, None, command))
    after = one_hand("street.clerk").do(lambda d: phrases.amend(d, own.id, own.version, command))
    assert (after.text, after.active, after.version) == ("请补充材料。", False, 2)


def test_a_wording_has_words_and_names_an_act_that_there_is(one_hand: Hands) -> None:
    with refused("phrase.blank"):
        kept(one_hand, "street.clerk", text=" ")
    with refused("phrase.act"):
        kept(one_hand, "street.clerk", act="request.no_such")
