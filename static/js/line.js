/** One socket to the court: it connects, attaches to the seat, hands on what comes, and ends once. */
import {io} from '../vendor/socket.io.js';
import {language} from './language.js';

/** @typedef {import('./types.js').ErrorBody} ErrorBody */
/** @typedef {import('./types.js').CourtMessage} CourtMessage */

export const ANSWER_WITHIN_MS = 6000;
const ANSWER_BEATS_EVERY_MS = 1000;

/**
 * What a line tells; every call names the line, because two may stand for a moment.
 * @typedef {object} LineEars
 * @property {(line: Line) => void} onSpoke something came, whatever it was
 * @property {(line: Line) => void} onBeat
 * @property {(line: Line, answer: import('./types.js').Resumed, since: CourtMessage[]) => void} onAttached
 * @property {(line: Line, message: CourtMessage) => void} onCourt
 * @property {(line: Line, weather: import('./types.js').Weather) => void} onWeather
 * @property {(line: Line, place: import('./exhibits.js').Pointing) => void} onPoint
 * @property {(line: Line) => void} onMediaLost
 * @property {(line: Line) => void} onSeatTaken another device sits there; this line waits to be let in
 * @property {(line: Line, reason: import('./types.js').GoodbyeReason) => void} onGoodbye
 * @property {(line: Line, refusal: ErrorBody|null) => void} onEnd it never connected, or broke; not after `close`
 *
 * @typedef {ReturnType<typeof openLine>} Line
 */

/**
 * @param {{token: string, page: string, device: string|undefined, patienceMs: number, seq: () => number}} terms
 * @param {LineEars} ears
 */
export function openLine({token, page, device, patienceMs, seq}, ears) {
  const socket = io({
    path: '/socket.io',
    transports: ['websocket'],
    autoConnect: false,
    forceNew: true,
    reconnection: false,
    timeout: patienceMs,
    auth: (/** @type {(auth: object) => void} */ give) => give({token, protocol: 1, language: language.peek(), page, device}),
  });
  /** @type {CourtMessage[]|null} what comes while a resume is under way */
  let early = null;
  let isAttached = false;
  let isClosed = false;
  let answeredAtMs = -Infinity;
  /** @type {() => void} */
  let hangUp = () => undefined;
  /** @type {Promise<null>} */
  const closed = new Promise((resolve) => {
    hangUp = () => resolve(null);
  });
  const deadline = setTimeout(() => end(null), patienceMs);

  function close() {
    isClosed = true;
    clearTimeout(deadline);
    socket.off();
    socket.offAny();
    socket.disconnect();
    hangUp();
  }

  /** @param {ErrorBody|null} refusal */
  function end(refusal) {
    if (isClosed) return;
    close();
    ears.onEnd(line, refusal);
  }

  /**
   * The answer, or null when the line ended or nothing came in time.
   * @param {string} event @param {object} payload
   */
  function ask(event, payload) {
    if (isClosed) return closed;
    return Promise.race([closed, socket.timeout(ANSWER_WITHIN_MS).emitWithAck(event, payload).catch(() => null)]);
  }

  /** Take the seat, and everything after the last number seen; what arrives meanwhile is kept in order. */
  async function resume() {
    if (early) return;
    early = [];
    const answer = await ask('resume', {since: seq()});
    const kept = early;
    early = null;
    if (isClosed) return;
    if (answer?.error?.code === 'seat_taken') {
      clearTimeout(deadline);
      return ears.onSeatTaken(line);
    }
    if (!answer || answer.error) return end(answer?.error ?? null);
    isAttached = true;
    clearTimeout(deadline);
    ears.onAttached(line, answer, kept);
  }

  /** @param {number} n */
  function answerBeat(n) {
    ears.onBeat(line);
    const now = performance.now();
    if (now - answeredAtMs < ANSWER_BEATS_EVERY_MS) return;
    answeredAtMs = now;
    socket.volatile.emit('beat', {n});
  }

  socket.onAny(() => ears.onSpoke(line));
  socket.on('connect', () => void resume());
  socket.on('connect_error', (/** @type {Error & {data?: {error?: ErrorBody}}} */ failure) => end(failure.data?.error ?? null));
  socket.on('disconnect', () => end(null));
  socket.on('beat', ({n}) => answerBeat(n));
  socket.on('court', (message, acknowledge) => {
    acknowledge?.();
    if (early) early.push(message);
    else ears.onCourt(line, message);
  });
  socket.on('weather', (weather, acknowledge) => {
    acknowledge?.();
    ears.onWeather(line, weather);
  });
  socket.on('point', (place, acknowledge) => {
    acknowledge?.();
    ears.onPoint(line, place);
  });
  socket.on('let_in', (_, acknowledge) => {
    acknowledge?.();
    void resume();
  });
  socket.on('media_lost', (_, acknowledge) => {
    acknowledge?.();
    ears.onMediaLost(line);
  });
  socket.on('goodbye', ({reason}, acknowledge) => {
    acknowledge?.();
    ears.onGoodbye(line, reason);
  });

  const line = {
    ask,
    /** Passing: it is lost where the socket can't take it now. @param {object} place */
    point: (place) => void socket.volatile.emit('point', place),
    resume,
    close,
    get isAttached() {
      return isAttached;
    },
    /** True while the seat is being taken. */
    get isAttaching() {
      return early !== null;
    },
  };
  socket.connect();
  return line;
}
