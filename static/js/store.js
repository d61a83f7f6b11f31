/** The page's one state, changed here and nowhere else: `tell` takes news, `reduce` says what follows. */
import {signal} from './html.js';

/** @typedef {import('./types.js').View} View */
/** @typedef {'opening'|'live'|'reconnecting'|'ended'} LinkState */
/** @typedef {'denied'|'missing'|'busy'|'unsupported'|'lost'|null} Problem */
/** @typedef {{track: MediaStreamTrack|null, problem: Problem, choices: {id: string, label: string}[]}} Device */
/** @typedef {'none'|'connecting'|'connected'|'lost'} MediaState */
/** @typedef {{id: number, tone: 'calm'|'alarm', text: string}} Toast */
/** @typedef {{stream: MediaStream, mids: string[]}} Line */

/**
 * @typedef {object} State
 * @property {import('./types.js').Seat|null} seat
 * @property {import('./types.js').ErrorBody|null} refusal why the link doesn't open the door
 * @property {LinkState} link
 * @property {import('./types.js').GoodbyeReason|'left'|null} goodbye
 * @property {View|null} view
 * @property {number} clockOffsetMs court time minus this device's time
 * @property {import('./types.js').RecorderHealth|null} recorder null until the first report
 * @property {number} recorderHeardAtMs when it was told, in this device's time
 * @property {boolean} areDevicesKnown false until the browser has given, or refused, camera and microphone
 * @property {Device} microphone
 * @property {Device} camera
 * @property {{microphone: boolean, camera: boolean}} wish the person's own switches
 * @property {MediaState} media
 * @property {Record<string, MediaStream>} streams by participant id
 * @property {ReadonlySet<string>} speaking participant ids
 * @property {boolean} isWeak true while the network is poor
 * @property {boolean} isSoundBlocked true when the browser wants a touch before it plays sound
 * @property {Toast[]} toasts
 */

/**
 * @typedef {{kind: 'seated', seat: import('./types.js').Seat}
 *  | {kind: 'refused', refusal: import('./types.js').ErrorBody}
 *  | {kind: 'link', link: LinkState}
 *  | {kind: 'view', view: View, now: string}
 *  | {kind: 'weather', recorder: import('./types.js').RecorderHealth, now: string}
 *  | {kind: 'goodbye', reason: import('./types.js').GoodbyeReason|'left'}
 *  | {kind: 'device', which: 'microphone'|'camera', device: Partial<Device>}
 *  | {kind: 'devices_known'}
 *  | {kind: 'wish', wish: {microphone?: boolean, camera?: boolean}}
 *  | {kind: 'media', media: MediaState}
 *  | {kind: 'streams', streams: Record<string, MediaStream>}
 *  | {kind: 'heard', speaking: ReadonlySet<string>, isWeak: boolean}
 *  | {kind: 'sound_blocked', isBlocked: boolean}
 *  | {kind: 'toast', toast: Toast}
 *  | {kind: 'toast_gone', id: number}} News
 */

/** @type {Device} */
const NO_DEVICE = {track: null, problem: null, choices: []};

/** @type {State} */
const AT_FIRST = {
  seat: null,
  refusal: null,
  link: 'opening',
  goodbye: null,
  view: null,
  clockOffsetMs: 0,
  recorder: null,
  recorderHeardAtMs: 0,
  areDevicesKnown: false,
  microphone: NO_DEVICE,
  camera: NO_DEVICE,
  wish: {microphone: true, camera: true},
  media: 'none',
  streams: {},
  speaking: new Set(),
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
    case 'link':
      return {...state, link: news.link, recorder: news.link === 'live' ? state.recorder : null};
    case 'view':
      return {...state, view: news.view, clockOffsetMs: offset(news.now)};
    case 'weather':
      return {...state, recorder: news.recorder, recorderHeardAtMs: Date.now(), clockOffsetMs: offset(news.now)};
    case 'goodbye':
      return {...state, goodbye: news.reason};
    case 'device':
      return {...state, [news.which]: {...state[news.which], ...news.device}};
    case 'devices_known':
      return {...state, areDevicesKnown: true};
    case 'wish':
      return {...state, wish: {...state.wish, ...news.wish}};
    case 'media':
      return {...state, media: news.media};
    case 'streams':
      return {...state, streams: news.streams};
    case 'heard':
      return {...state, speaking: news.speaking, isWeak: news.isWeak};
    case 'sound_blocked':
      return {...state, isSoundBlocked: news.isBlocked};
    case 'toast':
      return {...state, toasts: [...state.toasts, news.toast].slice(-TOASTS_AT_ONCE)};
    case 'toast_gone':
      return {...state, toasts: state.toasts.filter((toast) => toast.id !== news.id)};
  }
}

/** @param {string} now the court's time in a message */
function offset(now) {
  return Date.parse(now) - Date.now();
}

/** @typedef {ReturnType<typeof createStore>} Store */

/** One store per page. */
export function createStore() {
  const state = signal(AT_FIRST);
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

  return {state, tell, toast};
}
