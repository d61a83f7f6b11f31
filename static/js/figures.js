/** Reads a connection's statistics: who is loud, whether anything comes in, whether the network is poor. Pure. */

const SPEAKS_ABOVE = 0.02;
const WEAK_ABOVE_LOSS = 0.08;
const WEAK_ABOVE_RTT_S = 0.45;
const LOSS_OVER_READINGS = 12;

/** In `speaking` and `levels`: yourself. */
export const YOU = 'you';

/**
 * One reading.
 * @typedef {object} Figures
 * @property {Set<string>} speaking participant ids
 * @property {Record<string, number>} levels loudness from 0 to 1 by participant id
 * @property {boolean} isWeak
 * @property {number} pulse grows while anything comes in, whoever sends it
 * @property {Record<string, {packets: number, frames: number}>} pictures by line
 */

/**
 * @typedef {{type: string, kind?: string, mid?: string, packetsLost?: number, packetsReceived?: number,
 *   audioLevel?: number, nominated?: boolean, currentRoundTripTime?: number, framesDecoded?: number,
 *   bytesReceived?: number, responsesReceived?: number}} Stat
 */

/**
 * A reader that remembers earlier readings.
 * @returns {(report: RTCStatsReport, whose: Record<string, string>) => Figures}
 */
export function linkFigures() {
  /** @type {{lost: number, received: number}[]} */
  const readings = [];
  return (report, whose) => {
    /** @type {Figures} */
    const seen = {speaking: new Set(), levels: {}, isWeak: false, pulse: 0, pictures: {}};
    const sum = {lost: 0, received: 0};
    let roundTripS = 0;
    for (const stat of entries(report)) {
      if (stat.type === 'inbound-rtp') {
        sum.lost += Math.max(0, stat.packetsLost ?? 0);
        sum.received += stat.packetsReceived ?? 0;
        readInbound(stat, whose, seen);
      } else if (stat.type === 'media-source' && stat.kind === 'audio') {
        hear(YOU, stat.audioLevel ?? 0, seen);
      } else if (stat.type === 'candidate-pair') {
        seen.pulse += (stat.bytesReceived ?? 0) + (stat.responsesReceived ?? 0);
        if (stat.nominated) roundTripS = stat.currentRoundTripTime ?? 0;
      } else if (stat.type === 'transport') {
        seen.pulse += stat.packetsReceived ?? 0;
      }
    }
    seen.isWeak = isWeak(readings, sum, roundTripS);
    return seen;
  };
}

/** @param {Stat} stat @param {Record<string, string>} whose @param {Figures} seen */
function readInbound(stat, whose, seen) {
  const line = stat.mid ?? '';
  seen.pulse += stat.packetsReceived ?? 0;
  if (stat.kind === 'video') {
    seen.pictures[line] = {packets: stat.packetsReceived ?? 0, frames: stat.framesDecoded ?? 0};
  } else if (whose[line]) {
    hear(whose[line], stat.audioLevel ?? 0, seen);
  }
}

/** @param {string} person @param {number} level @param {Figures} seen */
function hear(person, level, seen) {
  seen.levels[person] = level;
  if (level > SPEAKS_ABOVE) seen.speaking.add(person);
}

/** @param {RTCStatsReport} report @returns {Stat[]} */
function entries(report) {
  /** @type {Stat[]} */
  const found = [];
  report.forEach((stat) => found.push(stat));
  return found;
}

/** @param {{lost: number, received: number}[]} readings @param {{lost: number, received: number}} now @param {number} roundTripS */
function isWeak(readings, now, roundTripS) {
  const before = readings[0];
  if (before && before.received > now.received) readings.length = 0; // a new connection counts from zero
  readings.push(now);
  if (readings.length > LOSS_OVER_READINGS) readings.shift();
  const first = readings[0] ?? now;
  const lost = Math.max(0, now.lost - first.lost);
  const sent = lost + now.received - first.received;
  return roundTripS > WEAK_ABOVE_RTT_S || (sent > 50 && lost / sent > WEAK_ABOVE_LOSS);
}
