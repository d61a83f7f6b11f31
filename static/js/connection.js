/**
 * The conversation with the court: events in order, commands and their answers, over whichever line lives.
 *
 * A network can die without a word. So when the beats stop, a second line is dialled while the first is left
 * to die; whichever speaks first stays, and the other goes. Knows no page.
 */
import {Refused} from './http.js';
import {t} from './language.js';
import {ANSWER_WITHIN_MS, openLine} from './line.js';
import {deviceName} from './seat.js';
import {createWatchdog, dialPatienceMs, LEAST_PATIENCE_MS, redialAfterMs} from './watchdog.js';

/** @typedef {import('./types.js').ErrorBody} ErrorBody */
/** @typedef {import('./types.js').CourtMessage} CourtMessage */
/** @typedef {import('./line.js').Line} Line */

const TRIES = 3;
const LOOK_EVERY_MS = 200;
const LOST_AFTER_MS = 2000;
const OPENS_WITHIN_MS = 10_000;
const FULL_RETRY_MS = 10_000;
const YOUNG_MS = 400;
const WORTH_RETURNING = new Set(['shutting_down', 'too_slow', 'replaced']);

/**
 * What the connection tells its owner.
 * @typedef {object} Ears
 * @property {(link: 'live'|'reconnecting'|'ended') => void} onLink
 * @property {(seatHeldS: number) => void} onAttached the seat is taken, or taken again
 * @property {(message: {view: import('./types.js').View, event: import('./types.js').CourtEvent|null, now: string}) => void} onCourt
 * @property {(weather: import('./types.js').Weather) => void} onWeather
 * @property {(place: import('./exhibits.js').Pointing) => void} onPoint where the presenter points
 * @property {() => void} onMediaLost
 * @property {(reason: import('./types.js').GoodbyeReason) => void} onGoodbye
 * @property {(refusal: ErrorBody) => void} onRefused the seat isn't valid any more
 * @property {() => void} onSeatTaken another device sits there; the court was asked
 * @property {(refusal: ErrorBody) => void} onFull no room for this hearing yet; it is asked for again
 */

/** @typedef {ReturnType<typeof createConnection>} Connection */

/** @param {string} seatToken @param {Ears} ears @param {AbortSignal} signal ends the watching */
export function createConnection(seatToken, ears, signal) {
  const page = freshId();
  const device = deviceName();
  const dog = createWatchdog(performance.now());
  let seq = 0;
  let failures = 0;
  let isEnded = false;
  /** @type {'opening'|'live'|'reconnecting'|'ended'} */
  let link = 'opening';
  /** @type {Line|null} the line that holds the seat, as far as we know */
  let current = null;
  /** @type {{line: Line, dialledAtMs: number, mustWin: boolean}|null} the one that may take over */
  let rival = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let redial;
  /** @type {Set<() => void>} those who wait for the link to stand, or to end */
  const waiting = new Set();

  /** @param {'live'|'reconnecting'|'ended'} next */
  function enter(next) {
    if (link === next) return;
    link = next;
    if (next !== 'reconnecting') {
      waiting.forEach((wake) => wake());
      waiting.clear();
    }
    ears.onLink(next);
  }

  /** @param {boolean} [mustWin] the old line isn't wanted any more, even if it lives */
  function dial(mustWin = false) {
    clearTimeout(redial);
    redial = undefined;
    if (isEnded) return;
    if (rival) {
      rival.mustWin ||= mustWin;
      return;
    }
    const patienceMs = link === 'opening' ? OPENS_WITHIN_MS : dialPatienceMs(failures);
    const terms = {token: seatToken, page, device, patienceMs, seq: () => seq};
    rival = {line: openLine(terms, lineEars), dialledAtMs: performance.now(), mustWin};
  }

  /** @param {number} [waitMs] */
  function dialLater(waitMs = redialAfterMs(failures, Math.random())) {
    if (isEnded || redial !== undefined) return;
    redial = setTimeout(dial, waitMs);
  }

  function dropRival() {
    rival?.line.close();
    rival = null;
  }

  /** The network has changed under us: what was begun before belongs to the old one. */
  function networkChanged() {
    if (rival && performance.now() - rival.dialledAtMs > YOUNG_MS && !rival.line.isAttaching) dropRival();
    failures = 0;
    if (link !== 'opening') dial();
  }

  /** The page is looked at again: anything may have happened. */
  function wokenUp() {
    const now = performance.now();
    if (!document.hidden && link !== 'opening' && dog.silentForMs(now) > dog.patienceMs(now)) dial();
  }

  function look() {
    const now = performance.now();
    const isSilent = dog.isSilent(now);
    if (!current || !isSilent) return;
    if (dog.silentForMs(now) > LOST_AFTER_MS) enter('reconnecting');
    if (redial === undefined) dial();
  }

  /** @type {import('./line.js').LineEars} */
  const lineEars = {
    onSpoke(line) {
      if (line !== current) return;
      const now = performance.now();
      const silentForMs = dog.silentForMs(now);
      dog.heard(now);
      if (rival?.mustWin || rival?.line.isAttaching) return;
      clearTimeout(redial);
      redial = undefined;
      dropRival();
      if (silentForMs > LEAST_PATIENCE_MS) dog.wasWrong(now);
      if (link === 'reconnecting') void line.resume(); // the court may have given us up meanwhile
    },
    onBeat(line) {
      if (line === current) dog.beat(performance.now());
    },
    onAttached(line, answer, since) {
      if (line !== current) {
        if (line !== rival?.line) return line.close();
        rival = null;
        current?.close();
        current = line;
      }
      dog.begin(performance.now());
      failures = 0;
      seq = answer.view.seq;
      ears.onCourt({view: answer.view, event: null, now: answer.now});
      enter('live');
      ears.onAttached(answer.seat_held_s);
      since.forEach((message) => lineEars.onCourt(line, message));
    },
    onCourt(line, message) {
      if (line !== current || message.seq <= seq) return;
      if (message.seq > seq + 1) return void line.resume();
      seq = message.seq;
      ears.onCourt(message);
    },
    onWeather: (line, weather) => line === current && ears.onWeather(weather),
    onPoint: (line, place) => line === current && ears.onPoint(place),
    onMediaLost: (line) => line === current && ears.onMediaLost(),
    onSeatTaken: (line) => line === rival?.line && ears.onSeatTaken(),
    onGoodbye(line, reason) {
      if (reason === 'seat_refused' && line === rival?.line) {
        ears.onGoodbye(reason);
        return end();
      }
      if (line !== current) return;
      if (!WORTH_RETURNING.has(reason)) {
        ears.onGoodbye(reason);
        end();
      }
    },
    onEnd(line, refusal) {
      if (refusal?.code === 'link_not_valid') {
        end();
        return ears.onRefused(refusal);
      }
      if (refusal?.code === 'court_full') ears.onFull(refusal);
      if (line === rival?.line) {
        rival = null;
        failures += 1;
      } else if (line === current) {
        current = null;
        enter('reconnecting');
      } else {
        return;
      }
      if (!rival) dialLater(refusal?.code === 'court_full' ? FULL_RETRY_MS : undefined);
    },
  };

  function end() {
    if (isEnded) return;
    isEnded = true;
    clearTimeout(redial);
    clearInterval(looking);
    dropRival();
    current?.close();
    current = null;
    enter('ended');
  }

  const looking = setInterval(look, LOOK_EVERY_MS);
  signal.addEventListener('abort', end);
  watchNetwork(networkChanged, wokenUp, signal);

  /** @returns {Promise<void>} */
  function live() {
    if (link === 'live' || isEnded) return Promise.resolve();
    return new Promise((wake) => {
      waiting.add(wake);
      setTimeout(wake, ANSWER_WITHIN_MS);
    });
  }

  /**
   * Send until answered, again at once where a new line has taken over: a command's id makes sending it twice
   * harmless.
   * @param {string} event @param {object} payload @param {number} tries
   */
  async function ask(event, payload, tries) {
    for (let attempt = 0; attempt < tries && !isEnded; attempt += 1) {
      await live();
      const line = current;
      const answer = link === 'live' && line ? await line.ask(event, payload) : null;
      if (answer?.error?.code === 'not_attached' && line) void line.resume();
      else if (answer?.error) throw new Refused(answer.error, 0);
      else if (answer) return answer;
    }
    throw new Refused({code: 'offline', message: t('error.offline'), fields: {}, incident_id: null}, 0);
  }

  return {
    open: () => dial(),
    end,
    /** Connect anew, so that the court's answers come in the language of now. */
    reconnect: () => dial(true),
    /** @param {import('./types.js').Command} command @returns {Promise<{seq: number}>} Rejects with Refused. */
    command: (command) => ask('command', {id: freshId(), command}, TRIES),
    /** Passing: lost where the link is. @param {import('./exhibits.js').Pointing} place */
    point: (place) => current?.point(place),
    /** @param {string} sdp @returns {Promise<import('./types.js').MediaAnswer>} Rejects with Refused. */
    offerMedia: (sdp) => ask('media_offer', {sdp}, 2),
    /** @param {import('./condition.js').Condition} condition */
    tellCondition: (condition) => ask('condition', condition, 1),
    /** @param {import('./diagnosis.js').Diagnosis} found @returns {Promise<{incident: string}>} Rejects with Refused. */
    sendDiagnosis: (found) => ask('diagnosis', found, 2),
    /** @param {string} participant_id @returns {Promise<import('./types.js').Connectivity>} Rejects with Refused. */
    connectivity: (participant_id) => ask('connectivity', {participant_id}, 2),
    /** @returns {Promise<import('./types.js').IceServers>} Rejects with Refused. */
    iceServers: () => ask('ice_servers', {}, 2),
  };
}

/** @param {() => void} onChange @param {() => void} onWake @param {AbortSignal} signal */
function watchNetwork(onChange, onWake, signal) {
  /** @type {EventTarget|undefined} */
  const network = /** @type {any} */ (navigator).connection;
  addEventListener('online', onChange, {signal});
  network?.addEventListener?.('change', onChange, {signal});
  addEventListener('pageshow', onWake, {signal});
  document.addEventListener('visibilitychange', onWake, {signal});
}

/** A new random name, also where `randomUUID` is missing (older browsers, pages without TLS). */
function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
