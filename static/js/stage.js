/** Pure questions about the state: where the person is, and what they may be shown. */

import {waitsForWord} from './floor.js';
import {isInRoom, isShutOut, roommates} from './rooms.js';
import {ownTalk} from './talk.js';

/** @typedef {import('./types.js').View} View */
/** @typedef {'opening'|'refused'|'preview'|'waiting'|'court'|'room'|'gone'|'over'} Stage */

const ENDED = new Set(['closed', 'adjourned', 'converted_offline', 'cancelled']);
const COURT_SITS = new Set(['in_session', 'transcript_review']);
const WAITS = new Set(['ready_in_lobby', 'called']);

/** Which page the person sees. @param {import('./store.js').State} state @returns {Stage} */
export function stageOf(state) {
  if (state.refusal) return 'refused';
  if (!state.seat || !state.view) return state.goodbye ? 'gone' : 'opening';
  if (ENDED.has(state.view.session)) return 'over';
  if (state.goodbye || state.view.you.state === 'removed') return 'gone';
  if (state.view.you.state === 'in_court') return 'court';
  if (isInRoom(state.view)) return 'room';
  return WAITS.has(state.view.you.state) ? 'waiting' : 'preview';
}

/** True for whoever goes through every step of the check-in. @param {View} view */
export function mustCheckIn(view) {
  return view.lobby.check_in.must;
}

/**
 * What keeps a person out of the courtroom; only the court's desk knows of others.
 * @param {View} view @param {string} id @returns {import('./types.js').Lack[]}
 */
export function lacksOf(view, id) {
  return view.lobby.board.find((line) => line.participant_id === id)?.lacks ?? [];
}

const BEFORE_DEVICES = new Set(['language', 'self', 'identity']);

/** True once camera and microphone may be asked for: not before the person was told why. @param {import('./store.js').State} state */
export function mayAskDevices({view, mayAskDevices}) {
  if (!view) return false;
  return mayAskDevices || !mustCheckIn(view) || !BEFORE_DEVICES.has(view.lobby.check_in.step) || WAITS.has(view.you.state)
    || view.you.state === 'in_court' || view.you.state === 'in_room';
}

/** True while the courtroom is heard. @param {View} view */
export function courtSits(view) {
  return COURT_SITS.has(view.session);
}

/** @param {View} view @param {import('./types.js').Permission} permission */
export function may(view, permission) {
  return view.may.includes(permission);
}

/** The fault of the recording that lasts now, for those who are told of gaps. @param {View} view */
export function openFault(view) {
  return view.gaps.find(({reason, ended_at: endedAt}) => reason === 'FAULT' && endedAt === null) ?? null;
}

/** True when the person's microphone may be open now. @param {import('./store.js').State} state */
export function mayBeHeard({view, wish}) {
  if (view && ownTalk(view)) return view.you.microphone_on && wish.microphone; // aside of the court and its order
  if (view && isInRoom(view)) return view.you.microphone_on && wish.microphone; // order ends at the room's door
  return Boolean(view && courtSits(view) && view.you.microphone_on && !view.you.muted_by_court && wish.microphone && !waitsForWord(view));
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
export function recordSign({recorder, weatherAtMs, link}, view, nowMs) {
  if (link !== 'live') return 'unknown';
  if (!courtSits(view) || view.record_mode === 'off_record') return view.opened_at ? 'off_record' : 'off';
  if (!recorder) return 'starting';
  if (nowMs - weatherAtMs > HEARD_WITHIN_MS) return 'unknown';
  if (recorder.state === 'stalled') return 'stalled';
  return recorder.state === 'writing' && recorder.bytes_last_5s > 0 ? 'writing' : 'starting';
}

/**
 * True when somebody else should be heard or seen now, so that silence means trouble.
 * @param {import('./store.js').State} state
 */
export function isExpecting({view, paused}) {
  if (!view || isShutOut(view)) return false;
  const shows = (/** @type {import('./types.js').Person} */ person) => person.camera_on && !paused[person.id] && !view.you.sound_only;
  if (isInRoom(view)) return roommates(view).some((person) => person.id !== view.you.id && person.state === 'in_room' && (person.microphone_on || shows(person)));
  if (!courtSits(view)) return false;
  return view.people.some((person) => person.id !== view.you.id && person.state === 'in_court'
    && ((person.microphone_on && !person.muted_by_court) || shows(person)));
}

/**
 * Who speaks: by the court's ear where it tells, else by what is heard here.
 * @param {import('./store.js').State} state @param {string} id @param {string} ownName your own name in `speaking`
 */
export function isSpeaking({speaker, ownLink, speaking, view}, id, ownName) {
  if (ownLink) return speaker === id;
  return speaking.has(id === view?.you.id ? ownName : id);
}

const FAIR = {lossPercent: 3, roundTripMs: 250};
const WEAK = {lossPercent: 8, roundTripMs: 450};

/** How good a person's connection is. @param {import('./types.js').LinkWeather} link @returns {'none'|'weak'|'fair'|'good'} */
export function gradeOf({connected, rtt_ms, loss_up_percent, loss_down_percent}) {
  if (!connected) return 'none';
  const isBeyond = (/** @type {typeof FAIR} */ {lossPercent, roundTripMs}) =>
    Math.max(loss_up_percent, loss_down_percent) >= lossPercent || (rtt_ms ?? 0) >= roundTripMs;
  if (isBeyond(WEAK)) return 'weak';
  return isBeyond(FAIR) ? 'fair' : 'good';
}

/** Loudness for the eye, from 0 to 1. @param {number} dbov 0 is the loudest, -127 silence (RFC 6464) */
export function loudness(dbov) {
  return Math.min(1, Math.max(0, (dbov + 60) / 50));
}
