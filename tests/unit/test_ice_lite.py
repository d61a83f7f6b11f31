"""The ICE-lite agent: who is let in, which path carries, and what a stranger can't do."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from media.ice import stun
from media.ice.lite import MAX_PATHS, OVERLAP_NS, SETTLE_NS, STALE_NS, Credentials, IceLite, Outcome
from media.ice.patience import Patience
from tests.bed.ice_checks import binding_check, read_answer

pytestmark = pytest.mark.unit

S = 1_000_000_000
HOME = ("192.0.2.10", 40_000)
MOBILE = ("198.51.100.20", 50_000)
STRANGER = ("203.0.113.30", 6)

Agent = IceLite[str, stun.Address]


class Browser:
    """One side of a call: it knows the credentials, and its datagrams come from wherever it is."""

    def __init__(self, agent: Agent, session: str, ufrag: str = "Brow") -> None:
        self.agent = agent
        self.session = session
        self.ufrag = ufrag
        self.credentials = agent.add(session)
        agent.expect(session, ufrag)

    def checks(
        self, path: stun.Address, now_ns: int = 0, *, nominates: bool = False, under: Credentials | None = None
    ) -> Outcome[str, stun.Address]:
        ufrag, password = under or self.credentials
        check = binding_check(f"{ufrag}:{self.ufrag}", password, nominates=nominates)
        return self.agent.check(path, path, check, now_ns)

    def restarts(self, ufrag: str, now_ns: int) -> None:
        self.ufrag = ufrag
        self.credentials = self.agent.restart(self.session, ufrag, now_ns)

    def code(self, path: stun.Address, now_ns: int = 0, *, under: Credentials | None = None) -> int | None:
        return read_answer(self.checks(path, now_ns, under=under).reply).error_code


@pytest.fixture
def agent() -> Agent:
    return IceLite()


@pytest.fixture
def judge(agent: Agent) -> Browser:
    return Browser(agent, "judge")


def test_credentials_are_long_and_each_sessions_own(agent: Agent) -> None:
    made = [agent.add(str(number)) for number in range(100)]
    assert len({ufrag for ufrag, _ in made}) == len({password for _, password in made}) == 100
    assert all(len(ufrag) >= 8 and len(password) >= 24 for ufrag, password in made)
    assert set("".join(map("".join, made))) <= {*string.ascii_letters, *string.digits, *"+/"}


def test_two_sessions_never_share_a_ufrag() -> None:
    dice = iter([Credentials("same", "one"), Credentials("same", "two"), Credentials("other", "three")])
    agent: Agent = IceLite(make_credentials=lambda: next(dice))
    assert [agent.add("a").ufrag, agent.add("b").ufrag] == ["same", "other"]


def test_a_session_is_added_once(agent: Agent, judge: Browser) -> None:
    with pytest.raises(ValueError):
        agent.add("judge")


def test_the_first_authentic_check_opens_a_path(agent: Agent, judge: Browser) -> None:
    outcome = judge.checks(HOME)
    assert (outcome.session, outcome.is_new_path, outcome.is_selected, outcome.evicted) == ("judge", True, True, None)
    answer = read_answer(outcome.reply)
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == HOME
    assert answer.check_message_integrity(judge.credentials.password.encode())
    assert (agent.session_of(HOME), agent.selected("judge")) == ("judge", HOME)
    again = judge.checks(HOME)
    assert (again.session, again.is_new_path, again.is_selected) == ("judge", False, False)


def test_a_path_may_be_anything_with_an_address_beside_it(judge: Browser) -> None:
    agent: IceLite[int, object] = IceLite()
    ufrag, password = agent.add(7)
    agent.expect(7, "Brow")
    connection = object()
    outcome = agent.check(connection, HOME, binding_check(f"{ufrag}:Brow", password), 0)
    assert (outcome.session, agent.selected(7)) == (7, connection)
    assert read_answer(outcome.reply).attributes["XOR-MAPPED-ADDRESS"] == HOME


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("unknown ufrag", 401),
        ("unexpected remote ufrag", 401),
        ("no colon", 401),
        ("longer remote ufrag", 401),
        ("wrong password", 401),
        ("no username", 400),
        ("no integrity", 400),
    ],
)
def test_whoever_cannot_prove_it_is_refused(agent: Agent, judge: Browser, wrong: str, code: int) -> None:
    ufrag, password = judge.credentials
    checks = {
        "unknown ufrag": binding_check("Unknown1:Brow", password),
        "unexpected remote ufrag": binding_check(f"{ufrag}:Else", password),
        "no colon": binding_check(ufrag, password),
        "longer remote ufrag": binding_check(f"{ufrag}:Brow:", password),
        "wrong password": binding_check(f"{ufrag}:Brow", password[::-1]),
        "no username": stun.write_message(stun.BINDING_REQUEST, bytes(12), b"", password.encode()),
        "no integrity": stun.write_message(
            stun.BINDING_REQUEST, bytes(12), stun.attribute(stun.USERNAME, f"{ufrag}:Brow".encode()), None
        ),
    }
    outcome = agent.check(STRANGER, STRANGER, checks[wrong], 0)
    answer = read_answer(outcome.reply)
    assert (answer.error_code, "MESSAGE-INTEGRITY" in answer.attributes) == (code, False)
    assert outcome[1:] == (None, False, False, None)
    assert agent.session_of(STRANGER) is None
    assert agent.selected("judge") is None


def test_nobody_is_let_in_before_the_other_side_is_known(agent: Agent) -> None:
    ufrag, password = agent.add("early")
    for username in (f"{ufrag}:", f"{ufrag}:None", f"{ufrag}:Brow"):
        assert agent.check(HOME, HOME, binding_check(username, password), 0).session is None
    agent.expect("early", "Brow")
    assert agent.check(HOME, HOME, binding_check(f"{ufrag}:Brow", password), 0).session == "early"


def test_a_remote_ufrag_that_cannot_be_one_is_a_value_error(agent: Agent, judge: Browser) -> None:
    with pytest.raises(ValueError):
        agent.expect("judge", "\ud800")
    with pytest.raises(ValueError):
        agent.restart("judge", "法庭", 0)
    assert judge.checks(HOME).session == "judge"


def test_a_browser_that_thinks_itself_controlled_is_told(agent: Agent, judge: Browser) -> None:
    ufrag, password = judge.credentials
    outcome = agent.check(HOME, HOME, binding_check(f"{ufrag}:Brow", password, controlled=True), 0)
    answer = read_answer(outcome.reply)
    assert answer.error_code == 487
    assert answer.check_message_integrity(password.encode())
    assert agent.session_of(HOME) is None
    assert agent.counts.role_conflicts == 1


def test_what_must_be_understood_and_is_not_is_refused(agent: Agent, judge: Browser) -> None:
    ufrag, password = judge.credentials
    attributes = stun.attribute(stun.USERNAME, f"{ufrag}:Brow".encode()) + stun.attribute(0x0031, b"?")
    check = stun.write_message(stun.BINDING_REQUEST, bytes(12), attributes, password.encode())
    outcome = agent.check(HOME, HOME, check, 0)
    answer = read_answer(outcome.reply)
    assert answer.error_code == 420
    assert answer.check_message_integrity(password.encode())
    assert agent.session_of(HOME) is None


def test_roaming_the_newest_nominated_path_wins(agent: Agent, judge: Browser) -> None:
    judge.checks(HOME, 0, nominates=True)
    arrived = judge.checks(MOBILE, 1 * S)
    assert (arrived.is_new_path, arrived.is_selected, agent.selected("judge")) == (True, False, HOME)
    moved = judge.checks(MOBILE, 2 * S, nominates=True)
    assert (moved.is_selected, agent.selected("judge")) == (True, MOBILE)
    assert agent.session_of(HOME) == "judge"
    back = judge.checks(HOME, 9 * S, nominates=True)
    assert (back.is_selected, agent.selected("judge")) == (True, HOME)


def test_a_move_in_one_step(agent: Agent, judge: Browser) -> None:
    judge.checks(HOME, 0, nominates=True)
    outcome = judge.checks(MOBILE, S, nominates=True)
    assert (outcome.is_new_path, outcome.is_selected) == (True, True)


def test_a_check_that_was_late_on_the_way_does_not_undo_a_move(agent: Agent, judge: Browser) -> None:
    judge.checks(HOME, 0, nominates=True)
    judge.checks(MOBILE, S, nominates=True)
    late = judge.checks(HOME, S + SETTLE_NS - 1, nominates=True)
    assert (late.session, late.is_selected, agent.selected("judge")) == ("judge", False, MOBILE)
    assert judge.checks(HOME, S + SETTLE_NS, nominates=True).is_selected


def test_nobody_can_take_over_the_path_of_another(agent: Agent, judge: Browser) -> None:
    plaintiff = Browser(agent, "plaintiff")
    judge.checks(HOME, 0, nominates=True)
    forged = plaintiff.checks(HOME, S, nominates=True)
    assert forged == Outcome()
    assert (agent.session_of(HOME), agent.selected("plaintiff")) == ("judge", None)
    agent.expire(STALE_NS)
    assert plaintiff.checks(HOME, STALE_NS).session == "plaintiff"


def test_at_most_eight_paths_and_never_the_selected_one_goes(agent: Agent, judge: Browser) -> None:
    paths = [("192.0.2.10", port) for port in range(1, MAX_PATHS + 4)]
    judge.checks(paths[0], 0, nominates=True)
    outcomes = [judge.checks(path, number) for number, path in enumerate(paths[1:], 1)]
    assert [outcome.evicted for outcome in outcomes] == [None] * (MAX_PATHS - 1) + paths[1:4]
    assert agent.selected("judge") == paths[0]
    assert [agent.session_of(path) for path in paths[1:4]] == [None] * 3
    assert sorted(agent.remove("judge")) == sorted({*paths} - {*paths[1:4]})


def test_silent_paths_expire_and_a_check_keeps_one_alive(agent: Agent, judge: Browser) -> None:
    judge.checks(HOME, 0, nominates=True)
    judge.checks(MOBILE, S)
    judge.checks(HOME, 10 * S)
    assert agent.expire(STALE_NS + S - 1) == []
    assert agent.expire(STALE_NS + S) == [("judge", MOBILE)]
    assert agent.selected("judge") == HOME
    assert agent.expire(STALE_NS + 10 * S) == [("judge", HOME)]
    assert (agent.selected("judge"), agent.session_of(HOME)) == (None, None)
    assert judge.checks(MOBILE, 60 * S).is_selected
    assert agent.counts.expired == 2


def test_the_old_path_goes_on_during_a_restart(agent: Agent, judge: Browser) -> None:
    judge.checks(HOME, 0, nominates=True)
    agent.restart("judge", "Brow", S)
    assert judge.checks(HOME, 2 * S, nominates=True).session == "judge"
    assert agent.selected("judge") == HOME


def test_a_nomination_under_the_new_credentials_ends_the_old_ones(agent: Agent, judge: Browser) -> None:
    judge.checks(HOME, 0, nominates=True)
    old = judge.credentials
    judge.credentials = agent.restart("judge", "Brow", S)
    assert judge.checks(MOBILE, 2 * S).is_selected is False
    assert judge.code(HOME, 2 * S, under=old) is None
    moved = judge.checks(MOBILE, 3 * S, nominates=True)
    assert (moved.session, moved.is_selected) == ("judge", True)
    assert judge.code(HOME, 4 * S, under=old) == 401


def test_a_restart_on_the_same_path(agent: Agent, judge: Browser) -> None:
    judge.checks(HOME, 0, nominates=True)
    old = judge.credentials
    judge.restarts("New1", S)
    outcome = judge.checks(HOME, 2 * S, nominates=True)
    assert (outcome.session, outcome.is_new_path, outcome.is_selected) == ("judge", False, False)
    assert judge.code(HOME, 3 * S, under=old) == 401
    assert agent.selected("judge") == HOME


@pytest.mark.parametrize("swept", [False, True])
def test_old_credentials_end_after_the_overlap_in_any_case(agent: Agent, judge: Browser, swept: bool) -> None:
    old = judge.credentials
    judge.credentials = agent.restart("judge", "Brow", S)
    assert judge.code(HOME, S + OVERLAP_NS - 1, under=old) is None
    if swept:
        agent.expire(S + OVERLAP_NS)
    assert judge.code(HOME, S + OVERLAP_NS, under=old) == 401
    assert judge.code(HOME, S + OVERLAP_NS) is None


def test_restarts_in_a_row_keep_the_one_that_carries_and_the_last(agent: Agent, judge: Browser) -> None:
    judge.checks(HOME, 0, nominates=True)
    first = judge.credentials
    futile = [agent.restart("judge", "Brow", second * S) for second in range(1, 6)]
    for given_up in futile[:-1]:
        assert judge.code(HOME, 6 * S, under=given_up) == 401
    assert judge.code(HOME, 6 * S, under=first) is None
    assert judge.code(HOME, 6 * S, under=futile[-1]) is None


def test_credentials_past_their_overlap_do_not_come_back_by_another_restart(agent: Agent, judge: Browser) -> None:
    first = judge.credentials
    second = agent.restart("judge", "Brow", 0)
    agent.restart("judge", "Brow", OVERLAP_NS)
    assert judge.code(HOME, OVERLAP_NS, under=first) == 401
    assert judge.code(HOME, OVERLAP_NS, under=second) is None


def test_a_removed_session_is_gone(agent: Agent, judge: Browser) -> None:
    judge.checks(HOME)
    agent.restart("judge", "Brow", 0)
    assert agent.remove("judge") == [HOME]
    assert agent.remove("judge") == []
    assert (agent.session_of(HOME), agent.selected("judge")) == (None, None)
    assert judge.code(HOME) == 401
    assert Browser(agent, "judge").checks(HOME).is_selected


def test_a_closed_connection_is_forgotten(agent: Agent, judge: Browser) -> None:
    judge.checks(HOME)
    assert agent.forget(HOME) == "judge"
    assert agent.forget(HOME) is None
    assert agent.selected("judge") is None
    assert judge.checks(MOBILE).is_selected


def test_a_flood_is_answered_for_a_moment_and_locks_nobody_out(agent: Agent, judge: Browser) -> None:
    neighbour = (HOME[0], 9)
    forged = binding_check("Unknown1:Brow", "guess")
    answered = [agent.check(neighbour, neighbour, forged, 0).reply is not None for _ in range(1000)]
    assert answered == [True] * 20 + [False] * 980
    assert agent.counts.unanswered == 980
    assert judge.checks(HOME).session == "judge"
    assert all(judge.checks(HOME).reply for _ in range(100))
    # Elsewhere nobody notices; here a second buys a few answers.
    assert agent.check(STRANGER, STRANGER, forged, 0).reply is not None
    assert [agent.check(neighbour, neighbour, forged, S).reply is not None for _ in range(6)] == [True] * 5 + [False]


def test_forged_sources_share_a_budget_and_a_bounded_table() -> None:
    patience = Patience(max_sources=50)
    allowed = [patience.allows(f"198.18.{n // 256}.{n % 256}", 0) for n in range(1000)]
    assert sum(allowed) == 200
    assert len(patience) == 50


def test_the_patience_with_an_ipv6_network_is_one() -> None:
    patience = Patience(burst=3)
    assert [patience.allows(f"2001:db8::{n}", 0) for n in range(1, 6)] == [True] * 3 + [False] * 2
    assert patience.allows("2001:db8:0:1::1", 0)
    assert patience.allows("::ffff:192.0.2.1", 0)
    assert [patience.allows(f"::ffff:192.0.2.{n}", 0) for n in range(1, 6)] == [True] * 5


def test_time_that_stands_still_or_goes_back_earns_nothing() -> None:
    patience = Patience(burst=1, per_s=1)
    assert [patience.allows("192.0.2.1", now) for now in (5 * S, 5 * S, 4 * S, 4 * S)] == [True, False, False, False]


@given(st.data())
def test_no_change_without_the_password_ever_binds(data: st.DataObject) -> None:
    """An authentic check that somebody changed, under a new fingerprint, which needs no password, opens nothing."""
    agent: Agent = IceLite()
    ufrag, password = Browser(agent, "judge").credentials
    check = binding_check(f"{ufrag}:Brow", password, nominates=data.draw(st.booleans()))
    # From the transaction id to the end of the signature; what stands before is written anew below.
    start = data.draw(st.integers(8, len(check) - 9))
    changed = data.draw(st.binary(min_size=1, max_size=8))
    body = (check[:start] + changed + check[start + len(changed) :])[: len(check) - 8]
    assume(body != check[:-8])
    forged = stun.write_message(stun.BINDING_REQUEST, body[8:20], body[20:], None)
    outcome = agent.check(STRANGER, STRANGER, forged, 0)
    assert outcome[1:] == (None, False, False, None)
    assert agent.session_of(STRANGER) is None
    assert agent.selected("judge") is None


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 11), st.integers(0, 3), st.integers(0, 4 * S))))
def test_whatever_happens_the_tables_agree(steps: list[tuple[str, int, int, int]]) -> None:
    """Sessions, paths and selections never contradict each other, whatever comes in whatever order."""
    agent: Agent = IceLite()
    browsers = {name: Browser(agent, name) for name in "ab"}
    now = 0
    owners: dict[stun.Address, str] = {}
    for name, port, kind, passed in steps:
        now += passed
        path = ("192.0.2.1", port)
        if kind == 3:
            browsers[name].credentials = agent.restart(name, "Brow", now)
            continue
        outcome = browsers[name].checks(path, now, nominates=kind == 1)
        if outcome.session is not None:
            assert outcome.is_new_path == (path not in owners)
            owners[path] = outcome.session
        if outcome.evicted is not None:
            del owners[outcome.evicted]
        for _, gone in agent.expire(now):
            del owners[gone]
        assert {path: agent.session_of(path) for path in owners} == owners
        for browser in browsers:
            mine = [path for path, owner in owners.items() if owner == browser]
            assert len(mine) <= MAX_PATHS
            selected = agent.selected(browser)
            assert selected is None or selected in mine
    assert sorted(agent.remove("a") + agent.remove("b")) == sorted(owners)
