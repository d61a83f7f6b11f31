"""Refusals about exhibits."""

from typing import ClassVar

from cloudcourt.domain.error_codes import ErrorCode
from cloudcourt.domain.errors import CourtError, Language


class NoSuchExhibit(CourtError):
    code = ErrorCode.NO_SUCH_EXHIBIT
    http_status = 404
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "没有这份证据或这一页。",
        "en": "There is no such exhibit, or no such page.",
    }


class UnknownFileKind(CourtError):
    """What was handed in is neither a PDF nor a picture, a sound or a film that can be opened."""

    code = ErrorCode.UNKNOWN_FILE_KIND
    http_status = 415
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "文件无法打开或格式不受支持。请提交 PDF、图片（JPEG、PNG、WebP）、录音或录像。",
        "en": "This file can't be opened, or its format isn't accepted. Hand in a PDF, a picture, a sound or a film.",
    }


class TooManyPages(CourtError):
    code = ErrorCode.TOO_MANY_PAGES
    http_status = 413
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "文件超过 {limit} 页，请分成几份提交。",
        "en": "The file has more than {limit} pages. Please hand it in as several.",
    }

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)


class TooManyExhibits(CourtError):
    code = ErrorCode.TOO_MANY_EXHIBITS
    http_status = 409
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "您在本案提交的文件数量已达上限，请联系书记员。",
        "en": "You have handed in as many files as one person may. Please ask the clerk.",
    }


class NoRoomForFiles(CourtError):
    """The rest of the disk is kept for the recording."""

    code = ErrorCode.NO_ROOM_FOR_FILES
    http_status = 507
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "法庭的存储空间不足，暂不能接收文件，请联系书记员。",
        "en": "The court has no room for more files now. Please ask the clerk.",
    }


class ExchangeOver(CourtError):
    """What was handed in can still be read and argued about; nothing is added but by the court."""

    code = ErrorCode.EXCHANGE_OVER
    http_status = 409
    rule = "OLR 14"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "证据交换期限已过，证据只能查看。如需补充，请向法庭申请。",
        "en": "The time for exchanging exhibits is over: they can only be read now. To add one, ask the court.",
    }


class ScreenTaken(CourtError):
    """One screen at a time stands before the court."""

    code = ErrorCode.SCREEN_TAKEN
    http_status = 409
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "已有人在共享屏幕，请等其结束。",
        "en": "Somebody else is sharing their screen. Please wait until they have ended.",
    }


class OpinionNeedsReason(CourtError):
    """An objection is reasoned."""

    code = ErrorCode.OPINION_NEEDS_REASON
    http_status = 409
    rule = "OLR 12"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "提出异议须说明理由。",
        "en": "An objection needs a reason.",
    }
