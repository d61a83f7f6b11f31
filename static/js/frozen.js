/** Whose picture stands still although it should move. Pure: time is told. */

const STANDS_AFTER_MS = 2500;
const ASLEEP_AFTER_MS = 1500;

/**
 * A watcher that remembers earlier looks.
 * @returns {(pictures: Record<string, {frames: number}>, whose: Record<string, string>, nowMs: number) => Set<string>} participant ids;
 *   a person whose first picture hasn't come yet isn't among them
 */
export function watchFrames() {
  /** @type {Map<string, {frames: number, movedAtMs: number}>} */
  const seen = new Map();
  let lookedAtMs = -Infinity;
  return (pictures, whose, nowMs) => {
    const slept = nowMs - lookedAtMs > ASLEEP_AFTER_MS; // nothing is decoded for a page that nobody sees
    lookedAtMs = nowMs;
    /** @type {Set<string>} */
    const frozen = new Set();
    for (const [line, {frames}] of Object.entries(pictures)) {
      const before = seen.get(line);
      const moves = slept || before?.frames !== frames;
      seen.set(line, {frames, movedAtMs: moves ? nowMs : before?.movedAtMs ?? nowMs});
      const stoodForMs = nowMs - (seen.get(line)?.movedAtMs ?? nowMs);
      const person = whose[line];
      if (person && frames > 0 && stoodForMs > STANDS_AFTER_MS) frozen.add(person);
    }
    return frozen;
  };
}
