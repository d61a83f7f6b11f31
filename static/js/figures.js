/** Reads a connection's statistics: who speaks, and whether the network is poor. */

const SPEAKS_ABOVE = 0.02;
const WEAK_ABOVE_LOSS = 0.08;
const WEAK_ABOVE_RTT_S = 0.45;
const LOSS_OVER_READINGS = 12;

/**
 * A reader that remembers earlier readings.
 * @returns {(report: RTCStatsReport, whose: Record<string, string>) => {speaking: Set<string>, isWeak: boolean}}
 */
export function linkFigures() {
  /** @type {{lost: number, received: number}[]} */
  const readings = [];
  return (report, whose) => {
    /** @type {Set<string>} */
    const speaking = new Set();
    const sum = {lost: 0, received: 0};
    let roundTripS = 0;
    for (const stat of entries(report)) {
      if (stat.type === 'inbound-rtp') {
        sum.lost += Math.max(0, stat.packetsLost ?? 0);
        sum.received += stat.packetsReceived ?? 0;
        const person = whose[stat.mid ?? ''];
        if (stat.kind === 'audio' && person && (stat.audioLevel ?? 0) > SPEAKS_ABOVE) speaking.add(person);
      } else if (stat.type === 'media-source' && stat.kind === 'audio' && (stat.audioLevel ?? 0) > SPEAKS_ABOVE) {
        speaking.add(YOU);
      } else if (stat.type === 'candidate-pair' && stat.nominated) {
        roundTripS = stat.currentRoundTripTime ?? 0;
      }
    }
    return {speaking, isWeak: isWeak(readings, sum, roundTripS)};
  };
}

/** In `speaking`: yourself. */
export const YOU = 'you';

/**
 * @typedef {{type: string, kind?: string, mid?: string, packetsLost?: number, packetsReceived?: number,
 *   audioLevel?: number, nominated?: boolean, currentRoundTripTime?: number}} Stat
 * @param {RTCStatsReport} report @returns {Stat[]}
 */
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
