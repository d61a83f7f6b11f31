"""One assertion per private name that the media seam relies on; a new library version has to pass here first."""

import asyncio
import inspect
from collections.abc import Callable
from importlib.metadata import version

import pytest
from aioice import ice, stun
from aioice.candidate import Candidate, candidate_foundation, candidate_priority
from aiortc import rtcdtlstransport, rtcicetransport
from pylibsrtp import Policy, Session, _binding

from media import link as media_link
from media import seam
from media.guard import IngressCounts

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


async def test_gatherer_connection_is_what_the_ice_transport_uses(gatherer: rtcicetransport.RTCIceGatherer) -> None:
    other = ice.Connection(ice_controlling=False)
    gatherer._connection = other
    assert rtcicetransport.RTCIceTransport(gatherer)._connection is other


async def test_no_ice_servers_means_none(gatherer: rtcicetransport.RTCIceGatherer) -> None:
    assert gatherer._connection.stun_server is None
    assert gatherer._connection.turn_server is None


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


async def test_dtls_reads_from_the_ice_queue(dtls: rtcdtlstransport.RTCDtlsTransport) -> None:
    assert "self.transport._recv()" in inspect.getsource(dtls._recv_next)
    assert "self._recv = self._connection.recv" in inspect.getsource(rtcicetransport.RTCIceTransport.__init__)


def test_connection_get_component_candidates() -> None:
    assert parameters(ice.Connection.get_component_candidates) == ["self", "component", "addresses", "timeout"]
    assert "self.get_component_candidates(component=component, addresses=addresses)" in inspect.getsource(
        ice.Connection.gather_candidates
    )


def test_connection_check_incoming_comes_after_authentication() -> None:
    assert parameters(ice.Connection.check_incoming) == ["self", "message", "addr", "protocol"]
    source = inspect.getsource(ice.Connection.request_received)
    assert source.index("check_message_integrity") < source.index("self.check_incoming(")


def test_connection_check_complete_sets_the_nominated_pair() -> None:
    assert parameters(ice.Connection.check_complete) == ["self", "pair"]
    assert "self._nominated[pair.component] = pair" in inspect.getsource(ice.Connection.check_complete)


def test_connection_data_received() -> None:
    assert parameters(ice.Connection.data_received) == ["self", "data", "component"]
    assert "self.receiver.data_received(data" in inspect.getsource(ice.StunProtocol.datagram_received)


async def test_connection_queue_holds_datagram_and_component() -> None:
    connection = ice.Connection(ice_controlling=False)
    connection.data_received(b"x", 1)
    assert connection._queue.get_nowait() == (b"x", 1)


async def test_connection_protocols_are_closed_with_it() -> None:
    connection = ice.Connection(ice_controlling=False)
    assert connection._protocols == []
    assert "for protocol in self._protocols" in inspect.getsource(connection.close)


async def test_connection_get_event_after_close_is_none() -> None:
    """Which makes aiortc's monitor spin; the seam answers with ConnectionClosed instead."""
    connection = ice.Connection(ice_controlling=False)
    await connection.close()
    assert await connection.get_event() is None
    assert "isinstance(event, ConnectionClosed)" in inspect.getsource(rtcicetransport.RTCIceTransport._monitor)


async def test_connection_waits_for_checks_without_remote_candidates() -> None:
    """We name no end of candidates, so an agent that knows of none keeps listening."""
    connection = ice.Connection(ice_controlling=False)
    assert connection._check_periodic()
    assert connection._remote_candidates_expected()


async def test_stun_protocol_surface() -> None:
    protocol = ice.StunProtocol(ice.Connection(ice_controlling=False))
    assert parameters(protocol.datagram_received) == ["data", "addr"]
    assert parameters(protocol.connection_made) == ["transport"]
    assert parameters(protocol.connection_lost) == ["exc"]
    assert "self.transport.close()" in inspect.getsource(protocol.close)
    assert "self.transport.sendto(" in inspect.getsource(protocol.send_stun)
    assert "self.transport.sendto(" in inspect.getsource(protocol.send_data)


def test_candidate_helpers() -> None:
    assert candidate_priority(1, "host", 65535) > candidate_priority(1, "host", 65534)
    assert candidate_foundation("host", "udp", "127.0.0.1")
    assert parameters(Candidate.__init__)[1:8] == [
        "foundation",
        "component",
        "transport",
        "priority",
        "host",
        "port",
        "type",
    ]


def test_host_addresses_leave_out_loopback() -> None:
    assert "127.0.0.1" not in ice.get_host_addresses(use_ipv4=True, use_ipv6=True)


def test_candidate_pair_remote_address() -> None:
    assert isinstance(inspect.getattr_static(ice.CandidatePair, "remote_addr"), property)


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


def test_stun_messages_begin_with_two_zero_bits() -> None:
    """By which the guard tells them from media and DTLS."""
    message = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.ERROR)
    assert bytes(message)[0] < 4


async def test_a_link_closed_before_it_began_leaves_nothing() -> None:
    """The spinning monitor of the closed connection would hang this test."""
    board = seam.Switchboard(announce_address=None, bind_loopback=True, counts=IngressCounts())

    class Nobody:
        def link_connected(self) -> None: ...
        def link_lost(self, reason: str) -> None: ...
        def rtp_arrived(self, packet: bytes, arrived_ns: int) -> None: ...
        def rtcp_arrived(self, compound: bytes, arrived_ns: int) -> None: ...

    before = asyncio.all_tasks()
    link = board.make(Nobody(), "nobody")
    face = await link.prepare()
    assert any(c.host == "127.0.0.1" for c in face.candidates)
    link.start(media_link.RemoteFace("abcd", "a" * 22, (("sha-256", "00"),), we_start_dtls=True))
    await link.close()
    await link.close()
    assert asyncio.all_tasks() == before


async def test_the_announced_address_comes_first_on_our_own_port() -> None:
    board = seam.Switchboard(announce_address="203.0.113.7", bind_loopback=True, counts=IngressCounts())
    own = (media_link.Candidate("f", 9, "10.0.0.1", 4000), media_link.Candidate("g", 8, "127.0.0.1", 4001))
    first, *others = board.announced(own)
    assert (first.host, first.port) == ("203.0.113.7", 4000)
    assert tuple(others) == own
