/** The recordings page: fetches the manifest, and again while it still changes. */
import {signal} from './html.js';
import {Refused, call, sentence} from './http.js';

/** @typedef {import('./types.js').Manifest} Manifest */
/** @typedef {import('./types.js').AccessEntry} AccessEntry */

/**
 * @typedef {object} RecordState
 * @property {string} hearingId
 * @property {Manifest|null} manifest
 * @property {AccessEntry[]|null} access null when it isn't yours to read, or not yet known
 * @property {boolean} asksForSignIn
 * @property {string} error
 */

/** @typedef {ReturnType<typeof createRecords>} Records */

const AGAIN_MS = 2000;

/** @param {AbortSignal} life ends the polling */
export function createRecords(life) {
  const hearingId = decodeURIComponent(location.pathname.split('/').filter(Boolean)[1] ?? '');
  const base = `/api/hearings/${encodeURIComponent(hearingId)}/recording`;
  /** @type {import('../vendor/signals.js').Signal<RecordState>} */
  const state = signal({hearingId, manifest: null, access: null, asksForSignIn: false, error: ''});
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let again;

  /** The only place where this page's state changes. @param {Partial<RecordState>} news */
  function tell(news) {
    state.value = {...state.peek(), ...news};
  }

  async function look() {
    clearTimeout(again);
    try {
      const manifest = /** @type {Manifest} */ (await call('GET', base));
      tell({manifest, asksForSignIn: false, error: ''});
      if (isChanging(manifest)) again = setTimeout(look, AGAIN_MS);
    } catch (failure) {
      const asksForSignIn = failure instanceof Refused && failure.status === 401;
      tell({asksForSignIn, error: asksForSignIn ? '' : sentence(failure)});
      if (failure instanceof Refused && failure.code === 'offline') again = setTimeout(look, AGAIN_MS);
    }
  }

  async function readAccess() {
    try {
      const answer = /** @type {{entries: AccessEntry[]}} */ (await call('GET', `${base}/access`));
      tell({access: answer.entries});
    } catch (failure) {
      tell({error: sentence(failure)});
    }
  }

  life.addEventListener('abort', () => clearTimeout(again));
  void look();
  return {
    state,
    base,
    readAccess,
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
