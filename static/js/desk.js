/** The clerk's desk: its state, and what can be done there. */
import {signal} from './html.js';
import {Refused, call, sentence} from './http.js';

/** @typedef {import('./types.js').Case} Case */
/** @typedef {import('./types.js').HearingSummary} HearingSummary */
/** @typedef {import('./types.js').HearingDetail} HearingDetail */
/** @typedef {import('./types.js').JoinLink} JoinLink */
/** @typedef {{name: 'lists'} | {name: 'new_case'} | {name: 'courtrooms'} | {name: 'hearing', id: string}} Place */

/**
 * @typedef {object} DeskState
 * @property {import('./types.js').Staff|null|undefined} staff undefined until known, null when signed out
 * @property {Place} place
 * @property {Case[]|null} cases null while loading
 * @property {HearingSummary[]|null} hearings
 * @property {HearingDetail|null} hearing the one that is open
 * @property {Record<string, JoinLink>} links shown once, by participant; kept for this page's life only
 * @property {string} error
 */

/** @typedef {ReturnType<typeof createDesk>} Desk */

/** @returns {Place} */
function placeNow() {
  const [, name, id] = location.hash.split('/');
  if (name === 'hearings' && id) return {name: 'hearing', id: decodeURIComponent(id)};
  if (name === 'courtrooms') return {name};
  return name === 'new-case' ? {name: 'new_case'} : {name: 'lists'};
}

/** @param {AbortSignal} life ends the listening */
export function createDesk(life) {
  /** @type {import('../vendor/signals.js').Signal<DeskState>} */
  const state = signal({staff: undefined, place: placeNow(), cases: null, hearings: null, hearing: null, links: {}, error: ''});

  /** The only place where the desk's state changes. @param {Partial<DeskState>} news */
  function tell(news) {
    state.value = {...state.peek(), ...news};
  }

  /** @param {unknown} failure */
  function fail(failure) {
    if (failure instanceof Refused && failure.code === 'not_signed_in') tell({staff: null, error: ''});
    else tell({error: sentence(failure)});
  }

  /** @template T @param {() => Promise<T>} work @returns {Promise<T|null>} null when refused, and said so */
  async function guarded(work) {
    try {
      tell({error: ''});
      return await work();
    } catch (failure) {
      fail(failure);
      return null;
    }
  }

  async function refresh() {
    const {place, staff} = state.peek();
    if (!staff) return;
    try {
      if (place.name === 'hearing') {
        tell({hearing: await call('GET', `/api/hearings/${encodeURIComponent(place.id)}`)});
      } else {
        const [cases, hearings] = await Promise.all([
          /** @type {Promise<{cases: Case[]}>} */ (call('GET', '/api/cases')),
          /** @type {Promise<{hearings: HearingSummary[]}>} */ (call('GET', '/api/hearings')),
        ]);
        tell({cases: cases.cases, hearings: hearings.hearings});
      }
    } catch (failure) {
      fail(failure);
    }
  }

  async function whoAmI() {
    try {
      tell({staff: await call('GET', '/api/session')});
    } catch (failure) {
      tell({staff: null, error: failure instanceof Refused && failure.status === 401 ? '' : sentence(failure)});
    }
    await refresh();
  }

  /** @param {JoinLink[]} fresh */
  function keepLinks(fresh) {
    const links = {...state.peek().links};
    for (const link of fresh) links[link.participant_id] = link;
    tell({links});
  }

  addEventListener('hashchange', () => {
    tell({place: placeNow(), hearing: null, error: ''});
    void refresh();
  }, {signal: life});
  const refreshing = setInterval(() => document.hidden || void refresh(), 5000);
  life.addEventListener('abort', () => clearInterval(refreshing));
  void whoAmI();

  return {
    state,
    /** @param {string} user_name @param {string} password Rejects with Refused. */
    async signIn(user_name, password) {
      tell({staff: await call('POST', '/api/session', {user_name, password}), error: ''});
      await refresh();
    },
    async signOut() {
      await guarded(() => call('DELETE', '/api/session'));
      tell({staff: null, cases: null, hearings: null, hearing: null, links: {}});
    },
    /** @param {{case_number: string, cause: string, people: {role: string, name: string, ties: import('./types.js').Ties}[], is_public: boolean}} wanted Rejects with Refused. */
    async addCase(wanted) {
      await call('POST', '/api/cases', wanted);
      location.hash = '#/';
    },
    /** @param {string} case_id @param {Date} at @param {'permanent'|'long'|'short'|null} retention null: as the court's setting says. Rejects with Refused. */
    async schedule(case_id, at, retention) {
      const hearing = /** @type {HearingDetail} */ (
        await call('POST', '/api/hearings', {case_id, scheduled_at: at.toISOString(), retention}));
      keepLinks(hearing.links ?? []);
      location.hash = `#/hearings/${encodeURIComponent(hearing.id)}`;
    },
    /** Somebody was seated: their link is shown with the others'. @param {JoinLink} link */
    async seated(link) {
      keepLinks([link]);
      await refresh();
    },
    /** @param {string} hearing_id @param {string} participant_id */
    async renewLink(hearing_id, participant_id) {
      const link = /** @type {JoinLink|null} */ (
        await guarded(() => call('POST', linkPath(hearing_id, participant_id))));
      if (link) keepLinks([link]);
    },
    /** @param {string} hearing_id @param {string} participant_id */
    async revokeLink(hearing_id, participant_id) {
      const isDone = (await guarded(async () => {
        await call('DELETE', linkPath(hearing_id, participant_id));
        return true;
      })) === true;
      if (!isDone) return;
      const links = {...state.peek().links};
      delete links[participant_id];
      tell({links});
    },
  };
}

/** @param {string} hearing_id @param {string} participant_id */
function linkPath(hearing_id, participant_id) {
  return `/api/hearings/${encodeURIComponent(hearing_id)}/people/${encodeURIComponent(participant_id)}/link`;
}
