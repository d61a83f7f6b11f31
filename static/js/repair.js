/**
 * What to do about the media connection, from what is seen of it. Pure: time is told, nothing is done here.
 *
 * The gentle remedy first: an ICE restart looks for a new path and keeps everything else. Where that doesn't help,
 * or where packets come but no picture, a new connection is built beside the old one.
 */

export const LOOK_EVERY_MS = 400;
const SILENT_AFTER_MS = 1200;
/** Between two sights on a path that lives, something comes in. */
export const MOVES_WITHIN_MS = 150;
const RESTART_WITHIN_MS = 2500;
const CONNECT_WITHIN_MS = 8000;
const YOUNG_MS = 1500;
const STALLED_AFTER_MS = 3000;
const STALL_REST_MS = 15_000;
const WELL_AFTER_MS = 5000;
const ASLEEP_AFTER_MS = 1500;
const RETRY_MS = [300, 1000, 2000, 4000, 8000];
const MOST_DOUBLINGS = 4;

/**
 * One look at the connection.
 * @typedef {object} Sight
 * @property {number} now ms, of a clock that never goes back
 * @property {RTCPeerConnectionState} state
 * @property {boolean} isLinked the court can be asked
 * @property {number} pulse grows while anything comes in
 * @property {boolean} isExpecting somebody should be heard or seen
 * @property {boolean} isShown pictures are being decoded: the page is visible
 * @property {Record<string, {packets: number, frames: number}>} pictures by line
 *
 * @typedef {'wait'|'restart'|'rebuild'} Remedy
 * @typedef {ReturnType<typeof createRepair>} Repair
 */

/** @param {() => number} [chance] from 0 to 1, for jitter */
export function createRepair(chance = Math.random) {
  /** @type {{kind: 'restart'|'rebuild', sinceMs: number, answeredAtMs: number|null}|null} */
  let treatment = null;
  let pulse = 0;
  let heardAtMs = 0;
  let lookedAtMs = 0;
  let bornAtMs = 0;
  let wellSinceMs = 0;
  let failures = 0;
  let silences = 0;
  let stalls = 0;
  let restUntilMs = 0;
  let stallRestUntilMs = 0;
  /** @type {Map<string, {packets: number, frames: number, movedAtMs: number}>} */
  const pictures = new Map();

  /** @param {Sight} sight */
  function take({now, pulse: seen, pictures: seenPictures, isShown}) {
    const slept = now - lookedAtMs > ASLEEP_AFTER_MS;
    lookedAtMs = now;
    if (slept) wellSinceMs = now;
    if (seen > pulse || slept) heardAtMs = now; // less: figures of a path that is gone have left
    if (now - heardAtMs > SILENT_AFTER_MS) wellSinceMs = now;
    pulse = seen;
    for (const [line, {packets, frames}] of Object.entries(seenPictures)) {
      const before = pictures.get(line);
      const isIdle = before?.packets === packets;
      const moves = !before || isIdle || before.frames !== frames || slept || !isShown;
      pictures.set(line, {packets, frames, movedAtMs: moves ? now : before.movedAtMs});
    }
    if (now - wellSinceMs > WELL_AFTER_MS) silences = 0;
  }

  /** @param {number} now */
  function isStalled(now) {
    return [...pictures.values()].some(({movedAtMs}) => now - movedAtMs >= STALLED_AFTER_MS);
  }

  /** @param {'restart'|'rebuild'} kind @param {number} now @returns {Remedy} */
  function treat(kind, now) {
    treatment = {kind, sinceMs: now, answeredAtMs: null};
    return kind;
  }

  /** @param {Sight} sight @returns {Remedy} */
  function follow({now, state}) {
    if (treatment?.kind !== 'restart' || treatment.answeredAtMs === null) return 'wait';
    if (state === 'connected' && heardAtMs > treatment.answeredAtMs) {
      treatment = null;
      failures = 0;
      return 'wait';
    }
    return now - treatment.answeredAtMs > RESTART_WITHIN_MS ? treat('rebuild', now) : 'wait';
  }

  /** @param {Sight} sight @returns {Remedy} */
  function diagnose({now, state, isExpecting}) {
    if (state === 'closed') return treat('rebuild', now);
    if (state === 'new' || state === 'connecting') {
      return now - bornAtMs > CONNECT_WITHIN_MS ? treat('rebuild', now) : 'wait';
    }
    if (state !== 'connected') return treat('restart', now);
    if (isExpecting && now - heardAtMs > SILENT_AFTER_MS * 2 ** Math.min(silences, MOST_DOUBLINGS)) {
      silences += 1; // perhaps it is the others who are silent: ask less and less often
      return treat('restart', now);
    }
    if (now >= stallRestUntilMs && isStalled(now)) {
      stallRestUntilMs = now + STALL_REST_MS * 2 ** Math.min(stalls, MOST_DOUBLINGS);
      stalls += 1;
      return treat('rebuild', now);
    }
    return 'wait';
  }

  return {
    /** What to do now; after `restart` or `rebuild`, say how it went. @param {Sight} sight @returns {Remedy} */
    look(sight) {
      take(sight);
      if (treatment) return follow(sight);
      return sight.isLinked && sight.now >= restUntilMs ? diagnose(sight) : 'wait';
    },
    /**
     * The link to the court stands again, perhaps on another network: unless something has come in since the sight
     * before this one, look for a new path at once. One look too many costs nothing.
     * @param {Sight} sight @returns {Remedy}
     */
    linkIsBack(sight) {
      take(sight);
      restUntilMs = 0;
      if (sight.state === 'closed') return treat('rebuild', sight.now);
      if (treatment || (sight.state === 'connected' && heardAtMs === sight.now)) return 'wait';
      if (sight.state === 'new' || sight.state === 'connecting') {
        return sight.now - bornAtMs > YOUNG_MS ? treat('rebuild', sight.now) : 'wait';
      }
      return treat('restart', sight.now);
    },
    /** A rebuild is due for a reason of the page's own. @param {number} now @returns {Remedy} */
    mustRebuild(now) {
      return treatment?.kind === 'rebuild' ? 'wait' : treat('rebuild', now);
    },
    /** The court has answered the restart's offer. @param {number} now */
    answered(now) {
      if (treatment?.kind === 'restart') treatment.answeredAtMs = now;
    },
    /** Another connection is the one to look at. @param {number} now */
    begun(now) {
      treatment = null;
      bornAtMs = heardAtMs = wellSinceMs = lookedAtMs = now;
      pulse = 0;
      pictures.clear();
    },
    /** It stands. */
    stands() {
      failures = 0;
    },
    /** The remedy itself failed: rest a while. @param {number} now */
    failed(now) {
      treatment = null;
      const rest = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0;
      failures += 1;
      restUntilMs = now + rest * (0.7 + 0.6 * chance());
    },
    /** False while a failed remedy is slept over. @param {number} now */
    mayTry: (now) => now >= restUntilMs,
    /** True when all that is seen is as it should be. @param {Sight} sight */
    isWell: ({now, state}) => !treatment && state === 'connected' && now - heardAtMs < SILENT_AFTER_MS && !isStalled(now),
    get isTreating() {
      return treatment !== null;
    },
  };
}
