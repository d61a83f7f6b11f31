/** Plays the program while it is made: pieces are fetched as they appear and put behind each other. */
import {signal} from './html.js';
import {Refused} from './http.js';
import {leap, shownAtMs} from './program-timing.js';

/** @typedef {import('./program-source.js').ProgramSource} ProgramSource */
/** @typedef {import('./program-source.js').ProgramChunk} ProgramChunk */
/** @typedef {ReturnType<typeof playProgram>} ProgramPlayer */

/**
 * `waiting`: there is nothing to show yet, or not any more; `playing`; `refused`: see `code`; `unsupported` by this browser.
 * `behindS`: how long ago what is shown happened.
 * @typedef {{phase: 'waiting'|'playing'|'refused'|'unsupported', behindS: number|null, code: string}} PlayerState
 */

const ASK_EVERY_MS = 1500;
const LOOK_EVERY_MS = 500;
const START_WITH = 3;
const KEEP_S = 30;

/** Safari on phones has only the managed kind. @returns {typeof MediaSource|null} */
function sourceKind() {
  const managed = /** @type {{ManagedMediaSource?: typeof MediaSource}} */ (globalThis).ManagedMediaSource;
  return managed ?? globalThis.MediaSource ?? null;
}

/**
 * @param {HTMLVideoElement} video @param {ProgramSource} source
 * @param {{startBehindS: number, mostBehindS: number}} wish seconds behind the newest piece
 * @param {AbortSignal} ended
 */
export function playProgram(video, source, wish, ended) {
  const state = signal(/** @type {PlayerState} */ ({phase: 'waiting', behindS: null, code: ''}));
  /** @type {ProgramChunk[]} */
  let chunks = [];
  let last = 0;
  let courtAheadMs = 0;
  /** @type {Awaited<ReturnType<typeof openTape>>|null} */
  let tape = null;

  /** @param {Partial<PlayerState>} news */
  const tell = (news) => { state.value = {...state.peek(), ...news}; };

  /** Forget everything: numbers were given anew, or nothing may be seen any more. */
  function rewind() {
    tape?.close();
    tape = null;
    chunks = [];
    last = 0;
    tell({phase: 'waiting', behindS: null});
  }

  async function ask() {
    const part = await source.part(last);
    courtAheadMs = Date.parse(part.now) - Date.now();
    if (part.last < last || !part.codecs) return rewind();
    const fresh = last ? part.chunks : part.chunks.slice(-START_WITH);
    for (const chunk of fresh) {
      if (ended.aborted) return;
      tape ??= await openTape(video, part.codecs, await source.init());
      await tape.append(await source.chunk(chunk.number));
      chunks = [...chunks, chunk].slice(-40);
      last = chunk.number;
      look();
    }
    await tape?.prune(video.currentTime - KEEP_S);
  }

  /** Stay close behind, over every hole, and say how far behind. */
  function look() {
    if (!tape) return;
    const to = leap(tape.ranges(), video.currentTime, wish);
    if (to !== null) video.currentTime = to;
    if (video.paused) void video.play().catch(() => undefined); // the browser wants a touch first
    const shown = shownAtMs(chunks, video.currentTime);
    const behindS = shown === null ? null : Math.max(0, (Date.now() + courtAheadMs - shown) / 1000);
    tell({phase: 'playing', behindS, code: ''});
  }

  async function run() {
    while (!ended.aborted) {
      await ask().catch(failed);
      await pause(ASK_EVERY_MS, ended);
    }
  }

  /** @param {unknown} failure */
  function failed(failure) {
    if (ended.aborted) return;
    const isRefused = failure instanceof Refused && failure.code !== 'offline';
    if (failure instanceof Unsupported) return tell({phase: 'unsupported'});
    if (isRefused && failure.status === 404 && state.peek().phase === 'playing') return rewind(); // a piece went away meanwhile
    if (isRefused) {
      rewind();
      tell({phase: 'refused', code: failure.code});
    } else if (!(failure instanceof Refused)) rewind(); // the browser could not take a piece: begin anew
  }

  const looking = setInterval(look, LOOK_EVERY_MS);
  ended.addEventListener('abort', () => {
    clearInterval(looking);
    tape?.close();
  });
  void run();
  return {state};
}

class Unsupported extends Error {}

/** @param {HTMLVideoElement} video @param {string} codecs @param {ArrayBuffer} init Rejects with Unsupported. */
async function openTape(video, codecs, init) {
  const Kind = sourceKind();
  const type = `video/mp4; codecs="${codecs}"`;
  if (!Kind?.isTypeSupported(type)) throw new Unsupported();
  const media = new Kind();
  const address = URL.createObjectURL(media);
  video.disableRemotePlayback = true;
  video.src = address;
  await happens(media, 'sourceopen');
  URL.revokeObjectURL(address);
  const buffer = media.addSourceBuffer(type);

  /** @param {() => void} change */
  async function changed(change) {
    change();
    await happens(buffer, 'updateend');
  }

  await changed(() => buffer.appendBuffer(init));
  return {
    /** @param {ArrayBuffer} content */
    append: (content) => changed(() => buffer.appendBuffer(content)),
    ranges() {
      return Array.from({length: buffer.buffered.length}, (_, at) => ({start: buffer.buffered.start(at), end: buffer.buffered.end(at)}));
    },
    /** @param {number} before seconds */
    async prune(before) {
      const first = buffer.buffered.length ? buffer.buffered.start(0) : Infinity;
      if (before > first + KEEP_S) await changed(() => buffer.remove(0, before));
    },
    close() {
      video.removeAttribute('src');
      video.load();
    },
  };
}

/** @param {EventTarget} target @param {string} event Rejects when it fails instead, or takes too long. */
function happens(target, event) {
  return new Promise((done, failed) => {
    const over = AbortSignal.timeout(15_000);
    over.addEventListener('abort', () => failed(new Error(`no ${event}`)), {once: true});
    target.addEventListener(event, () => done(null), {once: true, signal: over});
    target.addEventListener('error', () => failed(new Error(`no ${event}`)), {once: true, signal: over});
  });
}

/** @param {number} ms @param {AbortSignal} ended */
function pause(ms, ended) {
  return new Promise((done) => {
    const timer = setTimeout(done, ms, null);
    ended.addEventListener('abort', () => {
      clearTimeout(timer);
      done(null);
    }, {once: true});
  });
}
