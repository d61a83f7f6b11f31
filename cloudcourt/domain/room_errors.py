"""Refusals that concern private rooms, linked and screened people, and how the court is arranged."""

from typing import ClassVar

from cloudcourt.domain.error_codes import ErrorCode
from cloudcourt.domain.errors import CourtError, Language


class LinkedPersonAway(CourtError):
    """Linked people move together; one of them can't. Fields: `participant_id`, who that is."""

    code = ErrorCode.LINKED_PERSON_AWAY
    http_status = 409
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "与其同行的人员（翻译或陪同）尚未就位，须一同进入。",
        "en": "Their interpreter or supporter is not ready yet; linked people move together.",
    }

    def __init__(self, participant_id: str) -> None:
        super().__init__(participant_id=participant_id)


class RoomIsLocked(CourtError):
    code = ErrorCode.ROOM_IS_LOCKED
    http_status = 409
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "会商室已锁门，请等候室内人员开门。",
        "en": "The room is locked. Please wait until someone inside unlocks it.",
    }


class Screened(CourtError):
    """These two must never meet. Who the other is, is not told."""

    code = ErrorCode.SCREENED
    http_status = 409
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "法庭已决定隔离相关人员，不能进入同一会商室。",
        "en": "The court keeps these people apart; they cannot be in one room.",
    }


class CounselMissing(CourtError):
    """A sidebar in which one side would be heard without the other. Fields: `side`."""

    code = ErrorCode.COUNSEL_MISSING
    http_status = 409
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "一方没有诉讼代理人在庭，不能进行庭边磋商。",
        "en": "One side has no representative in court, so there can be no sidebar.",
    }

    def __init__(self, side: str) -> None:
        super().__init__(side=side)


class TooManyPeople(CourtError):
    """A hearing holds twelve people at once, and twenty-four seats in all."""

    code = ErrorCode.TOO_MANY_PEOPLE
    http_status = 409
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "本庭人数已满，请先移除不再出庭的人员。",
        "en": "This hearing is full. Please remove someone who no longer takes part first.",
    }
