"""One assertion per private name that the media seam relies on; a new library version has to pass here first."""

import asyncio
import inspect
import re
from collections.abc import Callable
from importlib.metadata import version

import pytest
from aioice import ice
from aiortc import rtcdtlstransport, rtcicetransport
from pylibsrtp import Policy, Session, _binding

from media import link as media_link
from media import seam, switchboard
from media.engine.incoming import Incoming
from media.engine.outgoing import Outgoing
from media.options import MediaOptions
from media.switchboard import Switchboard

pytestmark = pytest.mark.contract

KEY = bytes(30)


def parameters(function: Callable[..., object]) -> list[str]:
    return list(inspect.signature(function).parameters)


@pytest.fixture
async def gatherer() -> rtcicetransport.RTCIceGatherer:
    return rtcicetransport.RTCIceGatherer(iceServers=[])


@pytest.fixture
async def dtls(gatherer: rtcicetransport.RTCIceGatherer) -> rtcdtlstransport.RTCDtlsTransport:
    certificate = rtcdtlstransport.RTCCertificate.generateCertificate()
    return rtcdtlstransport.RTCDtlsTransport(rtcicetransport.RTCIceTransport(gatherer), [certificate])


def test_exact_versions_are_installed() -> None:
    assert {name: version(name) for name in seam.EXACT_VERSIONS} == seam.EXACT_VERSIONS


def test_another_version_is_refused() -> None:
    with pytest.raises(RuntimeError, match="aioice"):
        seam.check_versions(lambda name: "0.14.0" if name == "aioice" else version(name))


async def test_dtls_srtp_sessions(dtls: rtcdtlstransport.RTCDtlsTransport) -> None:
    assert {"_rx_srtp", "_tx_srtp"} <= set(vars(dtls))
    source = inspect.getsource(rtcdtlstransport.RTCDtlsTransport._setup_srtp)
    assert "self._rx_srtp = Session(rx_policy)" in source
    assert "self._tx_srtp = Session(tx_policy)" in source


async def test_dtls_task_is_the_pump(dtls: rtcdtlstransport.RTCDtlsTransport) -> None:
    assert dtls._task is None
    assert "self._task = asyncio.ensure_future(self.__run())" in inspect.getsource(dtls.start)


async def test_dtls_set_role(dtls: rtcdtlstransport.RTCDtlsTransport) -> None:
    dtls._set_role("client")
    assert dtls._role == "client"


async def test_dtls_drops_application_data_that_nobody_receives(dtls: rtcdtlstransport.RTCDtlsTransport) -> None:
    """So SCTP, and its endless loop over a zero-length parameter, is out of reach."""
    assert dtls._data_receiver is None
    assert "elif data and self._data_receiver" in inspect.getsource(dtls._recv_next)


async def test_dtls_asks_its_transport_for_nothing_but_datagrams(dtls: rtcdtlstransport.RTCDtlsTransport) -> None:
    """So that a queue can stand where its ICE transport is expected."""
    source = inspect.getsource(rtcdtlstransport.RTCDtlsTransport)
    assert set(re.findall(r"self\.transport\.(\w+)", source)) == {"_recv", "_send", "role"}
    assert dtls._ssl is None
    assert "self._ssl.get_selected_srtp_profile()" in source


def test_host_addresses_leave_out_loopback() -> None:
    assert "127.0.0.1" not in ice.get_host_addresses(use_ipv4=True, use_ipv6=True)


def test_libsrtp_works_in_place_on_a_buffer_of_ours() -> None:
    ffi, lib = _binding.ffi, _binding.lib
    sending = Session(Policy(key=KEY, ssrc_type=Policy.SSRC_ANY_OUTBOUND))
    receiving = Session(Policy(key=KEY, ssrc_type=Policy.SSRC_ANY_INBOUND))
    packet = bytes([0x80, 96]) + bytes(10) + b"hello"
    buffer, length = ffi.new("char[]", 2048), ffi.new("int *", len(packet))
    view = memoryview(ffi.buffer(buffer))
    view[: len(packet)] = packet
    assert lib.srtp_protect(sending._srtp[0], buffer, length) == 0
    assert bytes(view[: length[0]]) != packet
    assert lib.srtp_unprotect(receiving._srtp[0], buffer, length) == 0
    assert bytes(view[: length[0]]) == packet
    assert lib.srtp_unprotect(receiving._srtp[0], buffer, length) != 0


def test_libsrtp_rtcp_works_in_place_too() -> None:
    ffi, lib = _binding.ffi, _binding.lib
    sending = Session(Policy(key=KEY, ssrc_type=Policy.SSRC_ANY_OUTBOUND))
    receiving = Session(Policy(key=KEY, ssrc_type=Policy.SSRC_ANY_INBOUND))
    report = bytes([0x80, 201, 0, 1]) + bytes(4)
    buffer, length = ffi.new("char[]", 2048), ffi.new("int *", len(report))
    view = memoryview(ffi.buffer(buffer))
    view[: len(report)] = report
    assert lib.srtp_protect_rtcp(sending._srtp[0], buffer, length) == 0
    assert lib.srtp_unprotect_rtcp(receiving._srtp[0], buffer, length) == 0
    assert bytes(view[: length[0]]) == report


@pytest.mark.parametrize("make", [seam.BorrowedDesk, seam.PublicDesk])
def test_both_desks_do_the_same(make: type[seam.BorrowedDesk] | type[seam.PublicDesk]) -> None:
    desk = make()
    sender = Session(Policy(key=KEY, ssrc_type=Policy.SSRC_ANY_OUTBOUND))
    sending = desk.key_of(sender)
    reference = Session(Policy(key=KEY, ssrc_type=Policy.SSRC_ANY_OUTBOUND))
    session = Session(Policy(key=KEY, ssrc_type=Policy.SSRC_ANY_INBOUND))
    packet = bytes([0x80, 96]) + bytes(10) + b"hello"
    desk.sent_view[: len(packet)] = packet
    desk.length[0] = len(packet)
    assert desk.protect(sending, desk.sent, desk.length) == 0
    datagram = bytes(desk.sent_view[: desk.length[0]])
    assert datagram == reference.protect(packet)
    desk.received_view[: len(datagram)] = datagram
    desk.length[0] = len(datagram)
    assert desk.unprotect(desk.key_of(session), desk.received, desk.length) == 0
    assert bytes(desk.received_view[: desk.length[0]]) == packet
    assert desk.unprotect(desk.key_of(session), desk.received, desk.length) != 0


def test_without_the_binding_the_public_interface_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(_binding, "lib")
    assert isinstance(seam.make_desk(), seam.PublicDesk)


class Nobody:
    def link_connected(self) -> None: ...
    def link_lost(self, reason: str) -> None: ...
    def path_moved(self) -> None: ...
    def stream_appeared(self, packet: bytes, arrived_ns: int) -> None: ...
    def stream_restarted(self, stream: Incoming) -> None: ...
    def packets_missing(self, stream: Incoming) -> None: ...
    def route_begun(self, route: Outgoing) -> None: ...
    def rtcp_arrived(self, compound: bytes, arrived_ns: int) -> None: ...


async def test_a_link_closed_before_it_began_leaves_nothing() -> None:
    board = Switchboard(MediaOptions(tcp=False))
    await board.open()
    before = asyncio.all_tasks()
    link = board.make(Nobody(), "nobody")
    face = link.start(media_link.RemoteFace("abcd", "a" * 22, (("sha-256", "00"),), we_start_dtls=True))
    assert any(c.host == "127.0.0.1" for c in face.candidates)
    await link.close()
    await link.close()
    assert asyncio.all_tasks() == before
    await board.close()


async def test_the_announced_address_comes_first_on_our_own_port() -> None:
    board = Switchboard(MediaOptions(announce_address="203.0.113.7"))
    await board.open()
    first, second, *others = board.candidates()
    own = next(c for c in others if c.transport == "udp")
    assert (first.host, first.port, first.transport) == ("203.0.113.7", own.port, "udp")
    assert (second.host, second.port, second.transport) == ("203.0.113.7", own.port, "tcp")
    assert {c.port for c in others} == {own.port}, "one port number on every address"
    await board.close()


async def test_a_taken_port_is_said_and_another_one_used(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Switchboard(MediaOptions(tcp=False))
    await first.open()
    taken = first.candidates()[0].port
    monkeypatch.setattr(switchboard, "PORT_PATIENCE_S", 0.2)
    second = Switchboard(MediaOptions(port=taken, tcp=False))
    await second.open()
    assert second.candidates()[0].port != taken
    assert f"instead of {taken}" in second.ports
    await first.close()
    await second.close()
