"""The judge's statement about faults of the record: which of them lack one, and a draft from what is known (REC 4)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from cloudcourt.domain.court_time import COURT_ZONE
from cloudcourt.domain.errors import Language
from cloudcourt.domain.hearing import Gap, GapReason, Hearing
from cloudcourt.domain.record_errors import FaultNotStated
from cloudcourt.domain.value import Value

STATED_AT_MOST = 12
"""Faults that a draft names one by one; of more it gives the number and the time."""

_CAUSES: dict[str, dict[Language, str]] = {
    "disk_full": {"zh-CN": "存储空间不足", "en": "the disk was full"},
    "disk_error": {"zh-CN": "存储设备发生错误", "en": "the disk failed"},
    "disk_too_slow": {"zh-CN": "存储设备响应过慢", "en": "the disk was too slow"},
    "not_writable": {"zh-CN": "存储设备无法写入", "en": "the disk took nothing"},
    "nothing_written": {"zh-CN": "录音录像数据未能写入存储", "en": "no data reached the disk"},
    "writer_died": {"zh-CN": "录制程序意外终止，已自动重启", "en": "the recording program died and was restarted"},
    "writer_hung": {"zh-CN": "录制程序停止响应，已自动重启", "en": "the recording program hung and was restarted"},
    "writer_failed": {"zh-CN": "录制程序出错", "en": "the recording program failed"},
    "media_worker_lost": {
        "zh-CN": "音视频服务意外终止，已自动重启",
        "en": "the media service died and was restarted",
    },
    "server restarted": {"zh-CN": "法庭服务器重新启动", "en": "the court's server was restarted"},
    "server stopping": {"zh-CN": "法庭服务器停机", "en": "the court's server was stopped"},
    "judge lost": {"zh-CN": "审判人员网络连接中断", "en": "the judge's connection was lost"},
    "recorder lost": {
        "zh-CN": "录音录像未能恢复，庭审暂停",
        "en": "the recorder did not come back, and the court paused",
    },
}
_NO_CAUSE: dict[Language, str] = {"zh-CN": "技术故障", "en": "a technical fault"}


class FaultDraft(Value):
    """What the judge may state, as it stands or changed; `faults` of the record have no statement yet."""

    faults: int
    zh_cn: str
    en: str


def unstated_faults(hearing: Hearing) -> tuple[Gap, ...]:
    """The FAULT gaps, one that lasts included, that no statement covers: it covers all that began before it."""
    return tuple(gap for gap in hearing.gaps[hearing.faults_stated :] if gap.reason is GapReason.FAULT)


def check_stated(hearing: Hearing) -> None:
    """Raises FaultNotStated: what does not balance as recorded and excused time must not end unexplained."""
    if faults := unstated_faults(hearing):
        raise FaultNotStated(len(faults))


def draft_of(hearing: Hearing) -> FaultDraft | None:
    """What the log says of the faults that lack a statement; None without any."""
    faults = unstated_faults(hearing)
    if not faults:
        return None
    return FaultDraft(faults=len(faults), zh_cn=draft(faults, "zh-CN"), en=draft(faults, "en"))


def draft(faults: Iterable[Gap], language: Language) -> str:
    """When each fault was, how long it lasted, and why, in court time; shorter than a statement may be."""
    known = tuple(faults)
    say = _chinese if language == "zh-CN" else _english
    lines = [f"{number}. {say(gap)}" for number, gap in enumerate(known[:STATED_AT_MOST], start=1)]
    rest = known[STATED_AT_MOST:]
    if language == "zh-CN":
        head, tail = f"本次庭审录音录像因故障中断 {len(known)} 次：", "上述时段没有录音录像。"
        more = f"另有 {len(rest)} 次，最后一次始于 {_at(rest[-1].began_at)}。" if rest else ""
    else:
        head = f"The recording of this hearing broke off {len(known)} {'time' if len(known) == 1 else 'times'}:"
        tail = "Nothing was recorded in that time."
        more = f"And {len(rest)} more; the last began at {_at(rest[-1].began_at)}." if rest else ""
    return "\n".join(line for line in (head, *lines, more, tail) if line)


def _chinese(gap: Gap) -> str:
    cause = _cause(gap.note, "zh-CN")
    if gap.ended_at is None:
        return f"自 {_at(gap.began_at)} 起，至本说明作出时尚未恢复，原因：{cause}。"
    minutes, seconds = divmod(_length_s(gap.began_at, gap.ended_at), 60)
    length = f"{minutes} 分 {seconds} 秒" if minutes else f"{seconds} 秒"
    return f"{_at(gap.began_at)} 至 {_at(gap.ended_at)}，历时 {length}，原因：{cause}。"


def _english(gap: Gap) -> str:
    cause = _cause(gap.note, "en")
    if gap.ended_at is None:
        return f"From {_at(gap.began_at)}, and still so when this is stated; cause: {cause}."
    minutes, seconds = divmod(_length_s(gap.began_at, gap.ended_at), 60)
    length = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    return f"From {_at(gap.began_at)} to {_at(gap.ended_at)}, {length}; cause: {cause}."


def _cause(note: str, language: Literal["zh-CN", "en"]) -> str:
    """What the machinery notes is put into words; what a person wrote stands as it is."""
    known = _CAUSES.get(note.removeprefix("recorder: "))
    return known[language] if known else note or _NO_CAUSE[language]


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(COURT_ZONE):%Y-%m-%d %H:%M:%S}"


def _length_s(began_at: datetime, ended_at: datetime) -> int:
    return max(1, round((ended_at - began_at).total_seconds()))
