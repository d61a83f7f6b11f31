/** The page's one state, changed here and nowhere else: `tell` takes news, `reduce` says what follows. */
import {signal} from './html.js';

/** @typedef {import('./types.js').View} View */
/** @typedef {'opening'|'live'|'reconnecting'|'ended'} LinkState */
/** @typedef {'denied'|'missing'|'busy'|'unsupported'|'lost'|'taken'|null} Problem */
/** @typedef {{track: MediaStreamTrack|null, problem: Problem, choices: {id: string, label: string}[]}} Device */
/** @typedef {'none'|'connecting'|'connected'|'lost'} MediaState */
/** @typedef {{id: number, tone: 'calm'|'alarm', text: string}} Toast */
/** @typedef {{stream: MediaStream, mids: string[]}} Line */

/**
 * @typedef {object} State
 * @property {import('./types.js').Seat|null} seat
 * @property {import('./types.js').ErrorBody|null} refusal why the link doesn't open the door
 * @property {string} removedFor the court's reason for removing this person
 * @property {boolean} isSeatTaken another device holds the seat, and was asked to give it up
 * @property {LinkState} link
 * @property {number|null} lostAtMs when the link was lost, in this device's time
 * @property {number} seatHeldS how long a lost seat shows as reconnecting
 * @property {import('./types.js').GoodbyeReason|'left'|null} goodbye
 * @property {View|null} view
 * @property {number} clockOffsetMs court time minus this device's time
 * @property {import('./types.js').RecorderHealth|null} recorder null until the first report
 * @property {{free_bytes: number, state: 'ok'|'low'|'critical'}|null} disk room for the record; only for those who keep order
 * @property {string|null} suspendsAt when the court is suspended for want of a recorder
 * @property {number} weatherAtMs when the court last told of recorder and media, in this device's time
 * @property {string|null} speaker who is heard most, by the court's ear; null when nobody or unknown
 * @property {Record<string, 'weak_link'|'source_stalled'>} paused whose picture isn't sent to you, and why
 * @property {import('./types.js').LinkWeather|null} ownLink
 * @property {Record<string, import('./types.js').LinkWeather>} links of everyone in court; only for those who keep order
 * @property {Record<string, import('./types.js').Finding>} findings connections that aren't fine; only for those who keep order
 * @property {{number: string, at: string, participant_id: string}[]} incidents checks that people sent in; for the same
 * @property {boolean} mayAskDevices the person has said that camera and microphone may be asked for
 * @property {boolean} areDevicesKnown false until the browser has given, or refused, camera and microphone
 * @property {Device} microphone
 * @property {Device} camera
 * @property {{microphone: boolean, camera: boolean}} wish the person's own switches
 * @property {MediaState} media
 * @property {Record<string, MediaStream>} streams by participant id
 * @property {MediaStream|null} courtScreen the screen that the court is shown
 * @property {MediaStreamTrack|null} screen this person's own, while they share it
 * @property {ReadonlySet<string>} speaking participant ids
 * @property {import('./types.js').SpeechTime|null} speech only for who presides
 * @property {import('./types.js').Written|null} written what was recorded of everyone's sound; only for those who keep order
 * @property {ReadonlySet<string>} frozen participant ids whose picture stands still although it should move
 * @property {boolean} isWeak true while the network is poor, as seen from here
 * @property {boolean} isSoundBlocked true when the browser wants a touch before it plays sound
 * @property {Toast[]} toasts
 */

/**
 * @typedef {{kind: 'seated', seat: import('./types.js').Seat}
 *  | {kind: 'refused', refusal: import('./types.js').ErrorBody}
 *  | {kind: 'full', refusal: import('./types.js').ErrorBody}
 *  | {kind: 'seat_taken'}
 *  | {kind: 'removed_for', reason: string}
 *  | {kind: 'link', link: LinkState, seatHeldS?: number}
 *  | {kind: 'view', view: View, now: string}
 *  | {kind: 'weather', weather: import('./types.js').Weather}
 *  | {kind: 'goodbye', reason: import('./types.js').GoodbyeReason|'left'}
 *  | {kind: 'device', which: 'microphone'|'camera', device: Partial<Device>}
 *  | {kind: 'devices_known'}
 *  | {kind: 'ask_devices'}
 *  | {kind: 'wish', wish: {microphone?: boolean, camera?: boolean}}
 *  | {kind: 'media', media: MediaState}
 *  | {kind: 'streams', streams: Record<string, MediaStream>, courtScreen: MediaStream|null}
 *  | {kind: 'screen', track: MediaStreamTrack|null}
 *  | {kind: 'heard', speaking: ReadonlySet<string>, frozen: ReadonlySet<string>, isWeak: boolean}
 *  | {kind: 'sound_blocked', isBlocked: boolean}
 *  | {kind: 'toast', toast: Toast}
 *  | {kind: 'toast_gone', id: number}} News
 */

/** @type {Device} */
const NO_DEVICE = {track: null, problem: null, choices: []};

const NO_WEATHER = {recorder: null, disk: null, suspendsAt: null, speaker: null, paused: {}, ownLink: null, links: {}, findings: {}, incidents: [], written: null, speech: null};

/** @type {State} */
const AT_FIRST = {
  seat: null,
  refusal: null,
  removedFor: '',
  isSeatTaken: false,
  link: 'opening',
  lostAtMs: null,
  seatHeldS: 20,
  goodbye: null,
  view: null,
  clockOffsetMs: 0,
  recorder: null,
  disk: null,
  suspendsAt: null,
  weatherAtMs: 0,
  speaker: null,
  paused: {},
  ownLink: null,
  links: {},
  findings: {},
  incidents: [],
  written: null,
  speech: null,
  mayAskDevices: false,
  areDevicesKnown: false,
  microphone: NO_DEVICE,
  camera: NO_DEVICE,
  wish: {microphone: true, camera: true},
  media: 'none',
  streams: {},
  courtScreen: null,
  screen: null,
  speaking: new Set(),
  frozen: new Set(),
  isWeak: false,
  isSoundBlocked: false,
  toasts: [],
};

const TOASTS_AT_ONCE = 3;

/** @param {State} state @param {News} news @returns {State} */
export function reduce(state, news) {
  switch (news.kind) {
    case 'seated':
      return {...state, seat: news.seat, refusal: null};
    case 'refused':
      return {...state, refusal: news.refusal, link: 'ended'};
    case 'removed_for':
      return {...state, removedFor: news.reason};
    case 'seat_taken':
      return {...state, isSeatTaken: true};
    case 'full':
      return {...state, refusal: news.refusal};
    case 'link':
      return linked(state, news.link, news.seatHeldS ?? state.seatHeldS);
    case 'view':
      return {...state, view: news.view, clockOffsetMs: offset(news.now)};
    case 'weather':
      return {...state, ...weather(news.weather)};
    case 'goodbye':
      return {...state, goodbye: news.reason};
    case 'device':
      return {...state, [news.which]: {...state[news.which], ...news.device}};
    case 'ask_devices':
      return {...state, mayAskDevices: true};
    case 'devices_known':
      return {...state, areDevicesKnown: true};
    case 'wish':
      return {...state, wish: {...state.wish, ...news.wish}};
    case 'media':
      return {...state, media: news.media};
    case 'streams':
      return {...state, streams: news.streams, courtScreen: news.courtScreen};
    case 'screen':
      return {...state, screen: news.track};
    case 'heard':
      return {...state, speaking: news.speaking, frozen: news.frozen, isWeak: news.isWeak};
    case 'sound_blocked':
      return {...state, isSoundBlocked: news.isBlocked};
    case 'toast':
      return {...state, toasts: [...state.toasts.filter(({text}) => text !== news.toast.text), news.toast].slice(-TOASTS_AT_ONCE)};
    case 'toast_gone':
      return {...state, toasts: state.toasts.filter((toast) => toast.id !== news.id)};
  }
}

/** @param {State} state @param {LinkState} link @param {number} seatHeldS @returns {State} */
function linked(state, link, seatHeldS) {
  if (link === 'live') return {...state, isSeatTaken: false, link, seatHeldS, lostAtMs: null, refusal: null};
  return {...state, ...NO_WEATHER, link, seatHeldS, lostAtMs: state.lostAtMs ?? Date.now()};
}

/** @param {import('./types.js').Weather} told */
function weather({recorder, now, disk = null, suspends_at: suspendsAt = null, speaker = null, paused = [], link = null, links = [], findings = [], incidents = [], written = null, speech = null}) {
  return {
    recorder,
    disk,
    suspendsAt,
    weatherAtMs: Date.now(),
    clockOffsetMs: offset(now),
    speaker,
    paused: Object.fromEntries(paused.map(({participant_id, reason}) => [participant_id, reason])),
    ownLink: link,
    findings: Object.fromEntries(findings.map(({participant_id, ...finding}) => [participant_id, finding])),
    incidents,
    links: Object.fromEntries(links.map((each) => [each.participant_id, each])),
    written,
    speech,
  };
}

/** @param {string} now the court's time in a message */
function offset(now) {
  return Date.parse(now) - Date.now();
}

/** @typedef {ReturnType<typeof createStore>} Store */

/** One store per page. */
export function createStore() {
  const state = signal(AT_FIRST);
  /** Loudness by participant id: apart from the state, because it changes all the time. */
  const levels = signal(/** @type {Record<string, number>} */ ({}));
  let toasts = 0;

  /** @param {News} news */
  function tell(news) {
    state.value = reduce(state.peek(), news);
  }

  /** Show a sentence for a while. @param {string} text @param {'calm'|'alarm'} [tone] */
  function toast(text, tone = 'calm') {
    const id = ++toasts;
    tell({kind: 'toast', toast: {id, tone, text}});
    setTimeout(() => tell({kind: 'toast_gone', id}), tone === 'alarm' ? 8000 : 5000);
  }

  return {state, levels, tell, toast};
}
