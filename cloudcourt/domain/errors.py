"""What a person must be told: a code, an HTTP status, fields, and a sentence in two languages.

The wire form is `{"error": {"code", "message", "fields", "incident_id"}}`, over HTTP and in Socket.IO acknowledgements.
Anything but a `CourtError` is a bug: the boundary logs it once with an incident id, and the client learns only the id.
"""

from typing import ClassVar

from cloudcourt.domain.error_codes import ErrorCode
from cloudcourt.domain.rules import PERSON_NAMES, SESSION_NAMES, WANTING, RuleId, named, with_rule
from cloudcourt.domain.rules import Language as Language


class CourtError(Exception):
    """Someone must be told. Subclasses carry a code, a status and one sentence per language.

    Sentences are `str.format` templates over the constructor's fields. `rule`, on which it stands, is told too.
    """

    code: ClassVar[ErrorCode]
    http_status: ClassVar[int]
    rule: RuleId | None = None
    sentences: ClassVar[dict[Language, str]]

    def __init__(self, **fields: str | float | bool) -> None:
        super().__init__()
        self.fields = fields

    def sentence(self, language: Language) -> str:
        """The message for a person, in their language."""
        return with_rule(self.sentences[language].format(**self.told(language)), self.rule, language)

    def told(self, language: Language) -> dict[str, str | float | bool]:
        """The fields as the sentence reads them."""
        return self.fields

    def __str__(self) -> str:
        return self.sentence("en")


class InvalidInput(CourtError):
    """A payload doesn't fit its schema. `where` names the field."""

    code = ErrorCode.INVALID_INPUT
    http_status = 400
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "填写内容有误：{where}（{why}）。",
        "en": "Please check {where}: {why}.",
    }

    def __init__(self, where: str, why: str) -> None:
        super().__init__(where=where, why=why)


class TooLarge(CourtError):
    code = ErrorCode.TOO_LARGE
    http_status = 413
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "内容过大，最多 {limit_bytes} 字节。",
        "en": "That is too large; the limit is {limit_bytes} bytes.",
    }


class NotSignedIn(CourtError):
    code = ErrorCode.NOT_SIGNED_IN
    http_status = 401
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "请先登录。",
        "en": "Please sign in first.",
    }


class WrongCredentials(CourtError):
    code = ErrorCode.WRONG_CREDENTIALS
    http_status = 401
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "用户名或密码不正确。",
        "en": "The user name or the password is not right.",
    }


class LinkNotValid(CourtError):
    """The link is unknown, expired or revoked; which of these is not told."""

    code = ErrorCode.LINK_NOT_VALID
    http_status = 404
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "此链接无效或已过期，请联系书记员获取新链接。",
        "en": "This link is not valid any more. Please ask the clerk for a new one.",
    }


class NotAllowed(CourtError):
    code = ErrorCode.NOT_ALLOWED
    http_status = 403
    rule = "ROLES"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "您的身份不能进行此操作。",
        "en": "Your role in this hearing does not permit that.",
    }


class NotFound(CourtError):
    code = ErrorCode.NOT_FOUND
    http_status = 404
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "没有找到所请求的内容。",
        "en": "There is nothing here by that name.",
    }


class ForeignOrigin(CourtError):
    code = ErrorCode.FOREIGN_ORIGIN
    http_status = 403
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "请求来自其他网站，已拒绝。",
        "en": "The request came from another site and was refused.",
    }


class WrongState(CourtError):
    """The session machine has no such move. Fields: `now`, `wanted`."""

    code = ErrorCode.WRONG_STATE
    http_status = 409
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "庭审当前状态为 {now}，不能变为 {wanted}。",
        "en": "A hearing that is {now} cannot become {wanted}.",
    }

    def __init__(self, now: str, wanted: str) -> None:
        super().__init__(now=now, wanted=wanted)
        self.rule = WANTING.get(wanted, "SESSION")

    def told(self, language: Language) -> dict[str, str | float | bool]:
        return {name: named(str(state), SESSION_NAMES, language) for name, state in self.fields.items()}


class WrongParticipantState(CourtError):
    """The participant machine has no such move. Fields: `participant_id`, `now`, `wanted`."""

    code = ErrorCode.WRONG_PARTICIPANT_STATE
    http_status = 409
    rule = "SESSION"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "该人员当前状态为 {now}，不能变为 {wanted}。",
        "en": "A person who is {now} cannot become {wanted}.",
    }

    def __init__(self, participant_id: str, now: str, wanted: str) -> None:
        super().__init__(participant_id=participant_id, now=now, wanted=wanted)

    def told(self, language: Language) -> dict[str, str | float | bool]:
        return {name: named(str(value), PERSON_NAMES, language) for name, value in self.fields.items()}


class JudgeAbsent(CourtError):
    code = ErrorCode.JUDGE_ABSENT
    http_status = 409
    rule = "REC 1"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "审判人员尚未到庭，不能开庭。",
        "en": "The hearing cannot start while no judge is in court.",
    }


class RecorderNotReady(CourtError):
    """The recorder can't prove that it writes. Fields: `reason`, a stable word such as `disk_full`."""

    code = ErrorCode.RECORDER_NOT_READY
    http_status = 409
    rule = "REC 1"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "录音录像未就绪，不能开庭（{reason}）。",
        "en": "The recorder is not ready, so the hearing cannot open ({reason}).",
    }

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class MutedByCourt(CourtError):
    code = ErrorCode.MUTED_BY_COURT
    http_status = 409
    rule = "CCR 17"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "法庭已将您静音，需由审判人员或书记员解除。",
        "en": "The court has muted you; only the judge or the clerk can lift it.",
    }


class NoOpenCountdown(CourtError):
    code = ErrorCode.NO_OPEN_COUNTDOWN
    http_status = 409
    rule = "SESSION"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "当前没有正在进行的倒计时。",
        "en": "There is no countdown to act on.",
    }


class NoSuchPerson(CourtError):
    code = ErrorCode.NO_SUCH_PERSON
    http_status = 404
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "本次庭审中没有此人员。",
        "en": "There is no such person in this hearing.",
    }


class SequenceConflict(CourtError):
    """Someone else wrote to this hearing's log first. Fields: `expected_seq`, `actual_seq`."""

    code = ErrorCode.SEQUENCE_CONFLICT
    http_status = 409
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "庭审记录已被更新，请重试。",
        "en": "The hearing moved on meanwhile; please try again.",
    }

    def __init__(self, expected_seq: int, actual_seq: int) -> None:
        super().__init__(expected_seq=expected_seq, actual_seq=actual_seq)


class TooFast(CourtError):
    code = ErrorCode.TOO_FAST
    http_status = 429
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "操作过于频繁，请稍候。",
        "en": "That is too fast; please wait a moment.",
    }


class NotAttached(CourtError):
    code = ErrorCode.NOT_ATTACHED
    http_status = 409
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "连接尚未就绪，请刷新页面。",
        "en": "This connection has not joined the hearing yet; please reload the page.",
    }


class MediaRefused(CourtError):
    """A session description we don't accept. Fields: `reason`, a stable word such as `data_channel`."""

    code = ErrorCode.MEDIA_REFUSED
    http_status = 400
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "浏览器的音视频参数不被接受（{reason}）。",
        "en": "The browser's media description was refused ({reason}).",
    }

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class MediaUnavailable(CourtError):
    code = ErrorCode.MEDIA_UNAVAILABLE
    http_status = 503
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "音视频服务暂不可用，请稍后重试。",
        "en": "Live media is not available right now; please try again.",
    }


class CourtFull(CourtError):
    """One more hearing would overload the media workers. `open_hearings` of at most `limit` are open."""

    code = ErrorCode.COURT_FULL
    http_status = 503
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "法庭服务器已满：正在进行 {open_hearings} 场庭审（上限 {limit}）。请稍候，有庭审结束后即可进入。",
        "en": "The court's server is full: {open_hearings} hearings are open (of {limit}). Please wait until one ends.",
    }

    def __init__(self, open_hearings: int, limit: int) -> None:
        super().__init__(open_hearings=open_hearings, limit=limit)


class RangeNotSatisfiable(CourtError):
    code = ErrorCode.RANGE_NOT_SATISFIABLE
    http_status = 416
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "请求的片段超出文件范围。",
        "en": "The file has no such range.",
    }


class AlreadyExists(CourtError):
    """Fields: `what`."""

    code = ErrorCode.ALREADY_EXISTS
    http_status = 409
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "已存在：{what}。",
        "en": "{what} exists already.",
    }

    def __init__(self, what: str) -> None:
        super().__init__(what=what)


class NotPublic(CourtError):
    """The case, or this part of its hearing, is not for the public."""

    code = ErrorCode.NOT_PUBLIC
    http_status = 409
    rule = "CPL 137"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "本案或当前环节不公开审理，不能开放旁听。",
        "en": "This case, or this part of it, is not heard in public: the gallery can't be opened.",
    }


class GalleryFull(CourtError):
    code = ErrorCode.GALLERY_FULL
    http_status = 503
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "旁听席已满（共 {seats} 席）。有人离开后即可入席，请稍后再试。",
        "en": "All {seats} places in the gallery are taken. Please try again when someone has left.",
    }


class CheckInIncomplete(CourtError):
    """The person may not come into court yet. Fields: `participant_id`, `lacks` (a `Lack`)."""

    code = ErrorCode.CHECK_IN_INCOMPLETE
    http_status = 409
    rule = "OLR 7"
    sentences: ClassVar[dict[Language, str]] = {
        "zh-CN": "此人尚未完成庭前签到（{lacks}），不能入庭。",
        "en": "This person has not finished checking in ({lacks}) and cannot come into court.",
    }

    def __init__(self, participant_id: str, lacks: str) -> None:
        super().__init__(participant_id=participant_id, lacks=lacks)

    def told(self, language: Language) -> dict[str, str | float | bool]:
        names = {
            "identity": ("尚未核验身份", "identity not verified"),
            "declaration": ("尚未签署法庭纪律", "rules of court not signed"),
            "parked": ("正在驾驶", "driving"),
        }
        return {"lacks": named(str(self.fields["lacks"]), names, language)}
