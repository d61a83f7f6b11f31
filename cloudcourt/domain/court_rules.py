"""The rules of court and the no-recording declaration that everyone signs, in both languages and by version.

Whoever changes a word gives the text a new version: what was signed is known by version and hash.
"""

import hashlib
from typing import Final

from cloudcourt.domain.errors import Language
from cloudcourt.domain.value import Value

VERSION: Final = "2026-1"

_CHINESE: Final = (
    "我是本次庭审中写明的参加人本人，由我自己参加庭审，不由他人代替。",
    "我在安静、光线充足、网络稳定的室内参加庭审，不在驾驶或乘坐行驶中的车辆。",
    "未经法庭许可，我不录音、录像、拍照或截屏，不转发、传播庭审的声音、画面和文字。",
    "除法庭许可的人外，庭审期间没有其他人在我身边旁听、提示或代我回答。",
    "我服从法庭指挥，发言前先经许可，不打断他人，不使用侮辱性语言，不在镜头前吸烟、饮食。",
    "我如实陈述。作虚假陈述、伪造证据的，依法承担责任。",
    "未经法庭许可中途退出的，除技术原因外，可能按中途退庭处理。",
    "我知道庭审由法庭录音录像，违反以上纪律的，法庭可以警告、责令退出法庭，并可依法处罚。",
)

_ENGLISH: Final = (
    "I am the person named for this hearing, and I attend it myself; nobody takes my place.",
    "I attend from a quiet, well lit room with a steady connection. I am not driving, nor riding in a moving vehicle.",
    "Without leave of the court I record, photograph and screenshot nothing of the hearing, and pass on none of it.",
    "Nobody is with me to listen, to prompt me or to answer for me, except those the court allows.",
    "I follow the court's directions, speak when I have leave, interrupt and insult nobody, and neither smoke nor eat.",
    "I tell the truth. Whoever makes false statements or forges evidence is liable by law.",
    "If I leave without the court's leave, other than for a technical fault, I may be treated as having walked out.",
    "The court records the hearing. Whoever breaks these rules may be warned, ordered out, and penalised by law.",
)


class CourtRules(Value):
    """One text as a person is shown it and signs it."""

    version: str
    language: Language
    clauses: tuple[str, ...]
    sha256: str
    """Over version and clauses, a line each, UTF-8."""


def _text(language: Language, clauses: tuple[str, ...]) -> CourtRules:
    digest = hashlib.sha256("\n".join((VERSION, *clauses)).encode()).hexdigest()
    return CourtRules(version=VERSION, language=language, clauses=clauses, sha256=digest)


COURT_RULES: Final[dict[Language, CourtRules]] = {"zh-CN": _text("zh-CN", _CHINESE), "en": _text("en", _ENGLISH)}
