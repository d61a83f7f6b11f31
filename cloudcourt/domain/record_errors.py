"""What a person must be told about the record, its faults and its seal."""

from typing import ClassVar

from cloudcourt.domain.error_codes import ErrorCode
from cloudcourt.domain.errors import CourtError, Language


class FaultNotStated(CourtError):
    """A hearing whose record broke off can't end before the judge has said why (REC 4). Fields: `faults`, how many."""

    code = ErrorCode.FAULT_NOT_STATED
    http_status = 409
    rule = "REC 4"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "录音录像曾因故障中断 {faults} 次，尚无审判人员的书面说明，说明后方可结束庭审。",
        "en": "The recording broke off {faults} times. The judge must state why before the hearing can end.",
    }

    def __init__(self, faults: int) -> None:
        super().__init__(faults=faults)


class RecordNotSealed(CourtError):
    code = ErrorCode.RECORD_NOT_SEALED
    http_status = 409
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "录音录像尚未封存，请稍候。",
        "en": "The record is not sealed yet; please wait a moment.",
    }


class AlreadySigned(CourtError):
    code = ErrorCode.ALREADY_SIGNED
    http_status = 409
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "该人员已签署完整性校验值。",
        "en": "This person has signed the integrity check value already.",
    }


class SignatureNotValid(CourtError):
    """The signature is not by that key over this record's seal, this person and this time."""

    code = ErrorCode.SIGNATURE_NOT_VALID
    http_status = 400
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "签名未通过验证，请重新签署。",
        "en": "The signature does not hold; please sign again.",
    }


class RecordWithheld(CourtError):
    """A part of it is sealed: the whole may not be shown, and a copy without that part isn't there (yet)."""

    code = ErrorCode.RECORD_WITHHELD
    http_status = 403
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "部分内容已依令封存。隐去封存内容的副本正在制作，请稍后再试。",
        "en": "Part of this is sealed by order. A copy without that part is being made; please try again later.",
    }


class WholeWithheld(CourtError):
    """What can't be given without its sealed parts: the bundle, and a film that is marked for its recipient."""

    code = ErrorCode.RECORD_WITHHELD
    http_status = 403
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "部分内容已依令封存，此项只能由有权查阅封存内容的人员下载。",
        "en": "Part of this is sealed by order; only those who may see what is sealed can take this away.",
    }


class OrderChangesNothing(CourtError):
    code = ErrorCode.ORDER_CHANGES_NOTHING
    http_status = 409
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "该命令所涉内容已是此状态，无须再次作出。",
        "en": "That is how it stands already; the order would change nothing.",
    }
