"""Connectivity checks as a browser sends them, written by another implementation than ours."""

from aioice import stun


def binding_check(
    username: str,
    password: str,
    *,
    nominates: bool = False,
    controlled: bool = False,
    transaction_id: bytes | None = None,
) -> bytes:
    """A signed Binding request with USERNAME `ours:theirs`, seen from the receiver."""
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, transaction_id)
    message.attributes["USERNAME"] = username
    message.attributes["PRIORITY"] = 1_853_824_767
    message.attributes["ICE-CONTROLLED" if controlled else "ICE-CONTROLLING"] = 0x1122334455667788
    if nominates:
        message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity(password.encode())
    return bytes(message)


def read_answer(reply: bytes | None) -> stun.Message:
    """The answer as the browser reads it."""
    assert reply is not None
    return stun.parse_message(reply)
