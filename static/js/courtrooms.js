/** All courtrooms of one clerk: looked at again and again, and acts as each hearing's clerk. No page. */
import {call} from './http.js';

/**
 * @typedef {object} Courtroom
 * @property {string} id
 * @property {string} case_number
 * @property {string} cause
 * @property {string} scheduled_at
 * @property {import('./types.js').SessionState} session
 * @property {import('./types.js').Phase} phase
 * @property {string|null} opened_at
 * @property {import('./types.js').Delay|null} delay
 * @property {boolean} judge_present
 * @property {string|null} clerk
 * @property {import('./types.js').Readiness[]} people
 * @property {import('./types.js').HelpTask[]} help
 * @property {import('./types.js').Message[]} messages
 * @property {{participant_id: string, kind: import('./types.js').FindingKind, confidence: 'clear'|'likely'|'possible', since: string}[]} trouble
 * @property {{state: 'off'|'writing'|'stalled', bytes_last_5s: number}|null} recorder
 */

/** @returns {Promise<Courtroom[]>} Rejects with Refused. */
export async function courtroomsNow() {
  return /** @type {{courtrooms: Courtroom[]}} */ (await call('GET', '/api/courtrooms')).courtrooms;
}

/** Rejects with Refused. @param {string} hearingId @param {string} kind @param {Record<string, unknown>} [fields] */
export async function actAsClerk(hearingId, kind, fields = {}) {
  await call('POST', `/api/hearings/${encodeURIComponent(hearingId)}/acts`, {id: crypto.randomUUID(), command: {kind, ...fields}});
}

/** What the recorder sign says. @param {Courtroom} room @returns {'writing'|'stalled'|'off'} */
export function recorderSign({recorder}) {
  if (recorder?.state === 'stalled') return 'stalled';
  return recorder?.state === 'writing' && recorder.bytes_last_5s > 0 ? 'writing' : 'off';
}
