/** The arithmetic of a player that stays close behind the court. Pure. */

/** @typedef {import('./program-source.js').ProgramChunk} ProgramChunk */
/** @typedef {{start: number, end: number}} Range seconds of the film */

const SLACK_S = 0.3;

/**
 * The wall time that is shown at a moment of the film, in ms since 1970; null where no piece is.
 * @param {ProgramChunk[]} chunks @param {number} filmS
 */
export function shownAtMs(chunks, filmS) {
  const filmMs = filmS * 1000;
  const chunk = chunks.findLast(({film_ms: from, duration_ms: length}) => filmMs >= from - 100 && filmMs <= from + length + 100);
  if (!chunk) return null;
  const began = Date.parse(chunk.began_at);
  if (chunk.kind === 'card') return Date.parse(chunk.ended_at);
  return began + Math.max(0, filmMs - chunk.film_ms);
}

/**
 * Where to go when the player stands at `at`: over a hole, or nearer to the newest; null to stay.
 * @param {Range[]} ranges in order @param {number} at @param {{startBehindS: number, mostBehindS: number}} wish
 */
export function leap(ranges, at, {startBehindS, mostBehindS}) {
  const last = ranges.at(-1);
  if (!last) return null;
  if (last.end - at > mostBehindS) return Math.max(last.start, last.end - startBehindS) + 0.01;
  const inside = ranges.some(({start, end}) => at >= start - 0.01 && at < end - SLACK_S);
  if (inside) return null;
  const next = ranges.find(({start}) => start > at + 0.01 || (start <= at && at < start + 0.01));
  return next && next.start > at ? next.start + 0.01 : null;
}
