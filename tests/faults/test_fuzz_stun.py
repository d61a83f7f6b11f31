"""Hostile connectivity checks: a corpus of odd ones, and tens of thousands made from good ones by chance.

Every input that once did harm belongs in `tests/corpus/stun/`.
"""

import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from media.ice import stun
from media.ice.lite import Credentials, IceLite, Outcome
from tests.bed.ice_checks import binding_check

pytestmark = pytest.mark.faults

CORPUS = sorted((Path(__file__).parents[1] / "corpus" / "stun").glob("*.bin"))
CREDENTIALS = Credentials("OursOursOurs", "a password that is not told to any stranger")
"""Some of the corpus is signed with these, so that only what is odd about it can be the reason to refuse it."""
REMOTE = "Brow"
BROWSER = ("192.0.2.1", 1)
STRANGER = ("192.0.2.2", 2)
INPUTS = 20_000

Agent = IceLite[str, stun.Address]


def lone_agent() -> Agent:
    """One session with known credentials, so that a seed always makes the same datagrams."""
    agent: Agent = IceLite(make_credentials=lambda: CREDENTIALS)
    agent.add("judge")
    agent.expect("judge", REMOTE)
    return agent


def good_check(transaction_id: bytes = bytes(12)) -> bytes:
    username = f"{CREDENTIALS.ufrag}:{REMOTE}"
    return binding_check(username, CREDENTIALS.password, nominates=True, transaction_id=transaction_id)


def sealed(message: bytes) -> bytes:
    """With a right length and FINGERPRINT, which need no password: such a message gets past the first checks."""
    message = message[:2] + struct.pack("!H", (len(message) - 12) & 0xFFFF) + message[4:]
    return message + struct.pack("!HHI", stun.FINGERPRINT, 4, zlib.crc32(message) ^ 0x5354554E)


def mutants(seed: int, count: int) -> Iterator[bytes]:
    """Good checks of which bits, bytes, lengths and whole pieces were changed; each second one sealed anew."""
    dice = random.Random(seed)
    for number in range(count):
        message = bytearray(good_check(dice.randbytes(12)))
        if number % 2:
            del message[-8:]
        for _ in range(dice.randint(1, 4)):
            _change(message, dice)
        yield sealed(bytes(message)) if number % 2 else bytes(message)


def _change(message: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(message) + 1)
    match dice.randrange(6):
        case 0 if at < len(message):
            message[at] ^= 1 << dice.randrange(8)
        case 1:
            message[at : at + 2] = dice.choice((b"\0\0", b"\xff\xff", b"\0\1", b"\x7f\xff", b"\x80\x28", b"\0\x08"))
        case 2:
            del message[at : at + dice.randint(1, 12)]
        case 3:
            message[at:at] = dice.randbytes(dice.choice((1, 2, 4, 8, 600)))
        case 4:
            message[at:at] = message[: dice.randrange(len(message) + 1)]
        case _:
            del message[at:]


def test_the_corpus_is_there() -> None:
    assert {path.name[:2] for path in CORPUS} == {"54", "55", "56", "57", "58"}


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_hostile_check_opens_nothing_and_harms_nobody(path: Path) -> None:
    agent = lone_agent()
    assert agent.check(BROWSER, BROWSER, good_check(), 0).is_selected
    for source in (STRANGER, BROWSER):
        outcome = agent.check(source, source, path.read_bytes(), 0)
        assert outcome[1:] == (None, False, False, None)
        assert outcome.reply is None or outcome.reply[:2] == b"\x01\x11"
    assert agent.session_of(STRANGER) is None
    assert agent.selected("judge") == BROWSER
    assert agent.check(BROWSER, BROWSER, good_check(), 0).session == "judge"


@pytest.mark.parametrize("path", [path for path in CORPUS if path.name < "58"], ids=lambda path: path.stem)
def test_what_is_malformed_is_not_even_answered(path: Path) -> None:
    with pytest.raises(ValueError):
        stun.read_request(path.read_bytes())
    assert lone_agent().check(STRANGER, STRANGER, path.read_bytes(), 0) == Outcome()


def test_fuzzed_checks_raise_nothing_but_value_errors() -> None:
    read = 0
    for mutant in mutants(seed=54, count=INPUTS):
        try:
            stun.read_request(mutant)
        except ValueError:
            continue
        read += 1
    # Enough of them get through the door to try the rooms behind it.
    assert INPUTS / 50 < read < INPUTS


def test_no_fuzzed_check_binds_a_stranger() -> None:
    agent = lone_agent()
    agent.check(BROWSER, BROWSER, good_check(), 0)
    forged = 0
    for number, mutant in enumerate(mutants(seed=58, count=INPUTS)):
        if is_still_signed(mutant):
            continue
        forged += 1
        outcome = agent.check(STRANGER, STRANGER, mutant, number * 1_000_000)
        assert outcome[1:] == (None, False, False, None), mutant.hex()
    assert forged > INPUTS * 0.9
    assert (agent.session_of(STRANGER), agent.selected("judge")) == (None, BROWSER)
    counts = agent.counts.snapshot()
    assert counts["malformed"] and counts["unsigned"] and counts["unauthenticated"] and counts["unanswered"]


def is_still_signed(mutant: bytes) -> bool:
    """Whether the change fell behind what the signature covers, or took itself back."""
    signed = good_check(mutant[8:20])[8:-8]
    return mutant[:2] == b"\x00\x01" and mutant[8 : 8 + len(signed)] == signed
