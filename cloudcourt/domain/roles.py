"""Who may do what: one literal table, read like the court's own rules (domain table D)."""

from enum import StrEnum


class Role(StrEnum):
    """A person's place in a hearing. It comes from the case file and never from a client."""

    JUDGE = "judge"  # 审判长 / 独任审判员
    BENCH_MEMBER = "bench_member"  # 合议庭成员
    CLERK = "clerk"  # 书记员
    PLAINTIFF = "plaintiff"  # 原告
    DEFENDANT = "defendant"  # 被告
    REPRESENTATIVE = "representative"  # 诉讼代理人
    WITNESS = "witness"  # 证人
    INTERPRETER = "interpreter"  # 翻译人员
    MEDIATOR = "mediator"  # 调解员
    OBSERVER = "observer"  # 旁听人员


class Permission(StrEnum):
    """One act that the court guards."""

    OPEN_LOBBY = "open_lobby"
    START = "start"  # open, resume and cancel a countdown
    RECESS = "recess"
    SUSPEND = "suspend"
    CLOSE = "close"
    ADJOURN = "adjourn"  # also convert to offline
    CANCEL = "cancel"
    CHANGE_PHASE = "change_phase"
    ADMIT = "admit"
    REMOVE = "remove"
    MUTE_OTHERS = "mute_others"
    OVERRIDE_RECORDER = "override_recorder"
    ENTER_COURT_UNCALLED = "enter_court_uncalled"
    SEE_EVERYONE = "see_everyone"
    SPEAK = "speak"
    BE_SEEN = "be_seen"
    LISTEN_TO_RECORD = "listen_to_record"
    DOWNLOAD_RECORD = "download_record"
    READ_ACCESS_LOG = "read_access_log"
    WRITE_NOTES = "write_notes"
    READ_NOTES = "read_notes"
    RUN_CHECK_IN = "run_check_in"  # verify identity, answer messages and calls for help, announce a delay
    RAISE_HAND = "raise_hand"
    SPEAK_UNASKED = "speak_unasked"  # heard also in floor mode and with locked microphones
    ASK_RECESS = "ask_recess"
    ASK_TO_PRESENT = "ask_to_present"
    ANSWER_REQUESTS = "answer_requests"
    RULE_GALLERY = "rule_gallery"  # open it to the public, cut it
    CONFIRM_SEAL = "confirm_seal"  # and note who would not sign the check value
    SIGN_RECORD = "sign_record"  # the check value, on a device of one's own (REC 9)
    ARRANGE = "arrange"  # sidebar, sealed, mediation, and back to open court
    SUBMIT_EXHIBITS = "submit_exhibits"  # parties their own
    READ_EXHIBITS = "read_exhibits"  # every one, in court or not
    GIVE_OPINION = "give_opinion"  # on the other side's exhibits
    PRESENT = "present"  # put exhibits before the court unasked
    REDACT_RECORD = "redact_record"  # have copies of the film made from which something is taken out
    ORDER_RECORD = "order_record"  # seal and unseal spans of the record, set and lift a legal hold
    READ_SEALED = "read_sealed"  # the record whole, sealed spans included
    TALK_TO_ONE = "talk_to_one"  # help one person by word, while the court goes on
    CHANGE_PEOPLE = "change_people"  # add someone, put one in another's place, keep two apart
    MEDIATE = "mediate"  # move a mediation between joint session and caucus


_P = Permission
_SPEAKER = frozenset({_P.SPEAK, _P.BE_SEEN})
_ASKS_FOR_THE_WORD = _SPEAKER | {_P.RAISE_HAND, _P.ASK_RECESS}
_EXAMINED = _ASKS_FOR_THE_WORD | {_P.ASK_TO_PRESENT, _P.SIGN_RECORD}
_PARTY = _EXAMINED | {_P.SUBMIT_EXHIBITS, _P.READ_EXHIBITS, _P.GIVE_OPINION}
_COURTS_EXHIBITS = frozenset({_P.SUBMIT_EXHIBITS, _P.READ_EXHIBITS, _P.PRESENT})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.JUDGE: frozenset(
        {
            _P.OPEN_LOBBY,
            _P.START,
            _P.RECESS,
            _P.SUSPEND,
            _P.CLOSE,
            _P.ADJOURN,
            _P.CANCEL,
            _P.CHANGE_PHASE,
            _P.ADMIT,
            _P.REMOVE,
            _P.MUTE_OTHERS,
            _P.OVERRIDE_RECORDER,
            _P.ENTER_COURT_UNCALLED,
            _P.SEE_EVERYONE,
            _P.SPEAK,
            _P.BE_SEEN,
            _P.LISTEN_TO_RECORD,
            _P.DOWNLOAD_RECORD,
            _P.READ_ACCESS_LOG,
            _P.WRITE_NOTES,
            _P.READ_NOTES,
            _P.RULE_GALLERY,
            _P.CONFIRM_SEAL,
            _P.REDACT_RECORD,
            _P.ARRANGE,
            _P.MEDIATE,
            _P.SPEAK_UNASKED,
            _P.ANSWER_REQUESTS,
            _P.RUN_CHECK_IN,
            _P.CHANGE_PEOPLE,
            _P.ORDER_RECORD,
            _P.READ_SEALED,
        }
    )
    | _COURTS_EXHIBITS,
    Role.BENCH_MEMBER: _ASKS_FOR_THE_WORD
    | {_P.READ_EXHIBITS, _P.PRESENT}
    | {_P.SPEAK_UNASKED, _P.ENTER_COURT_UNCALLED, _P.SEE_EVERYONE, _P.LISTEN_TO_RECORD, _P.READ_NOTES},
    Role.CLERK: frozenset(
        {
            _P.SPEAK_UNASKED,
            _P.ASK_RECESS,
            _P.ANSWER_REQUESTS,
            _P.OPEN_LOBBY,
            _P.SUSPEND,
            _P.CANCEL,
            _P.CHANGE_PHASE,
            _P.ADMIT,
            _P.REMOVE,
            _P.MUTE_OTHERS,
            _P.ENTER_COURT_UNCALLED,
            _P.SEE_EVERYONE,
            _P.SPEAK,
            _P.BE_SEEN,
            _P.LISTEN_TO_RECORD,
            _P.DOWNLOAD_RECORD,
            _P.READ_ACCESS_LOG,
            _P.WRITE_NOTES,
            _P.READ_NOTES,
            _P.RUN_CHECK_IN,
            _P.CHANGE_PEOPLE,
            _P.TALK_TO_ONE,
            _P.CONFIRM_SEAL,
            _P.REDACT_RECORD,
        }
    )
    | _COURTS_EXHIBITS,
    Role.PLAINTIFF: _PARTY,
    Role.DEFENDANT: _PARTY,
    Role.REPRESENTATIVE: _PARTY,
    Role.WITNESS: _EXAMINED,
    Role.INTERPRETER: _ASKS_FOR_THE_WORD | {_P.SPEAK_UNASKED, _P.SIGN_RECORD},  # speaks for another
    Role.MEDIATOR: _SPEAKER | {_P.MEDIATE},  # joins mediation only
    Role.OBSERVER: frozenset(),
}

MAY_PRESIDE: frozenset[Role] = frozenset({Role.JUDGE, Role.BENCH_MEMBER})
"""Those to whom presiding over the panel can be handed."""

ISOLATED_UNTIL_CALLED: frozenset[Role] = frozenset({Role.WITNESS, Role.INTERPRETER, Role.MEDIATOR, Role.OBSERVER})
"""Not swept into court when the countdown starts (OLR 26 for witnesses; the others come by admission)."""

SEATING_ORDER: tuple[Role, ...] = (
    Role.JUDGE,
    Role.BENCH_MEMBER,
    Role.CLERK,
    Role.PLAINTIFF,
    Role.REPRESENTATIVE,
    Role.DEFENDANT,
    Role.WITNESS,
    Role.INTERPRETER,
    Role.MEDIATOR,
    Role.OBSERVER,
)
"""Bench first, then the parties: the order of tiles on screen and in the film."""

SEAT_LABELS: dict[Role, tuple[str, str]] = {
    Role.JUDGE: ("审判长", "Judge"),
    Role.BENCH_MEMBER: ("审判员", "Bench member"),
    Role.CLERK: ("书记员", "Clerk"),
    Role.PLAINTIFF: ("原告", "Plaintiff"),
    Role.DEFENDANT: ("被告", "Defendant"),
    Role.REPRESENTATIVE: ("诉讼代理人", "Representative"),
    Role.WITNESS: ("证人", "Witness"),
    Role.INTERPRETER: ("翻译人员", "Interpreter"),
    Role.MEDIATOR: ("调解员", "Mediator"),
    Role.OBSERVER: ("旁听人员", "Observer"),
}
"""Seat names (OLR 24) in Chinese and English, as burnt into the film."""


def may(role: Role, permission: Permission) -> bool:
    """True when the table gives this role that act."""
    return permission in PERMISSIONS[role]
