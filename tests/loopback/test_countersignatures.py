"""A sealed record confirmed by the court and signed by people on their own devices; and what a verifier makes of it."""

import asyncio
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cloudcourt.domain.countersignature import SignatureAsk, countersigned_message
from cloudcourt.domain.evidence import canonical
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.record_errors import AlreadySigned, RecordNotSealed, SignatureNotValid
from media.record.countersignatures import CountersignatureBook
from media.record.court_key import CourtKey
from media.record.export import export
from media.record.verify import FileState, verify_folder
from media.verifier.countersignatures import COUNTERSIGNATURES
from tests.bed.recordings import WallClock
from tests.bed.rtp_source import RtpSource
from tests.bed.small_court import SmallCourt, small_court
from tests.meta.test_static import run_node

pytestmark = pytest.mark.loopback


def now(shift: timedelta = timedelta(0)) -> str:
    return (datetime.now(UTC) + shift).strftime("%Y-%m-%dT%H:%M:%S.123Z")


def by_ed25519(hearing: HearingId, person: ParticipantId, seal: str, at: str | None = None) -> SignatureAsk:
    key, at = Ed25519PrivateKey.generate(), at or now()
    signature = key.sign(countersigned_message(hearing, person, seal, at)).hex()
    public = key.public_key().public_bytes_raw().hex()
    return SignatureAsk(algorithm="Ed25519", public_key=public, signature=signature, signed_at=at)


def by_p256(hearing: HearingId, person: ParticipantId, seal: str) -> SignatureAsk:
    key, at = generate_private_key(SECP256R1()), now()
    r, s = decode_dss_signature(key.sign(countersigned_message(hearing, person, seal, at), ECDSA(SHA256())))
    public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()
    signature = (r.to_bytes(32, "big") + s.to_bytes(32, "big")).hex()
    return SignatureAsk(algorithm="ES256", public_key=public, signature=signature, signed_at=at)


class Signed:
    """An exported record with a confirmation, a refusal, and two signatures; and the court that it came from."""

    folder: Path
    book: CountersignatureBook
    hearing: HearingId
    names: dict[str, str]
    court_key: CourtKey


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    return asyncio.run(_held(tmp_path_factory.mktemp("signed")))


async def _held(path: Path) -> Signed:
    (path / "court").mkdir()
    async with small_court(path / "court") as court:
        signed = Signed()
        signed.book = CountersignatureBook(court.data_dir, WallClock(), court.court_key)
        signed.hearing, signed.court_key = court.hearing_id, court.court_key
        await court.enters(court.judge, court.clerk, court.plaintiff)
        await court.opens()
        await court.speaks([RtpSource(court.judge)], 1)
        await _refuses_before_the_seal(signed.book, court)
        await court.closes()
        await _signs(signed.book, court)
        signed.folder = path / "record"
        await asyncio.to_thread(export, court.folder, signed.folder)
        hearing = await court.registry.hearing(court.hearing_id)
        signed.names = {person.id: f"{person.role} {person.name}" for person in hearing.seating}
        return signed


async def _refuses_before_the_seal(book: CountersignatureBook, court: SmallCourt) -> None:
    assert await book.seal(court.hearing_id) is None
    with pytest.raises(RecordNotSealed):
        await book.confirm(court.hearing_id, court.judge)


async def _signs(book: CountersignatureBook, court: SmallCourt) -> None:
    hearing, plaintiff = court.hearing_id, court.plaintiff
    others = [p.id for p in (await court.registry.hearing(hearing)).seating if p.id not in (court.judge, court.clerk)]
    defendant = next(person for person in others if person != plaintiff)
    kept = await book.confirm(hearing, court.judge)
    assert (await book.confirm(hearing, court.judge)).entries == kept.entries
    await book.note_refusal(hearing, plaintiff, court.clerk, "需先核对")
    value = kept.check_value
    for wrong in (
        by_ed25519(hearing, plaintiff, "0" * 64),
        by_ed25519(hearing, defendant, value),
        by_ed25519(hearing, plaintiff, value, now(timedelta(hours=-1))),
        by_p256(hearing, plaintiff, value).model_copy(update={"signed_at": now(timedelta(seconds=1))}),
    ):
        with pytest.raises(SignatureNotValid):
            await book.sign(hearing, plaintiff, wrong)
    await book.sign(hearing, plaintiff, by_ed25519(hearing, plaintiff, value))
    await asyncio.to_thread(tears, court.folder / COUNTERSIGNATURES)
    kept = await book.sign(hearing, defendant, by_p256(hearing, defendant, value))
    assert [entry.kind for entry in kept.entries] == ["confirmed", "refused", "signed", "signed"]
    assert await book.seal(hearing) == kept
    with pytest.raises(AlreadySigned):
        await book.sign(hearing, plaintiff, by_ed25519(hearing, plaintiff, value))
    with pytest.raises(AlreadySigned):
        await book.note_refusal(hearing, plaintiff, court.clerk, "?")


def tears(path: Path) -> None:
    """As a crash leaves a line that was being written."""
    path.write_bytes(path.read_bytes() + b'{"court_signature":"torn')


def said(folder: Path) -> dict[str, tuple[FileState, str]]:
    findings = verify_folder(folder).files
    return {f.file: (f.state, f.detail) for f in findings if f.file.startswith("countersignature")}


def test_the_verifier_names_who_confirmed_refused_and_signed(record: Signed) -> None:
    assert verify_folder(record.folder).exit_code == 0
    told = said(record.folder)
    assert [state for state, _ in told.values()] == [FileState.OK] * 4
    details = [detail for _, detail in told.values()]
    assert details[0].startswith("the seal was confirmed by judge ")
    assert "did not sign, noted by clerk " in details[1] and details[1].endswith("需先核对")
    for detail in details[2:]:
        assert detail.startswith("signed by ") and detail.endswith(": valid")
        assert any(name in detail for name in record.names.values())
    only_python = subprocess.run(
        [sys.executable, "-I", str(record.folder / "verify.py"), str(record.folder)], capture_output=True, text=True
    )
    assert only_python.returncode == 0
    assert all(detail in only_python.stdout for detail in details)


def entries(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / COUNTERSIGNATURES).read_bytes().splitlines()]


def written(folder: Path, told: list[dict[str, Any]]) -> None:
    (folder / COUNTERSIGNATURES).write_bytes(b"".join(canonical(entry) + b"\n" for entry in told))


def flips_a_signature(folder: Path, sign: Callable[[bytes], str]) -> str:
    told = entries(folder)
    signature = told[2]["entry"]["signature"]
    told[2]["entry"]["signature"] = f"{int(signature[:2], 16) ^ 1:02x}{signature[2:]}"
    told[2]["court_signature"] = sign(canonical(told[2]["entry"]))
    written(folder, told)
    return "countersignature 3"


def changes_who_signed(folder: Path, sign: Callable[[bytes], str]) -> str:
    told = entries(folder)
    told[3]["entry"]["participant"] = told[2]["entry"]["participant"]
    written(folder, told)
    return "countersignature 4"


def drops_the_refusal(folder: Path, sign: Callable[[bytes], str]) -> str:
    told = entries(folder)
    written(folder, [told[0], *told[2:]])
    return "countersignature 2"


def comes_from_another_hearing(folder: Path, sign: Callable[[bytes], str]) -> str:
    told = entries(folder)
    told[0]["entry"]["hearing"] = "h_other"
    told[0]["court_signature"] = sign(canonical(told[0]["entry"]))
    written(folder, told)
    return "countersignature 1"


def cuts_the_last_line(folder: Path, sign: Callable[[bytes], str]) -> str:
    path = folder / COUNTERSIGNATURES
    path.write_bytes(path.read_bytes()[:-3])
    return COUNTERSIGNATURES


TAMPERINGS = (
    flips_a_signature,
    changes_who_signed,
    drops_the_refusal,
    comes_from_another_hearing,
    cuts_the_last_line,
)


def test_what_was_tampered_with_is_named_by_both_verifiers(record: Signed, tmp_path: Path) -> None:
    for tamper in TAMPERINGS:
        folder = tmp_path / tamper.__name__
        shutil.copytree(record.folder, folder)
        item = tamper(folder, record.court_key.sign)
        assert verify_folder(folder).exit_code == 1
        bad = [file for file, (state, _) in said(folder).items() if state is not FileState.OK]
        assert bad[0] == item, tamper.__name__
        bundle = tmp_path / f"{tamper.__name__}.zip"
        with zipfile.ZipFile(bundle, "w") as target:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    target.write(path, path.relative_to(folder).as_posix())
        page = json.loads(run_node("judge.mjs", str(bundle)))
        assert page["exit"] == 1
        assert [finding["item"] for finding in page["bad"]] == bad, tamper.__name__
