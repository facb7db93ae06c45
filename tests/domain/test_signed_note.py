"""签名文本: read as C2SP writes them, written in one way, and nothing else is taken for one."""

import hashlib
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.checkpoint import (
    Checkpoint,
    LogProof,
    believed,
    parse_checkpoint,
    parse_proof,
    shown,
)
from registry.domain.merkle import Head, ProofError, inclusion
from registry.domain.signed_note import (
    KeyKind,
    Note,
    NoteError,
    NoteKey,
    Signature,
    cosign,
    opened,
    parse_key,
    parse_note,
    sign_note,
    succession,
)
from registry.store.keys import signed_by
from tests.domain.trees import entry, head, reader

ORIGIN = "log.example/990102"


class Pen:
    """A key with its private half."""

    def __init__(self, name: str, seed: int, kind: KeyKind = KeyKind.NOTE) -> None:
        private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.sign = private.sign
        self.key = NoteKey(name, kind, private.public_key().public_bytes_raw())


LOG, OTHER = Pen(ORIGIN, 1), Pen("other.example", 2)
WITNESS = Pen("witness.example/w1", 3, KeyKind.COSIGNATURE)


def checkpoint(size: int = 9, origin: str = ORIGIN, hash: str = "sha256") -> Checkpoint:
    return Checkpoint(origin, head(size, hash))


def note(size: int = 9) -> Note:
    text = str(checkpoint(size))
    return Note(text, (sign_note(text, LOG.key, LOG.sign),))


# ------------------------------------------------------------------------- what others wrote

FOO = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
FOO_SIGNATURE = (
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
)
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngot"
    "pRZb6KE6RyyBwJnAM=\n"
)


@pytest.mark.parametrize("vkey", [FOO, PETER])
def test_a_published_key_is_read_and_written_as_it_was(vkey: str) -> None:
    key = parse_key(vkey)
    assert (str(key), key.kind) == (vkey, KeyKind.NOTE)


def test_published_notes_are_believed() -> None:
    text = "This is an example message.\n"
    foo = f"{text}\n— example.com/foo {FOO_SIGNATURE}\n"
    for vkey, told in ((FOO, foo), (PETER, PETER_NOTE)):
        key, read = parse_key(vkey), parse_note(told.encode())
        assert [one.key for one in opened(read, [key], signed_by)] == [key]
        assert str(read) == told
        changed = Note(read.text.replace("is", "was", 1), read.signatures)
        with pytest.raises(NoteError):
            opened(changed, [key], signed_by)


def test_the_checkpoint_of_the_specification_is_read() -> None:
    told = (Path(__file__).parent / "vectors" / "checkpoint.txt").read_bytes()
    read = parse_note(told)
    found = parse_checkpoint(read.text)
    assert (found.origin, found.head.size) == ("example.com/behind-the-sofa", 20852163)
    assert [one.name for one in read.signatures] == [found.origin, "witness.example.com/w1"]
    assert str(read).encode() == told
    assert len(read.signatures[1].octets) == 72


# ------------------------------------------------------------------------------- what we write


def test_a_key_is_told_apart_by_name_kind_and_octets() -> None:
    told = ORIGIN.encode() + b"\n\x01" + LOG.key.public
    assert LOG.key.id == hashlib.sha256(told).digest()[:4]
    beside = LOG.key.beside()
    assert (beside.name, beside.public) == (f"{ORIGIN}/sm3", LOG.key.public)
    assert len({LOG.key.id, beside.id, LOG.key._replace(kind=KeyKind.COSIGNATURE).id}) == 3
    assert parse_key(str(beside)) == beside


def test_a_checkpoint_is_written_read_and_believed() -> None:
    made = note()
    lines = str(made).split("\n")
    assert lines[:2] == [ORIGIN, "9"]
    assert b64decode(lines[2]) == head(9).root
    assert believed(str(made).encode(), [LOG.key], signed_by) == (made, checkpoint())


def test_the_second_tree_has_its_own_origin_and_the_same_key_under_that_name() -> None:
    found = checkpoint(9, f"{ORIGIN}/sm3", "sm3")
    line = sign_note(str(found), LOG.key.beside(), LOG.sign)
    octets = str(Note(str(found), (line,))).encode()
    assert believed(octets, [LOG.key.beside()], signed_by)[1].hash == "sm3"
    assert found.head != checkpoint().head
    with pytest.raises(NoteError, match="no key"):
        believed(octets, [LOG.key], signed_by)


def test_a_witness_says_when_it_saw_a_checkpoint() -> None:
    made = note().signed(cosign(note().text, 1679315147, WITNESS.key, WITNESS.sign))
    read = parse_note(str(made).encode())
    assert read == made
    found = opened(read, [LOG.key, WITNESS.key], signed_by)
    assert [(one.key, one.time) for one in found] == [(LOG.key, None), (WITNESS.key, 1679315147)]


def test_a_witness_alone_makes_no_checkpoint_of_a_log() -> None:
    text = note().text
    seen = Note(text, (cosign(text, 1, WITNESS.key, WITNESS.sign),))
    with pytest.raises(NoteError, match="no key"):
        believed(str(seen).encode(), [LOG.key], signed_by)


def test_a_time_that_was_changed_is_no_time_of_the_witness() -> None:
    line = cosign(note().text, 1679315147, WITNESS.key, WITNESS.sign)
    later = line._replace(octets=(1679315148).to_bytes(8, "big") + line.octets[8:])
    with pytest.raises(NoteError, match="wrong"):
        opened(note().signed(later), [WITNESS.key], signed_by)
    beyond = cosign(note().text, 2**63, WITNESS.key, WITNESS.sign)
    with pytest.raises(NoteError, match="wrong"):
        opened(note().signed(beyond), [WITNESS.key], signed_by)


def test_unknown_keys_are_passed_over_and_known_ones_are_not() -> None:
    stranger = sign_note(note().text, OTHER.key, OTHER.sign)
    same_name = stranger._replace(name=ORIGIN)
    same_id = stranger._replace(id=LOG.key.id)
    made = note().signed(stranger, same_name, same_id)
    assert [one.key for one in opened(made, [LOG.key], signed_by)] == [LOG.key]
    forged = note().signed(stranger._replace(name=ORIGIN, id=LOG.key.id))
    with pytest.raises(NoteError, match="wrong"):
        opened(forged, [LOG.key], signed_by)
    with pytest.raises(NoteError, match="no key"):
        believed(str(note()).encode(), [OTHER.key._replace(name=ORIGIN)], signed_by)


def test_many_signatures_are_read_and_a_doubled_one_counts_once() -> None:
    pens = [Pen(f"w{at}.example", at, KeyKind.COSIGNATURE) for at in range(1, 100)]
    made = note().signed(*(cosign(note().text, 7, pen.key, pen.sign) for pen in pens))
    doubled = made._replace(signatures=made.signatures * 2)
    read = parse_note(str(doubled).encode())
    found = opened(read, [LOG.key, *(pen.key for pen in pens)], signed_by)
    assert len(found) == 100
    assert note().signed(*note().signatures) == note()


def test_a_log_that_is_another_ones_signs_no_checkpoint_of_this_one() -> None:
    text = str(checkpoint(origin="elsewhere.example"))
    octets = str(Note(text, (sign_note(text, LOG.key, LOG.sign),))).encode()
    with pytest.raises(NoteError, match="no key"):
        believed(octets, [LOG.key], signed_by)


def test_what_a_key_signs_of_its_successor_is_no_checkpoint() -> None:
    told = succession(LOG.key, OTHER.key).decode()
    assert str(OTHER.key) in told
    with pytest.raises(NoteError):
        parse_checkpoint(told)


# -------------------------------------------------------------------------------- receipts


@pytest.mark.parametrize("hash", ["sha256", "sm3"])
@pytest.mark.parametrize("extra", [None, b"", entry(5)])
def test_a_receipt_is_read_as_written_and_shows_its_entry(hash: str, extra: bytes | None) -> None:
    origin = ORIGIN if hash == "sha256" else f"{ORIGIN}/sm3"
    text = str(checkpoint(9, origin, hash))
    signed = Note(text, (sign_note(text, LOG.key, LOG.sign),))
    made = LogProof(5, tuple(inclusion(5, 9, reader(hash), hash)), signed, extra)
    read = parse_proof(str(made).encode())
    assert read == made
    assert shown(read, entry(5)).head == head(9, hash)
    for other in (entry(4), entry(5) + b" ", b""):
        with pytest.raises(ProofError):
            shown(read, other)


# ---------------------------------------------------------------------------------- strictness

GOOD = str(note())
HEAD, LINES = GOOD.split("\n\n")
BROKEN_NOTES = {
    "nothing": "",
    "no signature": f"{HEAD}\n\n",
    "no blank line": f"{HEAD}\n{LINES}",
    "no line feed at the end": GOOD.removesuffix("\n"),
    "a hyphen for a dash": GOOD.replace("— ", "- "),
    "no space after the dash": GOOD.replace("— ", "—"),
    "two spaces": GOOD.replace(f"{ORIGIN} ", f"{ORIGIN}  ", 1).replace("— ", "—  "),
    "no name": f"{HEAD}\n\n—  {LINES.split(' ')[2]}",
    "no octets": f"{HEAD}\n\n— {ORIGIN} \n",
    "an id alone": f"{HEAD}\n\n— {ORIGIN} {b64encode(b'1234').decode()}\n",
    "a name with a plus": GOOD.replace(f"— {ORIGIN}", "— a+b"),
    "a name with a wide space": GOOD.replace(f"— {ORIGIN}", "— a　b"),
    "carriage returns": GOOD.replace("\n", "\r\n"),
    "a tab": GOOD.replace(ORIGIN, f"{ORIGIN}\t", 1),
    "a null": f"\0{GOOD}",
    "base64 without its end": GOOD.replace("==\n", "\n") if "==\n" in GOOD else f"{GOOD[:-2]}\n",
    "another word behind": GOOD.removesuffix("\n") + " x\n",
    "far too long": "x" * (1 << 20) + GOOD,
}


@pytest.mark.parametrize("why", BROKEN_NOTES)
def test_a_note_in_another_form_is_refused(why: str) -> None:
    assert parse_note(GOOD.encode()) == note()
    with pytest.raises(NoteError):
        parse_note(BROKEN_NOTES[why].encode())


def test_octets_that_are_no_text_are_no_note() -> None:
    with pytest.raises(NoteError, match="UTF-8"):
        parse_note(GOOD.encode() + b"\xff")


ROOT = b64encode(head(9).root).decode()
BROKEN_CHECKPOINTS = [
    "", "\n", f"{ORIGIN}\n9\n", f"{ORIGIN}\n9\n{ROOT}", f"\n9\n{ROOT}\n", f"{ORIGIN}\n09\n{ROOT}\n",
    f"{ORIGIN}\n-9\n{ROOT}\n", f"{ORIGIN}\n+9\n{ROOT}\n", f"{ORIGIN}\n9.0\n{ROOT}\n",
    f"{ORIGIN}\n٩\n{ROOT}\n", f"{ORIGIN}\n{2**63}\n{ROOT}\n", f"{ORIGIN}\n9\n{ROOT[:-4]}\n",
    f"{ORIGIN}\n9\n{ROOT}=\n", f"{ORIGIN}\n9\n {ROOT}\n", f"{ORIGIN}\n9\n{ROOT}\n\nmore\n",
    f"{ORIGIN}\n9\n{ROOT[:-2]}{chr(ord(ROOT[-2]) + 1)}=\n", f"{ORIGIN}\n9 \n{ROOT}\n",
]  # fmt: skip


@pytest.mark.parametrize("text", BROKEN_CHECKPOINTS)
def test_a_checkpoint_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        parse_checkpoint(text)


def test_a_checkpoint_may_bear_extensions_and_a_size_of_nothing() -> None:
    found = parse_checkpoint(f"{ORIGIN}\n0\n{ROOT}\nmore\n")
    assert (found.head.size, found.extensions) == (0, ("more",))
    assert parse_checkpoint(str(found)) == found
    assert parse_checkpoint(f"{ORIGIN}\n{2**63 - 1}\n{ROOT}\n").head.size == 2**63 - 1


BROKEN_KEYS = [
    "", FOO[:-4], FOO.replace("530d903a", "530D903A"), FOO.replace("530d903a", "530d903b"),
    FOO.replace("530d903a", "530d903"), FOO.replace("example.com/foo", "example.com/fop"),
    FOO.replace("example.com/foo", ""), FOO.replace("example.com/foo", "example com/foo"),
    f"{FOO}\n", f" {FOO}", f"{FOO}=", FOO.replace("+", " "), "a+b", "a+b+c",
]  # fmt: skip


@pytest.mark.parametrize("text", BROKEN_KEYS)
def test_a_key_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        parse_key(text)


def test_a_key_of_a_kind_that_we_do_not_check_is_refused() -> None:
    for kind in (0, 2, 3, 5, 6, 0xFF):
        told = bytes([kind]) + LOG.key.public
        id = hashlib.sha256(ORIGIN.encode() + b"\n" + told).hexdigest()[:8]
        with pytest.raises(NoteError):
            parse_key(f"{ORIGIN}+{id}+{b64encode(told).decode()}")


RECEIPT = str(LogProof(5, tuple(inclusion(5, 9, reader())), note(), b"x"))
BROKEN_RECEIPTS = [
    "", RECEIPT.replace("@v1", "@v2"), RECEIPT.replace("index 5", "index 05"),
    RECEIPT.replace("index 5\n", ""), RECEIPT.replace("extra eA==\n", "extra eA=\n"),
    RECEIPT.replace("index 5", "index -5"), RECEIPT.replace("extra eA==", "Extra eA=="),
    RECEIPT.replace("\n\n", "\n", 1), RECEIPT.replace("index 5\n", "index 5\n\n"),
    RECEIPT.replace("index 5\n", "index 5\nAAAA\n"), f"\n{RECEIPT}", RECEIPT.removesuffix("\n"),
]  # fmt: skip


@pytest.mark.parametrize("at", range(len(BROKEN_RECEIPTS)))
def test_a_receipt_in_another_form_is_refused(at: int) -> None:
    assert BROKEN_RECEIPTS[at] != RECEIPT
    with pytest.raises(NoteError):
        parse_proof(BROKEN_RECEIPTS[at].encode())


# ------------------------------------------------------------------------------------- fuzzing

SEEDS = [GOOD, RECEIPT, FOO, PETER_NOTE]
TEXTS = st.one_of(
    st.text(max_size=80),
    st.text("— \n+=aA0/é\x00", max_size=80),
    st.builds(
        lambda seed, at, cut, put: seed[:at] + put + seed[at + cut :],
        st.sampled_from(SEEDS), st.integers(0, 600), st.integers(0, 8), st.text(max_size=5),
    ),
)  # fmt: skip


@given(st.one_of(st.binary(max_size=200), TEXTS.map(lambda t: t.encode("utf-8", "surrogatepass"))))
def test_whatever_octets_come_nothing_but_the_stated_error_is_raised(octets: bytes) -> None:
    for parse in (parse_note, parse_proof):
        try:
            read = parse(octets)
        except NoteError:
            continue
        assert str(read).encode() == octets, "what is read is written the same"


@given(TEXTS)
def test_whatever_text_comes_nothing_but_the_stated_error_is_raised(text: str) -> None:
    for parse in (parse_key, parse_checkpoint):
        try:
            read = parse(text)
        except NoteError:
            continue
        assert str(read) == text


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="+"),
                min_size=1, max_size=12)  # fmt: skip


@given(
    st.lists(st.builds(Signature, NAMES, st.binary(min_size=4, max_size=4),
                       st.binary(min_size=1, max_size=80)), min_size=1, max_size=20),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=50),
    st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32),
)  # fmt: skip
def test_what_is_written_is_read_again(
    lines: list[Signature], text: str, size: int, root: bytes
) -> None:
    made = Note(f"{text}\n", tuple(lines))
    assert parse_note(str(made).encode()) == made
    said = Checkpoint(ORIGIN, Head(size, root))
    assert parse_checkpoint(str(said)) == said
