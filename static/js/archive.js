/** The record room's list: what is looked for stands in the page's address, so that going back finds it again. */
import {signal} from './html.js';
import {Refused, call, sentence} from './http.js';

/** @typedef {'sealed'|'unsealed'|'film_ready'|'has_faults'} RecordFilter */
/** @typedef {{words: string, from_day: string, to_day: string, state: RecordFilter|'', page: number}} Wanted */
/** @typedef {{hearing_id: string, case_number: string, cause: string, people: {role: import('./types.js').Role, name: string}[], session: import('./types.js').SessionState, opened_at: string, ended_at: string|null, faults: number, film: import('./types.js').Film['state'], is_sealed: boolean}} RecordCard */
/** @typedef {{records: RecordCard[], total: number, page: number, pages: number}} RecordPage */

/**
 * @typedef {object} ArchiveState
 * @property {Wanted} wanted
 * @property {RecordPage|null} found null until it is known
 * @property {boolean} asksForSignIn
 * @property {string} error
 */

/** @typedef {ReturnType<typeof createArchive>} Archive */

export const FILTERS = /** @type {const} */ (['sealed', 'unsealed', 'film_ready', 'has_faults']);
/** @type {Wanted} */
export const ANYTHING = {words: '', from_day: '', to_day: '', state: '', page: 1};

/** @returns {Wanted} */
function fromAddress() {
  const query = new URLSearchParams(location.search);
  const state = FILTERS.find((filter) => filter === query.get('state')) ?? '';
  const text = (/** @type {string} */ name) => query.get(name) ?? '';
  return {words: text('words'), from_day: text('from_day'), to_day: text('to_day'), state, page: Math.max(1, Number(query.get('page')) || 1)};
}

/** @param {Wanted} wanted only what is asked for */
function queryOf(wanted) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted)) {
    if (value && !(name === 'page' && value === 1)) query.set(name, String(value));
  }
  return String(query) && `?${query}`;
}

/** @param {AbortSignal} life ends the listening */
export function createArchive(life) {
  /** @type {import('../vendor/signals.js').Signal<ArchiveState>} */
  const state = signal({wanted: fromAddress(), found: null, asksForSignIn: false, error: ''});

  /** The only place where this page's state changes. @param {Partial<ArchiveState>} news */
  function tell(news) {
    state.value = {...state.peek(), ...news};
  }

  async function look() {
    const {wanted} = state.peek();
    try {
      const found = /** @type {RecordPage} */ (await call('GET', `/api/recordings${queryOf(wanted)}`));
      if (state.peek().wanted === wanted) tell({found, asksForSignIn: false, error: ''});
    } catch (failure) {
      if (state.peek().wanted !== wanted) return; // something else is looked for by now
      const asksForSignIn = failure instanceof Refused && failure.status === 401;
      tell({asksForSignIn, error: asksForSignIn ? '' : sentence(failure)});
    }
  }

  addEventListener('popstate', () => {
    tell({wanted: fromAddress()});
    void look();
  }, {signal: life});
  void look();
  return {
    state,
    /** @param {Partial<Wanted>} change another question begins at its first page */
    seek(change) {
      const wanted = {...state.peek().wanted, page: 1, ...change};
      history.pushState(null, '', `${location.pathname}${queryOf(wanted)}`);
      tell({wanted, error: ''});
      return look();
    },
    /** @param {string} user_name @param {string} password Rejects with Refused. */
    async signIn(user_name, password) {
      await call('POST', '/api/session', {user_name, password});
      await look();
    },
  };
}
