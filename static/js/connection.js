/** The conversation with the court: connect, resume, commands and their answers. Knows no page. */
import {io} from '../vendor/socket.io.js';
import {Refused} from './http.js';
import {language, t} from './language.js';

/** @typedef {import('./types.js').ErrorBody} ErrorBody */

const ANSWER_WITHIN_MS = 6000;
const TRIES = 3;
const WORTH_RETURNING = new Set(['shutting_down', 'too_slow']);

/**
 * What the connection tells its owner.
 * @typedef {object} Ears
 * @property {(link: 'live'|'reconnecting'|'ended') => void} onLink
 * @property {(message: {view: import('./types.js').View, event: import('./types.js').CourtEvent|null, now: string}) => void} onCourt
 * @property {(weather: {recorder: import('./types.js').RecorderHealth, now: string}) => void} onWeather
 * @property {(reason: import('./types.js').GoodbyeReason) => void} onGoodbye
 * @property {(refusal: ErrorBody) => void} onRefused the seat isn't valid any more
 */

/** @typedef {ReturnType<typeof createConnection>} Connection */

/** @param {string} seatToken @param {Ears} ears */
export function createConnection(seatToken, ears) {
  const socket = io({
    path: '/socket.io',
    transports: ['websocket'],
    autoConnect: false,
    reconnectionDelay: 300,
    reconnectionDelayMax: 3000,
    randomizationFactor: 0.5,
    auth: (/** @type {(auth: object) => void} */ give) =>
      give({token: seatToken, protocol: 1, language: language.peek()}),
  });
  let seq = 0;
  let isLive = false;
  let isEnded = false;
  /** @type {import('./types.js').CourtMessage[] | null} messages that arrive while a resume is under way */
  let early = null;
  /** @type {Set<() => void>} those who wait for the link to stand, or to end */
  const waiting = new Set();

  /** @param {'live'|'reconnecting'|'ended'} link */
  function enter(link) {
    isLive = link === 'live';
    isEnded = link === 'ended';
    if (link !== 'reconnecting') {
      waiting.forEach((wake) => wake());
      waiting.clear();
    }
    ears.onLink(link);
  }

  /** Ask for everything after the last number seen; what arrives meanwhile is kept in order. */
  async function resume() {
    if (early) return;
    early = [];
    try {
      const answer = await socket.timeout(ANSWER_WITHIN_MS).emitWithAck('resume', {since: seq});
      if (answer.error) throw new Refused(answer.error, 0);
      const kept = early;
      early = null;
      seq = answer.view.seq;
      ears.onCourt({view: answer.view, event: null, now: answer.now});
      if (!isLive) enter('live');
      kept.forEach(hear);
    } catch {
      early = null;
      if (socket.connected) reconnect();
    }
  }

  /** @param {import('./types.js').CourtMessage} message */
  function hear(message) {
    if (early) {
      early.push(message);
    } else if (message.seq === seq + 1) {
      seq = message.seq;
      ears.onCourt(message);
    } else if (message.seq > seq) {
      void resume();
    }
  }

  function reconnect() {
    socket.disconnect();
    setTimeout(() => isEnded || socket.connect(), 300 + Math.random() * 700);
  }

  function end() {
    if (isEnded) return;
    enter('ended');
    socket.disconnect();
  }

  socket.on('connect', () => void resume());
  socket.on('connect_error', (/** @type {Error & {data?: {error?: ErrorBody}}} */ failure) => {
    const refusal = failure.data?.error;
    if (refusal?.code === 'link_not_valid') {
      end();
      ears.onRefused(refusal);
    } else if (!socket.active && !isEnded) {
      reconnect(); // the server answered but wasn't ready: after a refusal the library doesn't try again by itself
    }
  });
  socket.on('disconnect', (reason) => {
    early = null;
    if (isEnded) return;
    enter('reconnecting');
    if (reason === 'io server disconnect') reconnect();
  });
  socket.on('court', (message, acknowledge) => {
    acknowledge?.();
    hear(message);
  });
  socket.on('weather', (weather, acknowledge) => {
    acknowledge?.();
    ears.onWeather(weather);
  });
  socket.on('goodbye', ({reason}, acknowledge) => {
    acknowledge?.();
    if (WORTH_RETURNING.has(reason)) return;
    ears.onGoodbye(reason);
    end();
  });

  /** @returns {Promise<void>} */
  function live() {
    if (isLive || isEnded) return Promise.resolve();
    return new Promise((wake) => {
      waiting.add(wake);
      setTimeout(wake, ANSWER_WITHIN_MS);
    });
  }

  /**
   * Send until answered: a command's id makes sending it twice harmless.
   * @param {string} event @param {object} payload @param {number} tries
   */
  async function ask(event, payload, tries) {
    for (let attempt = 0; attempt < tries && !isEnded; attempt += 1) {
      await live();
      if (!isLive) continue;
      const answer = await socket.timeout(ANSWER_WITHIN_MS).emitWithAck(event, payload).catch(() => null);
      if (answer?.error) throw new Refused(answer.error, 0);
      if (answer) return answer;
    }
    throw new Refused({code: 'offline', message: t('error.offline'), fields: {}, incident_id: null}, 0);
  }

  return {
    open: () => void socket.connect(),
    end,
    /** Connect anew, so that the court's answers come in the language of now. */
    reconnect: () => void (isEnded || reconnect()),
    /** @param {import('./types.js').Command} command @returns {Promise<{seq: number}>} Rejects with Refused. */
    command: (command) => ask('command', {id: freshId(), command}, TRIES),
    /** @param {string} sdp @returns {Promise<import('./types.js').MediaAnswer>} Rejects with Refused. */
    offerMedia: (sdp) => ask('media_offer', {sdp}, 1),
  };
}

/** A new command id, also where `randomUUID` is missing (older browsers, pages without TLS). */
function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
