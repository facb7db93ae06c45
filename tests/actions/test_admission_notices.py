"""准入通知书: one signed paper for each community that an admission opens, renewed when it changes."""

import stat
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Any

import pytest
import segno

from registry.actions.afterwards import correcting, voiding
from registry.actions.afterwards.correcting import CorrectCommand
from registry.actions.office import Office
from registry.actions.reading import ListQuery, page
from registry.actions.vouching import keeping, revoking, starting, telling
from registry.actions.vouching.keeping import RetireCommand, RevokeCommand
from registry.api.verify_page import link
from registry.domain.notice_code import digits, octets, parted
from registry.domain.presence import PresenceState
from registry.domain.request import Request
from registry.domain.vouching import AdmissionNotice, KeyState, SigningKey
from registry.store.backup import backup
from registry.store.keys import signed_by
from tests.actions.case import Hands, admitted
from tests.actions.decided import (
    BOTH,
    carried,
    changed,
    decision_of,
    heard,
    now,
    presences,
    proposed,
    rejected,
    revoked,
    rows,
)
from tests.actions.lived import put
from tests.actions.refused import refused
from tests.actions.vouched import LONGEST, plain, read_by_a_phone, status_of
from tests.conftest import MovingClock

COUNTY = "990102"


def notices(hand: Hands, request: Request, **equals: Any) -> list[AdmissionNotice]:
    found = rows(hand, AdmissionNotice, request_id=request.id, **equals)
    return sorted(found, key=lambda n: (n.presence_id, n.edition))


def opened(hand: Hands, **changes: Any) -> Request:
    return admitted(hand, **{"disclosure": "open", **changes})


# ---------------------------------------------------------------------------- what is issued


def test_each_community_is_issued_a_notice_of_its_own(hand: Hands) -> None:
    request = opened(hand, targets=BOTH)
    made = notices(hand, request)
    decision = decision_of(hand, request)
    assert [n.presence_id for n in made] == [p.id for p in presences(hand, request)]
    assert [n.number for n in made] == [f"{decision.number}-001", f"{decision.number}-002"]
    assert [n.scope_code for n in made] == BOTH
    assert {n.issuer_name for n in made} == {decision.body_name}
    assert sum(n.share_fen for n in made) == request.filing.funding[0].amount_fen


def test_a_refusal_issues_no_notice(one_hand: Hands) -> None:
    assert notices(one_hand, rejected(one_hand)) == []


def test_a_code_holds_what_the_paper_says_and_the_signature_of_its_key(one_hand: Hands) -> None:
    made = notices(one_hand, opened(one_hand))[0]
    signed, signature = parted(made.code)
    told = plain(signed)
    assert told[1:8] == [
        COUNTY, made.number, 1, "20260302", "20260401", "20260630", made.key_id,
    ]  # fmt: skip
    assert COUNTY + told.pop(10) == made.scope_code
    assert told[8:] == [made.title, made.scope, made.share_fen]
    key = rows(one_hand, SigningKey)[0]
    public = urlsafe_b64decode(key.public + "=")
    assert signed_by(public, signed, signature)
    assert not signed_by(public, signed + b" ", signature)


@pytest.mark.parametrize("disclosure", ["internal", "residents"])
def test_what_is_not_for_the_public_is_not_in_the_code(one_hand: Hands, disclosure: str) -> None:
    made = notices(one_hand, admitted(one_hand, disclosure=disclosure))[0]
    signed, _ = parted(made.code)
    text = signed.decode("gb18030")
    assert len(plain(signed)) == 8
    for secret in (made.title, made.scope, made.scope_code, str(made.share_fen)):
        assert secret and secret not in text
    assert made.number in text


def test_the_digits_of_a_code_are_read_back_or_refused() -> None:
    for length in (1, 2, 65, 300):
        held = bytes(range(256)) * 2
        assert octets(digits(held[:length])) == held[:length]
    for broken in ("", "12", "65536", "256", "1234", "१२३४५", "12 45", "-1234"):
        with pytest.raises(ValueError, match="code"):
            octets(broken)
    with pytest.raises(ValueError, match="cut off"):
        parted(digits(bytes(64)))


def test_the_longest_notice_fits_a_code_that_a_phone_reads() -> None:
    pieces = link("https://zhunru.yanshixian.gov.example", LONGEST.code)
    code = segno.make(list(pieces), error="m", micro=False, boost_error=False)
    assert int(str(code.version)) <= 15
    assert read_by_a_phone(code) == "".join(pieces)


# --------------------------------------------------------------------------- what changes it


def test_a_change_makes_the_next_edition_and_keeps_the_old_paper(one_hand: Hands) -> None:
    request = opened(one_hand)
    first = notices(one_hand, request)[0]
    carried(one_hand, changed(one_hand, request, ends_on="2026-08-31"))
    old, new = notices(one_hand, request)
    assert (old.id, old.code, old.replaced) == (first.id, first.code, True)
    assert (new.edition, new.ends_on.isoformat(), new.replaced) == (2, "2026-08-31", False)
    assert new.number == f"{decision_of(one_hand, request).number}-001"


def test_a_community_that_a_change_adds_is_issued_its_first_edition(one_hand: Hands) -> None:
    request = opened(one_hand)
    carried(one_hand, changed(one_hand, request, targets=BOTH))
    assert [n.edition for n in notices(one_hand, request, replaced=False)] == [2, 1]


def test_another_number_makes_another_edition(one_hand: Hands) -> None:
    request = opened(one_hand)
    decision = decision_of(one_hand, request)
    command = voiding.VoidCommand(reason="错号")
    one_hand("street.head").do(lambda d: voiding.void(d, decision.id, decision.version, command))
    old, new = notices(one_hand, request)
    assert old.replaced and new.number != old.number
    assert new.number == f"{decision_of(one_hand, request).number}-001"


def test_a_title_put_right_makes_another_edition(one_hand: Hands) -> None:
    request = now(one_hand, opened(one_hand))
    command = CorrectCommand(field="title", becomes="楼道灯具编号拍照登记", reason="笔误")
    one_hand("street.head").do(
        lambda d: correcting.correct_request(d, request.id, request.version, command)
    )
    assert [n.title for n in notices(one_hand, request, replaced=False)] == [command.becomes]


# --------------------------------------------------------------------------------- the keys


def test_the_private_half_is_a_file_that_only_its_owner_reads(
    one_office: Office, one_hand: Hands, tmp_path: Path
) -> None:
    made = notices(one_hand, opened(one_hand))[0]
    folder = one_office.store.keys.folder
    file = folder / f"{made.key_id}.pem"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    lines = file.read_text("ascii").splitlines()
    secret = lines[1]
    target = tmp_path / "copies" / "whole.tar"
    backup(one_office.store, target, one_office.clock())
    for place in (target, tmp_path / "registry.db"):
        assert secret.encode() not in place.read_bytes()


def test_a_private_half_is_written_once(one_office: Office) -> None:
    seed = bytes(range(32))
    one_office.store.keys.make(seed)
    with pytest.raises(FileExistsError):
        one_office.store.keys.make(seed)


def test_every_county_has_a_key_from_the_first_start_and_only_one(one_office: Office) -> None:
    starting.make_where_missing(one_office)
    starting.make_where_missing(one_office)
    made = one_office.store.reader.find(SigningKey, COUNTY)
    assert len(made) == 1
    assert {k.county for k in telling.keys(one_office)} >= {COUNTY}


def test_a_lost_private_half_stops_no_approval(one_office: Office, one_hand: Hands) -> None:
    first = notices(one_hand, opened(one_hand))[0]
    (one_office.store.keys.folder / f"{first.key_id}.pem").unlink()
    second = notices(one_hand, opened(one_hand, title="楼道消防栓编号"))[0]
    assert second.key_id != first.key_id


def test_only_the_keeper_of_posts_makes_a_key(one_hand: Hands) -> None:
    for who in ("county.head", "sys.admin", "auditor"):
        with refused("access.forbidden"):
            one_hand(who).do(keeping.make)
    assert one_hand("sec.admin").do(keeping.make).state is KeyState.ACTIVE


def test_what_a_retired_key_signed_stays_good(one_office: Office, one_hand: Hands) -> None:
    first = notices(one_hand, opened(one_hand))[0]
    key = rows(one_hand, SigningKey)[0]
    one_hand("sec.admin").do(
        lambda d: keeping.retire(d, key.id, key.version, RetireCommand(reason="按期更换"))
    )
    assert [n.id for n in rows(one_hand, AdmissionNotice, replaced=False)] == [first.id]
    assert notices(one_hand, opened(one_hand, title="楼道消防栓编号"))[0].key_id != key.id
    assert status_of(one_office)["revoked"] == []
    with refused("key.state"):
        one_hand("sec.admin").do(
            lambda d: keeping.retire(d, key.id, key.version + 1, RetireCommand(reason="再停"))
        )


def test_a_revoked_key_vouches_for_nothing_and_its_papers_are_issued_anew(
    one_office: Office, one_hand: Hands
) -> None:
    request = opened(one_hand, targets=BOTH)
    key = rows(one_hand, SigningKey)[0]
    command = RevokeCommand(reason="设备遗失")
    one_hand("sec.admin").do(lambda d: revoking.revoke(d, key.id, key.version, command))
    live = notices(one_hand, request, replaced=False)
    assert [n.edition for n in live] == [2, 2]
    assert {n.key_id for n in live} == {k.id for k in rows(one_hand, SigningKey, state="active")}
    told = status_of(one_office)
    assert [one["key"] for one in told["revoked"]] == [key.id]
    assert told["key"] != key.id
    assert told["replaced"] == [f"{n.number}/1" for n in live]


def test_what_was_refused_meanwhile_has_a_paper_that_holds_when_it_is_taken_up_again(
    one_hand: Hands,
) -> None:
    request = opened(one_hand)
    (door,) = presences(one_hand, request)
    put(one_hand, door, state=PresenceState.REFUSED)
    key = rows(one_hand, SigningKey)[0]
    command = RevokeCommand(reason="设备遗失")
    one_hand("sec.admin").do(lambda d: revoking.revoke(d, key.id, key.version, command))
    (paper,) = notices(one_hand, request, replaced=False)
    assert paper.key_id != key.id


def test_a_key_is_not_revoked_from_a_later_day(one_hand: Hands, clock: MovingClock) -> None:
    key = one_hand("sec.admin").do(keeping.make)
    later = RevokeCommand(reason="预先", revoked_from=clock.at.replace(year=2027))
    with refused("key.ahead"):
        one_hand("sec.admin").do(lambda d: revoking.revoke(d, key.id, key.version, later))


# ------------------------------------------------------------------------ the status of a day


def test_the_status_names_what_was_withdrawn_by_number_alone(
    office: Office, hand: Hands, clock: MovingClock
) -> None:
    request = opened(hand)
    notice = notices(hand, request)[0]
    assert status_of(office)["withdrawn"] == []
    heard(hand, proposed(hand, request))
    revoked(hand, request)
    told = status_of(office)
    assert told["withdrawn"] == [f"{notice.number}/1"]
    assert (told["county"], told["on"]) == (COUNTY, "2026-03-02")
    text = telling.status(office, COUNTY).status
    for secret in (notice.title, notice.scope, notice.scope_code):
        assert secret not in text
    clock.at = clock.at.replace(month=7)
    assert status_of(office)["withdrawn"] == [], "its paper is out of date by itself"


def test_a_later_status_has_a_greater_serial(one_office: Office, one_hand: Hands) -> None:
    opened(one_hand)
    first = status_of(one_office)["serial"]
    opened(one_hand, title="楼道消防栓编号")
    assert status_of(one_office)["serial"] > first


def test_a_status_needs_a_county_and_its_key(one_office: Office) -> None:
    with refused("status.unsigned"):
        telling.status(one_office, COUNTY)
    with refused("access.hidden"):
        telling.status(one_office, "110101")
    with refused("status.county"):
        telling.status(one_office)


def test_a_community_reads_its_own_notices_and_no_neighbours(
    one_office: Office, one_hand: Hands
) -> None:
    opened(one_hand, targets=BOTH)
    seen = page(one_office, one_hand("community.worker").actor, AdmissionNotice, ListQuery()).items
    assert [n.scope_code for n in seen] == BOTH[:1]
