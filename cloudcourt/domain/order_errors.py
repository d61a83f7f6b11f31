"""Refusals about order and floor: a code, a status, a sentence in two languages, and the rule they stand on."""

from typing import ClassVar

from cloudcourt.domain.error_codes import ErrorCode
from cloudcourt.domain.errors import CourtError, Language


class MicrophonesLocked(CourtError):
    """Nobody switches their own microphone on until the court unlocks them or gives them the word."""

    code = ErrorCode.MICROPHONES_LOCKED
    http_status = 409
    rule = "CCR 17"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "法庭已锁定麦克风。请举手，经审判长许可后发言。",
        "en": "The court has locked the microphones. Please raise your hand and wait to be given the word.",
    }


class NoHandRaised(CourtError):
    code = ErrorCode.NO_HAND_RAISED
    http_status = 409
    rule = "CCR 17"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "目前没有人举手。",
        "en": "Nobody's hand is raised.",
    }


class ConsentNeeded(CourtError):
    """Phases are merged by the parties' consent only."""

    code = ErrorCode.CONSENT_NEEDED
    http_status = 409
    rule = "ICP 13"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "合并庭审环节须经当事人同意。",
        "en": "Phases can be merged only with the parties' consent.",
    }


class NoSuchRequest(CourtError):
    code = ErrorCode.NO_SUCH_REQUEST
    http_status = 404
    rule = "SESSION"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "该申请已处理或已撤回。",
        "en": "That request has been answered or withdrawn already.",
    }


class SeatTaken(CourtError):
    """The person's seat is held by another device; the court, or that device, is asked for it."""

    code = ErrorCode.SEAT_TAKEN
    http_status = 409
    rule = "OLR 7"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "您已在另一台设备上出庭。已请求改用本设备，请等待书记员或原设备确认。",
        "en": "You are already in the hearing on another device. The clerk, or that device, was asked to let you move.",
    }


class NoTakeover(CourtError):
    code = ErrorCode.NO_TAKEOVER
    http_status = 409
    rule = "OLR 7"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "没有等待确认的换设备请求。",
        "en": "No other device is waiting for that seat.",
    }


class PresidingPresent(CourtError):
    code = ErrorCode.PRESIDING_PRESENT
    http_status = 409
    rule = "ROLES"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "审判长在庭，须由审判长移交主持。",
        "en": "The presiding judge is here; only they can hand over.",
    }


class ReasonNeeded(CourtError):
    """Sending someone out is reasoned: the reason stands in the log, and they are told it."""

    code = ErrorCode.REASON_NEEDED
    http_status = 409
    rule = "CCR 19"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "责令退出法庭须说明理由，理由记入庭审记录。",
        "en": "Removing someone needs a reason; it goes into the record.",
    }
