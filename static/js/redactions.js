/** Redacted copies of one hearing's film: the list, asked for again while one is made, and the asking for another. */
import {signal} from './html.js';
import {call} from './http.js';

/** @typedef {'silence'|'bleep'|'blank'|'cover'} Means */
/** @typedef {'publication'|'parties'|'training'|'other'} RedactionPurpose */
/** @typedef {{began_at: string, ended_at: string, means: Means, participant: string|null, reason: string}} Redaction */
/** @typedef {Redaction & {from_ms: number, to_ms: number, order: number|null}} RedactedSpan */
/** @typedef {{number: number, purpose: RedactionPurpose, note: string, ordered_by: string, ordered_at: string, redactions: RedactedSpan[],
 *   state: 'making'|'ready'|'failed', progress: number, bytes: number, sha256: string|null, is_withheld: boolean}} RedactedCopy */
/** @typedef {{copies: RedactedCopy[], may_redact: boolean}} RedactionList */
/** @typedef {{purpose: RedactionPurpose, note: string, redactions: Redaction[]}} RedactionAsk */
/** @typedef {ReturnType<typeof createRedactions>} RedactionDesk */

export const MEANS = /** @type {const} */ (['bleep', 'silence', 'blank', 'cover']);
export const REDACTION_PURPOSES = /** @type {const} */ (['publication', 'parties', 'training', 'other']);
export const MOST_REDACTIONS = 60;
const AGAIN_MS = 2000;

/** @param {string} base `/api/hearings/ID/recording` @param {AbortSignal} life ends the asking */
export function createRedactions(base, life) {
  /** @type {import('../vendor/signals.js').Signal<RedactionList|null>} */
  const list = signal(/** @type {RedactionList|null} */ (null));
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;

  /** @param {RedactionList} told */
  function tell(told) {
    if (life.aborted) return;
    list.value = told;
    clearTimeout(timer);
    if (told.copies.some(({state}) => state === 'making')) timer = setTimeout(look, AGAIN_MS);
  }

  async function look() {
    const told = /** @type {RedactionList|null} */ (await call('GET', `${base}/redactions`).catch(() => null)); // the page itself says what is wrong
    if (told) tell(told);
  }

  life.addEventListener('abort', () => clearTimeout(timer));
  void look();
  return {
    list,
    /** @param {RedactionAsk} ask Rejects with Refused. */
    async make(ask) {
      tell(/** @type {RedactionList} */ (await call('POST', `${base}/redactions`, ask)));
    },
  };
}

/** `1:02:03`, `2:03` or `3` in seconds of the film; null for anything else. @param {string} text */
export function filmSecond(text) {
  const parts = text.trim().replaceAll('：', ':').split(':');
  if (parts.length > 3 || !parts.every((part) => /^\d{1,5}(\.\d{1,3})?$/.test(part))) return null;
  return parts.reduce((sum, part) => sum * 60 + Number(part), 0);
}
