/** One hearing's record: its manifest and marks, fetched again while they still change; copies; who opened it. */
import {signal} from './html.js';
import {Refused, call, sentence} from './http.js';

/** @typedef {import('./types.js').Manifest} Manifest */
/** @typedef {import('./film-clock.js').MarkList} MarkList */
/** @typedef {'case_file'|'judgment'|'transcript'|'appeal'|'party_request'|'supervision'|'other'} Purpose */
/** @typedef {{subject: 'film'|'track'|'bundle'|'redacted', file: string, purpose: Purpose, reason: string, is_marked: boolean, recipient: string}} CopyWish */
/** @typedef {{id: string, number: number, url: string, name: string, state: 'making'|'ready'|'failed', progress: number, reason: 'disk_full'|'not_sealed'|'no_film'|'failed'|'', bytes: number, bytes_sent: number, expires_at: string}} Ticket */
/** @typedef {{at: string, who: string, name: string, file: string, range_from: number, download_id: string|null, number: number|null, purpose: Purpose|null, reason: string, recipient: string, bytes: number, is_complete: boolean}} Opening */
/** @typedef {'state_secret'|'trade_secret'|'privacy'|'minor'|'other'} Ground */
/** @typedef {{kind: 'sealed'|'unsealed'|'held'|'released', reason: string, ground?: Ground|null, participant?: string|null, began_at?: string|null, ended_at?: string|null, of?: number|null}} OrderWish */
/** @typedef {{n: number, at: string, by: string, kind: OrderWish['kind'], reason: string, ground: Ground|null, participant: string|null, began_at: string|null, ended_at: string|null, of: number|null}} Order */
/** @typedef {{n: number, at: string, name: string, ask: OrderWish, state: 'open'|'granted'|'declined', reason: string}} Proposal */
/** @typedef {{file: string, progress: number, failures: number, reason: ''|'disk_full'|'failed'}} WithheldCopy */
/** @typedef {{orders: Order[], sealed: {order: number, began_at: string, ended_at: string}[], is_held: boolean, may_order: boolean, proposals: Proposal[], copies: WithheldCopy[]}} OrderList */
/** @typedef {{retention: 'permanent'|'long'|'short', is_held: boolean, due: {data: 'record'|'film', due_at: string}[], destroyed: {data: 'record'|'film', at: string, years: number, files: number, bytes: number}[]}} RetentionState */

/**
 * @typedef {object} RecordState
 * @property {string} hearingId
 * @property {Manifest|null} manifest
 * @property {MarkList} marks
 * @property {OrderList|null} orders what a judge ordered, and what the clerk proposes
 * @property {RetentionState|null} retention
 * @property {Ticket[]} copies taken on this page, the newest first
 * @property {Opening[]|null} openings null until asked for
 * @property {boolean} asksForSignIn
 * @property {string} error
 */

/** @typedef {ReturnType<typeof createRecords>} Records */

export const PURPOSES = /** @type {const} */ (['case_file', 'judgment', 'transcript', 'appeal', 'party_request', 'supervision', 'other']);

const AGAIN_MS = 2000;

/** @param {string} hearingId @param {AbortSignal} life ends the polling */
export function createRecords(hearingId, life) {
  const base = `/api/hearings/${encodeURIComponent(hearingId)}/recording`;
  /** @type {import('../vendor/signals.js').Signal<RecordState>} */
  const state = signal({hearingId, manifest: null, marks: {sections: [], marks: [], sealed: []}, orders: null, retention: null, copies: [], openings: null, asksForSignIn: false, error: ''});
  /** @type {Set<ReturnType<typeof setTimeout>>} */
  const timers = new Set();

  /** The only place where this page's state changes. @param {Partial<RecordState>} news */
  function tell(news) {
    state.value = {...state.peek(), ...news};
  }

  /** @param {() => unknown} work */
  function again(work) {
    const timer = setTimeout(() => {
      timers.delete(timer);
      void work();
    }, AGAIN_MS);
    timers.add(timer);
    return timer;
  }

  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let next;
  /** Look again soon; however often that is wished, once. */
  function lookAgain() {
    clearTimeout(next);
    next = again(look);
  }

  async function look() {
    try {
      const manifest = /** @type {Manifest} */ (await call('GET', base));
      const [marks, orders, retention] = await Promise.all([/** @type {Promise<MarkList>} */ (call('GET', `${base}/marks`)),
        manifest.opened_at ? /** @type {Promise<OrderList>} */ (call('GET', `${base}/orders`)) : null,
        /** @type {Promise<RetentionState>} */ (call('GET', `${base}/retention`))]);
      if (life.aborted) return;
      tell({manifest, marks, orders, retention, asksForSignIn: false, error: ''});
      if (isChanging(manifest) || orders?.copies.length) lookAgain();
    } catch (failure) {
      const asksForSignIn = failure instanceof Refused && failure.status === 401;
      tell({asksForSignIn, error: asksForSignIn ? '' : sentence(failure)});
      if (failure instanceof Refused && failure.code === 'offline') lookAgain();
    }
  }

  async function readOpenings() {
    try {
      const answer = /** @type {{entries: Opening[]}} */ (await call('GET', `${base}/access`));
      tell({openings: answer.entries});
    } catch (failure) {
      tell({error: sentence(failure)});
    }
  }

  /** @param {Ticket} ticket */
  function keep(ticket) {
    const others = state.peek().copies.filter(({id}) => id !== ticket.id);
    tell({copies: [ticket, ...others].sort((a, b) => b.number - a.number)});
  }

  /** Ask after a copy until it is made and wholly sent. @param {string} id */
  async function follow(id) {
    if (life.aborted) return;
    const ticket = /** @type {Ticket|null} */ (await call('GET', `${base}/downloads/${encodeURIComponent(id)}`).catch(() => null));
    if (ticket) keep(ticket);
    if (!ticket || ticket.state === 'making' || (ticket.state === 'ready' && ticket.bytes_sent < ticket.bytes)) again(() => follow(id));
    else if (state.peek().openings) void readOpenings();
  }

  life.addEventListener('abort', () => timers.forEach(clearTimeout));
  void look();
  return {
    state,
    base,
    readOpenings,
    /** @param {CopyWish} wish Rejects with Refused. @returns {Promise<Ticket>} */
    async takeCopy(wish) {
      const ticket = /** @type {Ticket} */ (await call('POST', `${base}/downloads`, wish));
      keep(ticket);
      again(() => follow(ticket.id));
      return ticket;
    },
    /** Order it, or propose it to the judge. @param {OrderWish} wish Rejects with Refused. */
    async order(wish) {
      await call('POST', `${base}/orders${state.peek().orders?.may_order ? '' : '/proposals'}`, wish);
      await look();
    },
    /** @param {number} number @param {boolean} is_granted @param {string} reason Rejects with Refused. */
    async answerProposal(number, is_granted, reason) {
      await call('POST', `${base}/orders/proposals/${number}/answer`, {is_granted, reason});
      await look();
    },
    /** @param {string} user_name @param {string} password Rejects with Refused. */
    async signIn(user_name, password) {
      await call('POST', '/api/session', {user_name, password});
      await look();
    },
  };
}

/** True while the court sits or the film is being made. @param {Manifest} manifest */
function isChanging(manifest) {
  return !manifest.sealed || manifest.film.state === 'waiting' || manifest.film.state === 'making';
}
