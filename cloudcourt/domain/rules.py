"""The rules that refusals name: a stable identifier each, and how a person reads it.

OLR: Online Litigation Rules (人民法院在线诉讼规则); REC: provisions on recording hearings
(人民法院庭审录音录像的若干规定);
ICP: internet courts (互联网法院审理案件若干问题的规定); CPL: Civil Procedure Law; CCR: Court Rules (人民法院法庭规则).
`ROLES` and `SESSION` are this court's own tables (`roles.py`, `hearing.py`).
"""

from typing import Literal

Language = Literal["zh-CN", "en"]
RuleId = Literal[
    "OLR 5", "OLR 7", "OLR 12", "OLR 14", "OLR 21", "OLR 25", "OLR 26", "REC 1", "REC 3", "REC 4", "ICP 13", "CPL 137",
    "CPL 149", "CCR 17", "CCR 19", "ROLES", "SESSION",
]  # fmt: skip

_ACTS: dict[str, tuple[str, str]] = {
    "OLR": ("《人民法院在线诉讼规则》", "Online Litigation Rules"),
    "REC": ("《人民法院庭审录音录像的若干规定》", "Court Recording Provisions"),
    "ICP": ("《互联网法院审理案件若干问题的规定》", "Internet Court Provisions"),
    "CPL": ("《民事诉讼法》", "Civil Procedure Law"),
    "CCR": ("《人民法院法庭规则》", "Court Rules"),
}
_OWN: dict[str, tuple[str, str]] = {
    "ROLES": ("本庭权限表", "the court's table of roles"),
    "SESSION": ("庭审流程表", "the court's order of a session"),
}


def rule_name(rule: RuleId, language: Language) -> str:
    """`REC 1` as a person reads it."""
    column = 0 if language == "zh-CN" else 1
    if rule in _OWN:
        return _OWN[rule][column]
    act, article = rule.split(" ")
    return f"{_ACTS[act][column]}第{article}条" if column == 0 else f"{_ACTS[act][column]}, article {article}"


def with_rule(sentence: str, rule: RuleId | None, language: Language) -> str:
    """A refusal's sentence, and on which rule it stands."""
    if rule is None:
        return sentence
    name = rule_name(rule, language)
    return f"{sentence}（依据：{name}）" if language == "zh-CN" else f"{sentence} (Rule: {name}.)"


SESSION_NAMES: dict[str, tuple[str, str]] = {
    "scheduled": ("待开庭", "scheduled"),
    "lobby_open": ("候审中", "in the lobby"),
    "countdown": ("开庭倒计时", "in countdown"),
    "in_session": ("庭审中", "in session"),
    "recess": ("休庭", "in recess"),
    "suspended": ("技术中断", "suspended"),
    "transcript_review": ("核对笔录", "in transcript review"),
    "closed": ("闭庭", "closed"),
    "adjourned": ("延期开庭", "adjourned"),
    "converted_offline": ("转为线下", "converted to offline"),
    "cancelled": ("已取消", "cancelled"),
}

PERSON_NAMES: dict[str, tuple[str, str]] = {
    "invited": ("未到", "not here yet"),
    "checking_in": ("正在签到", "checking in"),
    "testing": ("正在测试设备", "testing devices"),
    "ready_in_lobby": ("在等候室", "in the waiting room"),
    "in_room": ("在会谈室", "in a private room"),
    "called": ("已传唤", "called"),
    "in_court": ("在庭", "in court"),
    "reconnecting": ("正在重新连接", "reconnecting"),
    "disconnected": ("连接已断开", "disconnected"),
    "left": ("已退出", "gone"),
    "removed": ("已被请出", "removed"),
}

WANTING: dict[str, RuleId] = {
    "countdown": "REC 1",
    "in_session": "REC 1",
    "recess": "REC 3",
    "suspended": "OLR 25",
    "closed": "REC 3",
    "adjourned": "CPL 149",
    "converted_offline": "OLR 21",
    "cancelled": "CPL 149",
}
"""Which rule a session's move stands on; all others on the table of the session alone."""


def named(state: str, names: dict[str, tuple[str, str]], language: Language) -> str:
    """A state's name; an unknown one stands as it is."""
    return names[state][0 if language == "zh-CN" else 1] if state in names else state
