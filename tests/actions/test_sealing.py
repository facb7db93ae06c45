"""封存: checkpoints, keys and their rotation, proofs and receipts, witnesses asked and witnessing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import text

from registry.actions.office import Call, Office
from registry.actions.sealing import checkpointing, keys, peering, proving, submitting, witnessing
from registry.actions.sealing.keys import RotateCommand, note_key
from registry.actions.sealing.minding import AFTER_ENTRIES, AFTER_SECONDS, Messenger, Minder
from registry.actions.sealing.peering import PeerCommand
from registry.actions.sealing.submitting import Outcome
from registry.actions.seeding import operator
from registry.actions.vouching import keeping, telling
from registry.actions.vouching.keeping import RetireCommand
from registry.api.witness import STATUS
from registry.domain.approval import Decision
from registry.domain.checkpoint import Checkpoint, believed, parse_proof, shown
from registry.domain.hashing import SHA256, SM3, TREES, hashing
from registry.domain.merkle import Head, ProofError, Tree, check_consistency, consistency
from registry.domain.records import NATION
from registry.domain.sealing import Answered, Cosigned, Peer, PeerKind, Sealed
from registry.domain.signed_note import (
    KeyKind,
    Note,
    NoteKey,
    cosign,
    octets_of,
    opened,
    parse_key,
    parse_note,
    sign_note,
    succession,
)
from registry.domain.vouching import KeyPurpose, KeyState, SigningKey
from registry.gateways.witness import HttpWitness, safe
from registry.settings import SettingError, from_environment
from registry.store import checkpoints
from registry.store import witnessing as seen
from registry.store.engine import open_engine
from registry.store.keys import Keys, signed_by
from registry.store.proven import entry_of, written_by
from registry.store.verify import verify
from tests.actions.case import Hands, admitted
from tests.actions.refused import refused
from tests.conftest import MovingClock, actor_of

HERE = "990102"


def by_hand(office: Office, county: str, act: str, verb: Any) -> Any:
    call = Call(actor=operator(county, "root"), county=county, act=act)
    return office.perform(call, verb).body


def rotate(office: Office, *, lost: bool = False, purpose: KeyPurpose = KeyPurpose.LOG) -> Any:
    command = RotateCommand(reason="例行轮换", lost=lost)
    verb = partial(keys.rotate, command=command, purpose=purpose)
    return by_hand(office, NATION if purpose is KeyPurpose.WITNESS else HERE, "key.rotate", verb)


def peer(office: Office, county: str, **told: Any) -> Any:
    verb = partial(peering.set_peer, command=PeerCommand(**told))
    return by_hand(office, county, "witness.set", verb)


# ------------------------------------------------------------------------------ checkpoints


def test_a_checkpoint_is_signed_once_and_kept_for_good(office: Office) -> None:
    first = checkpointing.seal(office, HERE)
    assert first is not None
    assert checkpointing.seal(office, HERE) == first
    own = [note_key(key) for key in keys.kept(office, HERE)]
    _, found = believed(first.note.encode(), own, signed_by)
    assert (found.origin, found.head.size) == (f"localhost/log/{HERE}", first.size)
    rotate(office)
    second = checkpointing.seal(office, HERE)
    assert second is not None and second.size > first.size
    listed = checkpointing.listed(office, HERE, SHA256, size=0, many=10)
    assert [one.size for one in listed] == [first.size, second.size]
    assert listed[0].note == first.note
    with pytest.raises(Exception, match="append-only"), office.store.engine.begin() as connection:
        connection.execute(text("UPDATE checkpoint SET root = ''"))


def test_an_empty_log_is_not_signed(one_office: Office) -> None:
    assert checkpointing.seal(one_office, "990199") is None
    with refused("log.no_checkpoint"):
        checkpointing.shown(one_office, "990199")


def test_a_second_tree_stands_under_a_name_of_its_own(one_office: Office) -> None:
    one_office.trees = TREES
    checkpointing.seal(one_office, HERE)
    told = [checkpointing.shown(one_office, HERE, tree) for tree in TREES]
    own = note_key(keys.standing(one_office, HERE))
    for one, key in zip(told, (own, own.beside()), strict=True):
        _, found = believed(one.note.encode(), [key], signed_by)
        assert (found.hash, found.head.root.hex()) == (one.tree, one.root)
    assert told[0].root != told[1].root
    proof = proving.of_entry(one_office, HERE, 3, tree=SM3)
    assert proof.tree == SM3
    assert walked(one_office).fault is None
    assert set(checkpointing.packaged(one_office, HERE, 5)) == {
        "log/checkpoint", "log/checkpoint.sm3", "log/keys.txt",
    }  # fmt: skip


def walked(office: Office) -> Any:
    engine = open_engine(office.store.url, readonly=True)
    try:
        return verify(engine, HERE)
    finally:
        engine.dispose()


def test_serving_signs_by_time_by_number_and_at_the_end(one_office: Office) -> None:
    now = [0.0]
    minder = Minder(one_office, lambda: now[0])
    first = minder.look()
    assert HERE in first, "nothing of it was ever signed: nobody is told that there is no log"
    assert checkpointing.shown(one_office, HERE).size == one_office.store.reader.head(HERE)
    rotate(one_office)
    assert minder.look() == []
    now[0] = AFTER_SECONDS
    assert HERE in minder.look()
    assert minder.look() == [], "nothing has come since"
    rotate(one_office)
    assert minder.look() == []
    assert minder.look(last=True) == [HERE]
    with one_office.store.engine.begin() as connection:
        connection.execute(text("PRAGMA foreign_keys = 0"))
        connection.execute(
            text("UPDATE log_head SET seq = seq + :more WHERE county = :here"),
            {"more": AFTER_ENTRIES, "here": "000000"},
        )
    # Its log is not what it says: that is told, and holds up no other.
    rotate(one_office)
    minder.look(last=True)
    assert checkpointing.shown(one_office, HERE).size == one_office.store.reader.head(HERE)


# ------------------------------------------------------------------------------------- keys


def test_a_key_of_the_log_signs_no_notice_and_a_notice_key_no_log(one_office: Office) -> None:
    by_hand(one_office, HERE, "key.make", keeping.make)
    checkpointing.seal(one_office, HERE)
    notice, log = keeping.standing(one_office, HERE), keys.standing(one_office, HERE)
    assert notice is not None and notice.id != log.id
    assert log.id not in {key.id for key in telling.keys(one_office)}
    command = RetireCommand(reason="试")
    with refused("key.purpose"):
        told = {"id": log.id, "version": log.version, "command": command}
        by_hand(one_office, HERE, "key.retire", partial(keeping.retire, **told))


def test_a_key_is_followed_by_one_that_it_signed(office: Office) -> None:
    first = keys.standing(office, HERE)
    second = rotate(office)
    kept = keys.kept(office, HERE)
    assert [k.id for k in kept] == [first.id, second.id]
    assert (kept[0].state, kept[1].state) == (KeyState.RETIRED, KeyState.ACTIVE)
    said = succession(note_key(kept[0]), note_key(kept[1]))
    assert signed_by(note_key(kept[0]).public, said, octets_of(second.vouched))
    assert note_key(first).name == note_key(second).name
    with refused("log.key_here"):
        rotate(office, lost=True)


def test_a_key_that_was_rotated_meanwhile_signs_nothing_more(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    reckoned = checkpointing._reckoned

    def meanwhile(*told: Any) -> Any:
        found = reckoned(*told)
        rotate(office)
        return found

    keys.standing(office, HERE)
    with monkeypatch.context() as patched:
        patched.setattr(checkpointing, "_reckoned", meanwhile)
        sealed = checkpointing.seal(office, HERE)
    assert sealed is not None
    assert signer(office, sealed) == keys.kept(office, HERE)[-1].id


def signer(office: Office, sealed: Sealed) -> str:
    (line,) = parse_note(sealed.note.encode()).signatures
    return next(k.id for k in keys.kept(office, HERE) if note_key(k).id == line.id)


def test_keys_may_be_rotated_and_logs_sealed_at_once(office: Office) -> None:
    keys.standing(office, HERE)

    def turning() -> None:
        for _ in range(6):
            rotate(office)

    with ThreadPoolExecutor(3) as pool:
        turns = pool.submit(turning)
        done = [pool.submit(lambda: [checkpointing.seal(office, HERE) for _ in range(8)])
                for _ in range(2)]  # fmt: skip
        turns.result()
        for one in done:
            one.result()
    order = [key.id for key in keys.kept(office, HERE)]
    with office.store.settled() as connection:
        since = [written_by(connection, SigningKey, HERE, id) or 0 for id in order]
    for one in checkpointing.listed(office, HERE, SHA256, size=0, many=50):
        at = order.index(signer(office, one))
        # A rotation writes both keys in one entry.
        assert at == len(order) - 1 or one.size < since[at], "another had taken over by then"
    assert walked(office).fault is None


def test_a_key_that_is_not_here_neither_signs_nor_vouches(
    one_office: Office, tmp_path: Path
) -> None:
    first = keys.standing(one_office, HERE)
    one_office.store.keys = Keys(tmp_path / "elsewhere")
    with refused("log.key_elsewhere"):
        checkpointing.seal(one_office, HERE)
    with refused("log.key_elsewhere"):
        rotate(one_office)
    second = rotate(one_office, lost=True)
    assert (second.vouched, second.follows) == ("", first.id)
    assert checkpointing.seal(one_office, HERE) is not None


# ----------------------------------------------------------------------------------- proofs


def test_a_proof_shows_that_an_entry_stands_and_that_the_log_only_grew(office: Office) -> None:
    checkpointing.seal(office, HERE)
    rotate(office)
    proof = proving.of_growth(office, HERE, 3, None)
    check_consistency(
        Head(3, octets_of(proof.old_root)), Head(proof.size, octets_of(proof.root)),
        [octets_of(one) for one in proof.path],
    )  # fmt: skip
    last = office.store.reader.head(HERE)
    receipt = parse_proof(proving.receipt_of(office, HERE, last).encode())
    assert receipt.extra is not None
    assert shown(receipt, receipt.extra).head.size == last


@pytest.mark.parametrize(("old", "new"), [(0, 5), (6, 5), (5, 10**9), (10**9, None)])
def test_there_is_no_proof_of_a_size_that_never_was(
    one_office: Office, old: int, new: int | None
) -> None:
    with refused("log.size"):
        proving.of_growth(one_office, HERE, old, new)
    with refused("log.size"):
        proving.of_entry(one_office, HERE, 10**9)


def test_whoever_may_read_a_decision_takes_its_receipt_and_nobody_else(
    one_hand: Hands, one_office: Office
) -> None:
    admitted(one_hand)
    decision = one_office.store.reader.find(Decision, HERE)[0]
    proof = proving.receipt(one_office, actor_of(one_office, "dept.clerk"), decision.id, None)
    held = parse_proof(proof.encode())
    assert held.extra is not None and decision.id.encode() in held.extra
    assert shown(held, held.extra)
    with refused("access.hidden"):
        proving.receipt(one_office, actor_of(one_office, "dept.clerk"), "dec-none", None)


def test_what_an_auditor_takes_is_on_record(one_hand: Hands, one_office: Office) -> None:
    admitted(one_hand)
    decision = one_office.store.reader.find(Decision, HERE)[0]
    auditor = actor_of(one_office, "auditor")
    before = one_office.store.reader.head(HERE)
    proving.receipt(one_office, auditor, decision.id, None)
    proving.asked(one_office, auditor, HERE, {"seq": 1})
    engine = open_engine(one_office.store.url, readonly=True)
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT act FROM event WHERE county = :c AND seq > :b AND actor = :a"),
            {"c": HERE, "b": before, "a": auditor.person_id},
        ).scalars().all()  # fmt: skip
    engine.dispose()
    assert found == ["proof.take", "proof.take"]
    with refused("access.reading"):
        proving.asked(one_office, actor_of(one_office, "dept.clerk"), HERE, {"seq": 1})


# -------------------------------------------------------------------------------- witnesses


class Log:
    """Another county's log, of which only the tree matters."""

    def __init__(self, folder: Path, name: str = "elsewhere.example/log/1") -> None:
        self.keys = Keys(folder)
        self.id, public = self.keys.make(bytes(range(32)))
        self.key, self.tree = NoteKey(name, KeyKind.NOTE, public), Tree()
        self.leaves: list[bytes] = []

    def grow(self, many: int, salt: int = 0) -> None:
        for number in range(many):
            self.leaves.append(bytes([salt]) * 30 + (len(self.leaves) + number).to_bytes(2, "big"))
            self.tree.add(self.leaves[-1])

    def note(self) -> str:
        said = str(Checkpoint(self.key.name, Head(self.tree.size, self.tree.digest())))
        return str(Note(said, (sign_note(said, self.key, partial(self.keys.sign, self.id)),)))

    def request(self, old: int) -> bytes:
        def read(level: int, at: int) -> bytes:
            part = Tree()
            for one in self.leaves[at << level : (at + 1) << level]:
                part.add(one)
            return part.digest()

        path = consistency(old, self.tree.size, read) if 0 < old <= self.tree.size else []
        return witnessing.request_text(old, path, self.note()).encode()


@pytest.fixture
def log(tmp_path: Path) -> Log:
    made = Log(tmp_path / "other")
    made.grow(5)
    return made


def asked(office: Office, request: bytes) -> tuple[int, str]:
    said = witnessing.add_checkpoint(office, request)
    return STATUS[said.kind], said.text


def test_a_witness_answers_as_the_standard_says(office: Office, log: Log) -> None:
    assert asked(office, log.request(0))[0] == 404
    peer(office, NATION, kind=PeerKind.LOG, vkey=str(log.key))
    assert asked(office, b"nonsense")[0] == 400
    assert asked(office, log.request(6))[0] == 400, "old is greater than new"
    forged = log.request(0).decode()
    assert asked(office, forged[:-12].encode() + b"AAAAAAAAAA=\n")[0] in (400, 403)
    status, line = asked(office, log.request(0))
    assert status == 200
    own = note_key(keys.witness_key(office))
    note = parse_note(log.note().encode() + line.encode())
    (right,) = opened(note, [own], signed_by)
    assert right.time == int(office.clock().timestamp())
    log.grow(3)
    assert asked(office, log.request(4)) == (409, "5\n")
    spoilt = log.request(5).replace(b"old 5\n", b"old 5\n" + b"A" * 43 + b"=\n")
    assert asked(office, spoilt)[0] == 422
    assert asked(office, log.request(5))[0] == 200
    assert asked(office, log.request(8))[0] == 200, "the same once more"
    assert asked(office, log.request(5)) == (409, "8\n")


def test_a_witness_never_goes_back_nor_along_two_ways(
    office: Office, log: Log, tmp_path: Path
) -> None:
    peer(office, NATION, kind=PeerKind.LOG, vkey=str(log.key))
    assert asked(office, log.request(0))[0] == 200
    forks = []
    for salt in range(1, 9):
        fork = Log(tmp_path / f"fork{salt}")
        fork.grow(5)
        fork.grow(salt, salt)
        forks.append(fork)
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda fork: asked(office, fork.request(5))[0], forks))
    assert sorted(told) == [200, *[409] * 7]
    with office.store.settled() as connection:
        last = seen.last(connection, log.key.name)
    assert last is not None
    assert last.size == forks[told.index(200)].tree.size
    with pytest.raises(Exception, match="append-only"), office.store.engine.begin() as connection:
        connection.execute(text("UPDATE witnessed SET size = 1"))


def test_another_root_at_the_same_size_is_a_conflict(
    one_office: Office, log: Log, tmp_path: Path
) -> None:
    peer(one_office, NATION, kind=PeerKind.LOG, vkey=str(log.key))
    assert asked(one_office, log.request(0))[0] == 200
    other = Log(tmp_path / "fork")
    other.grow(5, 9)
    assert asked(one_office, other.request(5)) == (409, "5\n")


@contextmanager
def served(office: Office) -> Iterator[str]:
    """A witness on the wire."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, told = asked(office, body)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(told.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Door)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/witness"
    server.shutdown()
    server.server_close()


def test_a_checkpoint_is_shown_when_enough_have_cosigned_it(
    one_office: Office, clock: MovingClock
) -> None:
    checkpointing.seal(one_office, HERE)
    own = str(note_key(keys.standing(one_office, HERE)))
    theirs = str(note_key(keys.witness_key(one_office)))
    peer(one_office, NATION, kind=PeerKind.LOG, vkey=own)
    messenger = Messenger(one_office)
    with served(one_office) as url:
        peer(one_office, HERE, kind=PeerKind.WITNESS, vkey=theirs, url=url)
        peer(one_office, HERE, kind=PeerKind.AT_LEAST, at_least=1)
        with refused("log.witnesses"):
            checkpointing.shown(one_office, HERE)
        (told,) = messenger.round()
        assert told.outcome is Outcome.COSIGNED
        assert messenger.round() == []
    first = checkpointing.shown(one_office, HERE)
    assert (first.witnesses, first.at_least, first.enough) == (1, 1, True)
    checkpointing.seal(one_office, HERE)
    assert checkpointing.shown(one_office, HERE) == first, "the newer one waits for its witness"
    for _ in range(3):
        assert [one.outcome for one in messenger.round()] == [Outcome.DOWN]
    assert messenger.round() == [], "left alone for a while"
    clock.at += timedelta(minutes=2)
    assert len(messenger.round()) == 1
    messenger.close()
    peer(one_office, HERE, kind=PeerKind.WITNESS, vkey=theirs, standing=False)
    peer(one_office, HERE, kind=PeerKind.AT_LEAST, at_least=0)
    assert messenger.round() == []
    assert checkpointing.shown(one_office, HERE).size > first.size


def test_only_who_was_a_witness_when_a_checkpoint_was_made_counts_for_it(
    office: Office, clock: MovingClock
) -> None:
    checkpointing.seal(office, HERE)
    theirs = str(note_key(keys.witness_key(office)))
    peer(office, NATION, kind=PeerKind.LOG, vkey=str(note_key(keys.standing(office, HERE))))
    peer(office, HERE, kind=PeerKind.AT_LEAST, at_least=1)

    def cosigned() -> int:
        sealed, request = submitting.for_hand(office, HERE, theirs)
        said = witnessing.add_checkpoint(office, request)
        return submitting.keep(office, sealed, said.text.encode())

    clock.at += timedelta(minutes=1)
    peer(office, HERE, kind=PeerKind.WITNESS, vkey=theirs)
    assert cosigned() == 1
    with refused("log.witnesses"):
        checkpointing.shown(office, HERE)
    assert checkpointing.seal(office, HERE)
    assert cosigned() == 1
    second = checkpointing.shown(office, HERE)
    assert (second.witnesses, second.enough) == (1, True)
    clock.at += timedelta(minutes=1)
    peer(office, HERE, kind=PeerKind.WITNESS, vkey=theirs, standing=False)
    assert checkpointing.shown(office, HERE) == second, "it was its witness"
    third = checkpointing.seal(office, HERE)
    assert third is not None
    line = cosign(
        parse_note(third.note.encode()).text, int(clock.at.timestamp()),
        note_key(keys.witness_key(office)),
        partial(office.store.keys.sign, keys.witness_key(office).id),
    )  # fmt: skip
    with refused("witness.not_cosigned"):
        submitting.keep(office, third, str(line).encode())
    late = Cosigned(witness=theirs, line=str(line), at=clock.at)
    job = partial(checkpoints.keep_cosignature, sealed=third, given=late)
    assert office.store.writer.submit(HERE, job).result() is False, "it was let go meanwhile"
    peer(office, HERE, kind=PeerKind.WITNESS, vkey=theirs)
    assert office.store.writer.submit(HERE, job).result() is True
    clock.at += timedelta(minutes=1)
    peer(office, HERE, kind=PeerKind.WITNESS, vkey=theirs, standing=False)
    assert checkpointing.as_shown(office, third).witnesses == 1


def test_a_checkpoint_is_carried_to_a_witness_by_hand_and_back(one_office: Office) -> None:
    checkpointing.seal(one_office, HERE)
    theirs = str(note_key(keys.witness_key(one_office)))
    peer(one_office, NATION, kind=PeerKind.LOG,
         vkey=str(note_key(keys.standing(one_office, HERE))))  # fmt: skip
    peer(one_office, HERE, kind=PeerKind.WITNESS, vkey=theirs)
    sealed, request = submitting.for_hand(one_office, HERE, theirs)
    said = witnessing.add_checkpoint(one_office, request)
    assert said.kind is Answered.DONE
    back = f"{witnessing.parse_request(request).note}{said.text}".encode()
    assert submitting.take_in(one_office, HERE, back) == 1
    assert submitting.take_in(one_office, HERE, back) == 0
    with one_office.store.settled() as connection:
        assert checkpoints.cosigned_by(connection, HERE, SHA256, theirs) == sealed.size
    with refused("witness.not_cosigned"):
        submitting.take_in(one_office, HERE, sealed.note.encode())


def test_only_keys_of_the_right_kind_are_taken(one_office: Office, log: Log) -> None:
    with refused("witness.key"):
        peer(one_office, HERE, kind=PeerKind.WITNESS, vkey=str(log.key))
    with refused("witness.key"):
        peer(one_office, NATION, kind=PeerKind.LOG, vkey="nonsense")
    witness = str(note_key(keys.witness_key(one_office)))
    with refused("witness.url"):
        peer(one_office, HERE, kind=PeerKind.WITNESS, vkey=witness, url="http://far.example")


def test_a_witness_that_is_not_there_is_no_error() -> None:
    line = HttpWitness("http://127.0.0.1:9", connect=0.2, read=0.2)
    assert line.add(b"old 0\n").kind is Answered.DOWN
    line.close()
    assert not safe("https://user:word@witness.example")
    assert parse_key(str(NoteKey("w.example", KeyKind.COSIGNATURE, bytes(32)))).name == "w.example"
    assert Peer(kind=PeerKind.LOG, name="x").url == ""
    assert SigningKey.__struct_fields__


def test_one_countys_log_that_proves_nothing_keeps_no_other_from_its_witnesses(
    one_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for county in (NATION, HERE):
        checkpointing.seal(one_office, county)
    visited: list[str] = []

    def submit(_office: Office, county: str, _line: Any) -> list[submitting.Submitted]:
        visited.append(county)
        if county == NATION:
            raise ProofError("no hash at level 0, position 7")
        return []

    monkeypatch.setattr(submitting, "submit", submit)
    messenger = Messenger(one_office)
    (told,) = messenger.round()
    assert visited == [NATION, HERE]
    assert (told.county, told.outcome, told.detail) == (NATION, Outcome.DOWN, "ProofError")
    visited.clear()
    assert messenger.round(only=HERE) == []
    assert visited == [HERE], "whoever names a county means that one"


# ------------------------------------------------------------------------------- the second tree


def sizes(office: Office, tree: str) -> list[int]:
    return [one.size for one in checkpointing.listed(office, HERE, tree, size=0, many=50)]


def root_of(office: Office, tree: str, size: int) -> str:
    """The tree built again of the entries themselves."""
    made = Tree(tree)
    with office.store.settled() as connection:
        for seq in range(1, size + 1):
            entry = entry_of(connection, HERE, seq)
            assert entry is not None
            made.add(hashing(tree).leaf(entry))
    return made.digest().hex()


def test_the_second_tree_may_be_off_turned_on_later_and_off_again(office: Office) -> None:
    checkpointing.seal(office, HERE)
    assert sizes(office, SM3) == [], "off"
    with refused("log.no_checkpoint"):
        proving.of_entry(office, HERE, 1, tree=SM3)
    first = sizes(office, SHA256)[-1]
    rotate(office)
    office.trees = TREES
    sealed = checkpointing.seal(office, HERE)
    assert sealed is not None
    # Turned on later it stands over the whole log, from the first entry on.
    assert sizes(office, SM3) == [sealed.size] and sizes(office, SHA256) == [first, sealed.size]
    told = checkpointing.shown(office, HERE, SM3)
    assert told.root == root_of(office, SM3, sealed.size)
    assert octets_of(proving.of_entry(office, HERE, 1, tree=SM3).root).hex() == told.root
    assert (walked(office).fault, walked(office).checkpoints) == (None, 2)
    rotate(office)
    office.trees = TREES[:1]
    last = checkpointing.seal(office, HERE)
    assert last is not None and sizes(office, SM3) == [sealed.size], "off again"
    assert "log/checkpoint.sm3" not in checkpointing.packaged(office, HERE, last.size)
    assert walked(office).fault is None, "what it signed is still compared"
    office.trees = TREES
    checkpointing.seal(office, HERE)
    assert sizes(office, SM3) == [sealed.size, last.size]


def test_what_the_second_tree_signed_is_compared_as_well(one_office: Office) -> None:
    one_office.trees = TREES
    checkpointing.seal(one_office, HERE)
    with one_office.store.engine.begin() as connection:
        on = "type = 'trigger' AND tbl_name = 'checkpoint'"
        guards = connection.execute(text(f"SELECT name FROM sqlite_master WHERE {on}")).scalars()
        for name in guards.all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        changed = "UPDATE checkpoint SET root = replace(root, 'a', 'b') WHERE tree = 'sm3'"
        connection.execute(text(changed))
    fault = walked(one_office).fault
    assert fault is not None and fault.what == "checkpoint.root" and "sm3" in fault.detail


@pytest.mark.parametrize(("told", "trees"), [("", TREES[:1]), ("0", TREES[:1]), ("1", TREES)])
def test_the_setting_says_which_trees_stand(told: str, trees: tuple[str, ...]) -> None:
    given = from_environment({"REGISTRY_MODE": "demo", "REGISTRY_LOG_SM3": told})
    assert (TREES if given.log_sm3 else TREES[:1]) == trees


@pytest.mark.parametrize(("told", "seconds"), [("", 10), ("0", 0), ("90", 90), ("off", None)])
def test_the_setting_says_how_far_back_an_entry_may_be_dated(
    told: str, seconds: int | None
) -> None:
    slack = from_environment({"REGISTRY_MODE": "demo", "REGISTRY_LOG_SLACK": told}).log_slack
    assert slack == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize("told", ["-1", "soon"])
def test_a_slack_that_is_no_number_of_seconds_stops_the_start(told: str) -> None:
    with pytest.raises(SettingError):
        from_environment({"REGISTRY_MODE": "demo", "REGISTRY_LOG_SLACK": told})
