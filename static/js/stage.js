/** Pure questions about the state: where the person is, and what they may be shown. */

/** @typedef {import('./types.js').View} View */
/** @typedef {'opening'|'refused'|'preview'|'waiting'|'court'|'gone'|'over'} Stage */

const ENDED = new Set(['closed', 'adjourned', 'converted_offline', 'cancelled']);
const COURT_SITS = new Set(['in_session', 'transcript_review']);
const WAITS = new Set(['ready_in_lobby', 'called', 'in_room']);

/** Which page the person sees. @param {import('./store.js').State} state @returns {Stage} */
export function stageOf(state) {
  if (state.refusal) return 'refused';
  if (!state.seat || !state.view) return state.goodbye ? 'gone' : 'opening';
  if (ENDED.has(state.view.session)) return 'over';
  if (state.goodbye || state.view.you.state === 'removed') return 'gone';
  if (state.view.you.state === 'in_court') return 'court';
  return WAITS.has(state.view.you.state) ? 'waiting' : 'preview';
}

/** True while the courtroom is heard. @param {View} view */
export function courtSits(view) {
  return COURT_SITS.has(view.session);
}

/** @param {View} view @param {import('./types.js').Permission} permission */
export function may(view, permission) {
  return view.may.includes(permission);
}

/** True when the person's microphone may be open now. @param {import('./store.js').State} state */
export function mayBeHeard({view, wish}) {
  return Boolean(view && courtSits(view) && view.you.microphone_on && !view.you.muted_by_court && wish.microphone);
}

/** True when the person's picture may go out now. @param {import('./store.js').State} state */
export function mayBeSeen({view, wish}) {
  return Boolean(view && view.you.camera_on && wish.camera);
}

/** A person in court, or whose seat there is held. @param {import('./types.js').Person} person */
export function sitsInCourt(person) {
  return person.state === 'in_court' || person.state === 'reconnecting' || person.state === 'disconnected';
}

/** People who stand at the door. @param {View} view */
export function waiting(view) {
  return view.people.filter((person) => person.id !== view.you.id && WAITS.has(person.state));
}

/** Everyone whose tile is shown, bench first. @param {View} view */
export function seated(view) {
  return view.people.filter((person) => person.id === view.you.id || sitsInCourt(person));
}

const HEARD_WITHIN_MS = 10_000;

/**
 * What the record sign says: `writing` only while the court tells us that bytes reach the disk.
 * @param {import('./store.js').State} state @param {View} view @param {number} nowMs this device's time
 * @returns {'writing'|'starting'|'stalled'|'unknown'|'off_record'|'off'}
 */
export function recordSign({recorder, recorderHeardAtMs, link}, view, nowMs) {
  if (link !== 'live') return 'unknown';
  if (!courtSits(view) || view.record_mode === 'off_record') return view.opened_at ? 'off_record' : 'off';
  if (!recorder) return 'starting';
  if (nowMs - recorderHeardAtMs > HEARD_WITHIN_MS) return 'unknown';
  if (recorder.state === 'stalled') return 'stalled';
  return recorder.state === 'writing' && recorder.bytes_last_5s > 0 ? 'writing' : 'starting';
}
