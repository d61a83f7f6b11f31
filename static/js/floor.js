/** Pure questions about order and floor: whose turn it is, who may open their microphone, who presides. */
/** @typedef {import('./types.js').View} View */
/** @typedef {import('./types.js').Person} Person */

/** @param {View} view @param {string} id */
export function hasWord(view, id) {
  return view.order.floor.holder === id;
}

/** A person's place in the queue, from 1; 0 without a raised hand. @param {View} view @param {string} id */
export function placeOf(view, id) {
  return view.order.floor.hands.findIndex((hand) => hand.participant_id === id) + 1;
}

/** True while you are heard only once you are given the word. @param {View} view */
export function waitsForWord(view) {
  return view.order.floor.is_exclusive && !hasWord(view, view.you.id) && !view.may.includes('speak_unasked');
}

/** True while you can't switch your own microphone on. @param {View} view */
export function isLockedForYou(view) {
  return view.order.floor.is_locked && !hasWord(view, view.you.id) && !view.may.includes('speak_unasked');
}

/** Seconds until the word's time is up; null without a limit. @param {View} view @param {number} courtNowMs */
export function secondsLeft(view, courtNowMs) {
  const endsAt = view.order.floor.ends_at;
  return endsAt === null ? null : Math.max(0, Math.ceil((Date.parse(endsAt) - courtNowMs) / 1000));
}

/** @param {View} view @param {string|null} id @returns {Person|undefined} */
export function personOf(view, id) {
  return view.people.find((person) => person.id === id);
}

const CONNECTED = new Set(['in_court', 'ready_in_lobby', 'checking_in', 'testing', 'in_room', 'called']);
const PANEL = new Set(['judge', 'bench_member']);

/** Those of the panel to whom you could hand over. @param {View} view @param {Person} person */
export function canTakePresiding(view, person) {
  return PANEL.has(person.role) && person.id !== view.order.presiding && person.state === 'in_court';
}

/** True when you may step in for a presiding judge who is gone. @param {View} view */
export function mayStepIn(view) {
  if (!canTakePresiding(view, view.you)) return false;
  const presiding = personOf(view, view.order.presiding);
  return !presiding || !CONNECTED.has(presiding.state);
}

/** People in court who can be given the word. @param {View} view */
export function speakers(view) {
  return view.people.filter((person) => person.state === 'in_court' && person.id !== view.you.id
    && !['judge', 'clerk', 'observer'].includes(person.role));
}
