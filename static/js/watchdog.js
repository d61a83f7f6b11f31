/** How long a silent link is trusted. Pure: time is told, nothing is waited for. */

/** How often the court's server beats. */
export const BEAT_MS = 400;
export const LEAST_PATIENCE_MS = 900;
export const MOST_PATIENCE_MS = 2000;
const ASLEEP_AFTER_MS = 1500;
const SLOW_START_MS = 500;
const WRONGED_MS = 300;
const FORGIVEN_IN_MS = 30_000;

/** @typedef {ReturnType<typeof createWatchdog>} Watchdog */

/** @param {number} nowMs any clock that never goes back */
export function createWatchdog(nowMs) {
  let heardAtMs = nowMs;
  let beatAtMs = nowMs;
  let lookedAtMs = nowMs;
  let wokeAtMs = nowMs;
  let jitterMs = 0;
  const wronged = {byMs: 0, atMs: nowMs};

  /** A link whose beats come unevenly, or that was doubted wrongly, is given more time. @param {number} now */
  function patienceMs(now) {
    const caution = wronged.byMs * 0.5 ** ((now - wronged.atMs) / FORGIVEN_IN_MS);
    return Math.min(MOST_PATIENCE_MS, Math.max(LEAST_PATIENCE_MS, SLOW_START_MS + 4 * jitterMs) + caution);
  }

  return {
    patienceMs,
    /** Anything at all has come. @param {number} now */
    heard(now) {
      heardAtMs = now;
    },
    /** A beat has come. @param {number} now */
    beat(now) {
      const gapMs = now - beatAtMs;
      beatAtMs = now;
      heardAtMs = now;
      if (gapMs < MOST_PATIENCE_MS) jitterMs += (Math.abs(gapMs - BEAT_MS) - jitterMs) / 8;
    },
    /** Another link begins: its beats are counted afresh. @param {number} now */
    begin(now) {
      heardAtMs = beatAtMs = now;
    },
    /** The doubt was wrong: the link spoke again by itself. @param {number} now */
    wasWrong(now) {
      wronged.byMs = Math.min(MOST_PATIENCE_MS, wronged.byMs * 0.5 ** ((now - wronged.atMs) / FORGIVEN_IN_MS) + WRONGED_MS);
      wronged.atMs = now;
    },
    /** @param {number} now */
    silentForMs: (now) => now - heardAtMs,
    /**
     * True when the silence has lasted too long. Time in which this page itself slept doesn't count: call it often.
     * @param {number} now
     */
    isSilent(now) {
      if (now - lookedAtMs > ASLEEP_AFTER_MS) wokeAtMs = now;
      lookedAtMs = now;
      return now - Math.max(heardAtMs, wokeAtMs) > patienceMs(now);
    },
  };
}

const RETRY_MS = [200, 500, 1000, 2000, 3000];
const PATIENT_MS = [2000, 4000, 6000];

/** How long to wait before dialling again after so many failures. @param {number} failures @param {number} chance from 0 to 1 */
export function redialAfterMs(failures, chance) {
  const base = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0;
  return base * (0.6 + 0.8 * chance);
}

/** How long one attempt may take: short at first, because the network under it may just be going. @param {number} failures */
export function dialPatienceMs(failures) {
  return PATIENT_MS[Math.min(failures, PATIENT_MS.length - 1)] ?? 0;
}
