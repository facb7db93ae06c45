"""国库通信: what stands on the wire, and what each way of going wrong is taken for."""

import gc
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from registry.domain.paying import Absent, Reply, Told, TreasuryState, Unknown
from registry.gateways.calling import HttpTreasury, Line
from registry.gateways.treasury import NullTreasury
from tests.paid import PAYMENT
from tests.treasury import WRONG, Treasury, serving

SECRET = "demo-bearer-9f2c"


@pytest.fixture
def treasury() -> Iterator[Treasury]:
    with serving() as made:
        yield made


@pytest.fixture
def line(treasury: Treasury) -> Iterator[HttpTreasury]:
    made = HttpTreasury("t", Line(url=treasury.url, bearer=SECRET, connect=0.3, read=0.3))
    yield made
    made.close()


def test_a_payment_is_asked_for_under_its_key_with_everything_it_is_for(
    treasury: Treasury, line: HttpTreasury
) -> None:
    reply = line.pay(PAYMENT)
    assert isinstance(reply, Told) and reply.state is TreasuryState.PAID
    heard = treasury.heard[0]
    assert (heard.method, heard.path) == ("POST", "/payments")
    assert heard.headers["idempotency-key"] == heard.body["key"] == "pay-1"
    assert heard.headers["authorization"] == f"Bearer {SECRET}"
    assert heard.body == {
        "key": "pay-1", "amount_fen": 100, "payer_id": "o", "payer_name": "演示局",
        "voucher_number": "拨1", "fiscal_year": 2026, "dated_on": "2026-03-02",
        "admission_number": "演准〔2026〕1号", "lines": [],
    }  # fmt: skip


def test_asked_again_it_is_word_for_word_the_same_and_paid_once(
    treasury: Treasury, line: HttpTreasury
) -> None:
    for _ in range(3):
        line.pay(PAYMENT)
    assert len({str(h.body) for h in treasury.heard}) == 1
    assert treasury.left() == 100


def test_what_it_never_heard_of_is_said_to_be_absent(line: HttpTreasury) -> None:
    assert isinstance(line.ask(PAYMENT), Absent)


def test_what_is_called_back_before_it_came_is_never_paid(
    treasury: Treasury, line: HttpTreasury
) -> None:
    reply = line.call_back(PAYMENT)
    assert isinstance(reply, Told) and reply.state is TreasuryState.CANCELLED
    late = line.pay(PAYMENT)
    assert isinstance(late, Told) and late.state is TreasuryState.CANCELLED
    assert treasury.left() == 0


@pytest.mark.parametrize(
    "way",
    ["late", "500", "503", "429", "cut", "garbage", "not_json", "long", "html", "redirect",
     "unauthorised", "extra_field", "amount_as_text", "amount_as_float", "before:500",
     "before:cut", "before:late"],
)  # fmt: skip
def test_what_is_no_answer_leaves_the_outcome_unknown(
    treasury: Treasury, line: HttpTreasury, way: str
) -> None:
    treasury.plan = [way]
    reply = line.pay(PAYMENT)
    assert isinstance(reply, Unknown)
    assert reply.down is (way.removeprefix("before:") in ("late", "500", "503", "cut"))
    assert reply.after_seconds == {"429": 120, "503": 30}.get(way)
    # Asked after, the books say what became of it: nothing is guessed from the failure.
    asked = line.ask(PAYMENT)
    assert isinstance(asked, Absent if way.startswith("before:") else Told)
    line.pay(PAYMENT)
    assert treasury.left() == 100


@pytest.mark.parametrize("way", sorted(set(WRONG) - {"twice", "other_key", "other_amount",
                                                     "no_reference", "404"}))  # fmt: skip
def test_whatever_comes_is_a_reply_that_can_be_kept(
    treasury: Treasury, line: HttpTreasury, way: str
) -> None:
    treasury.plan = [way]
    reply = line.pay(PAYMENT)
    assert isinstance(reply, Unknown)
    assert reply.said.isprintable() and len(reply.said) < 300


def test_an_answer_sent_twice_counts_once_and_spoils_no_later_one(
    treasury: Treasury, line: HttpTreasury
) -> None:
    treasury.plan = ["twice"]
    for _ in range(3):
        reply = line.pay(PAYMENT)
        assert not isinstance(reply, Told) or reply.state is TreasuryState.PAID
    assert treasury.left() == 100


def test_nobody_at_the_other_end_is_a_line_that_is_down() -> None:
    gone = Line(url="http://127.0.0.1:9", bearer=SECRET, connect=0.3, read=0.3)
    with closing(HttpTreasury("t", gone)) as line:
        reply = line.ask(PAYMENT)
    assert isinstance(reply, Unknown) and reply.down


@pytest.mark.parametrize("way", ["html", "garbage", "unauthorised", "500", "cut", "extra_field"])
def test_the_bearer_stands_in_no_message(
    treasury: Treasury, line: HttpTreasury, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    treasury.plan = [way]
    reply = line.pay(PAYMENT)
    assert isinstance(reply, Unknown)
    assert SECRET not in reply.said + repr(line) + caplog.text


def test_the_null_gateway_says_that_nothing_was_sent() -> None:
    gateway = NullTreasury()
    for call in (gateway.pay, gateway.ask, gateway.call_back):
        reply = call(PAYMENT)
        assert isinstance(reply, Unknown) and "没有发送" in reply.said and not reply.down


# ---- TLS -----------------------------------------------------------------------------------------


def certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate that nobody on this machine vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "demo treasury")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = folder / "treasury.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = folder / "treasury.key"
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return context, pem


def paid(line: Line) -> Reply:
    """One call over a line of its own. The HTTP client leaves a socket whose handshake failed to
    the collector, which says so: it is heard here and nowhere later."""
    with closing(HttpTreasury("t", line)) as made:
        reply = made.pay(PAYMENT)
    gc.collect()
    return reply


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_treasury_that_nobody_vouches_for_is_sent_nothing(tmp_path: Path) -> None:
    context, pem = certified(tmp_path)
    with serving(context) as treasury:
        stranger = Line(url=treasury.url, bearer=SECRET, connect=1.0, read=1.0)
        reply = paid(stranger)
        assert isinstance(reply, Unknown) and reply.down
        assert treasury.heard == []
        assert isinstance(paid(msgspec.structs.replace(stranger, ca_file=pem)), Told)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_certificate_of_another_name_is_not_taken(tmp_path: Path) -> None:
    context, pem = certified(tmp_path)
    with serving(context) as treasury:
        other = treasury.url.replace("127.0.0.1", "localhost")
        line = Line(url=other, bearer=SECRET, ca_file=pem, connect=1.0, read=1.0)
        assert isinstance(paid(line), Unknown)
        assert treasury.heard == []
