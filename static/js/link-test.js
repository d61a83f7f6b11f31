/**
 * Tests the way to this court's own media server with real connections: by UDP, by TCP, through a relay.
 *
 * Each is an offer to the court as a hearing makes it; only the addresses that are tried differ. On the first that
 * stands, sound and picture go out for a few seconds, and what arrived of them is read from the court's own reports.
 */
import {layLines} from './media-lines.js';

const STANDS_WITHIN_MS = 8000;
const MEASURE_MS = 4000;

/** @typedef {'works'|'blocked'|'untried'} PathFound */
/** @typedef {{udp: PathFound, tcp: PathFound, relay: PathFound, rtt_ms: number|null, loss_percent: number|null}} LinkFound */
/** @typedef {'udp'|'tcp'|'relay'} PathName */

/**
 * @param {{offer: (sdp: string) => Promise<import('./types.js').MediaAnswer>, servers: RTCIceServer[],
 *   seatCount: number, microphone: MediaStreamTrack|null, camera: MediaStreamTrack|null}} court
 * @param {(path: PathName, found: PathFound) => void} onFound
 * @returns {Promise<LinkFound>}
 */
export async function testLink(court, onFound) {
  /** @type {LinkFound} */
  const found = {udp: 'untried', tcp: 'untried', relay: 'untried', rtt_ms: null, loss_percent: null};
  /** @type {PathName[]} */
  const paths = court.servers.length ? ['udp', 'tcp', 'relay'] : ['udp', 'tcp'];
  let isMeasured = false;
  for (const path of paths) {
    const figures = await tryPath(court, path, !isMeasured);
    found[path] = figures ? 'works' : 'blocked';
    if (figures && !isMeasured) {
      Object.assign(found, figures);
      isMeasured = true;
    }
    onFound(path, found[path]);
  }
  return found;
}

/**
 * @param {Parameters<typeof testLink>[0]} court @param {PathName} path @param {boolean} measures
 * @returns {Promise<{rtt_ms: number|null, loss_percent: number|null}|null>} null where it doesn't stand
 */
async function tryPath(court, path, measures) {
  const {pc} = layLines({...court, isExpecting: false}, court.servers);
  try {
    if (path === 'relay') pc.setConfiguration({...pc.getConfiguration(), iceTransportPolicy: 'relay'});
    await pc.setLocalDescription(await pc.createOffer());
    const answer = await court.offer(pc.localDescription?.sdp ?? '');
    await pc.setRemoteDescription({type: 'answer', sdp: onlyBy(answer.sdp, path)});
    if (!(await stands(pc))) return null;
    if (!measures) return {rtt_ms: null, loss_percent: null};
    await new Promise((over) => setTimeout(over, MEASURE_MS));
    return readFigures(await pc.getStats());
  } catch {
    return null;
  } finally {
    pc.close();
  }
}

/** The answer with addresses of one kind alone. @param {string} sdp @param {PathName} path */
export function onlyBy(sdp, path) {
  if (path === 'relay') return sdp;
  return sdp.split('\r\n').filter((line) => !line.startsWith('a=candidate:')
    || line.split(' ')[2]?.toLowerCase() === path).join('\r\n');
}

/** @param {RTCPeerConnection} pc @returns {Promise<boolean>} */
function stands(pc) {
  return new Promise((tell) => {
    const patience = setTimeout(() => tell(false), STANDS_WITHIN_MS);
    const look = () => {
      if (pc.connectionState !== 'connected' && pc.connectionState !== 'failed') return;
      clearTimeout(patience);
      tell(pc.connectionState === 'connected');
    };
    pc.addEventListener('connectionstatechange', look);
    look();
  });
}

/**
 * @typedef {{type: string, nominated?: boolean, currentRoundTripTime?: number, packetsSent?: number,
 *   packetsLost?: number, fractionLost?: number}} Stat
 */

/** @param {RTCStatsReport} report */
function readFigures(report) {
  let roundTripS = /** @type {number|null} */ (null);
  let sent = 0;
  let lost = 0;
  report.forEach((/** @type {Stat} */ stat) => {
    if (stat.type === 'candidate-pair' && stat.nominated) roundTripS = stat.currentRoundTripTime ?? roundTripS;
    if (stat.type === 'outbound-rtp') sent += stat.packetsSent ?? 0;
    if (stat.type === 'remote-inbound-rtp') lost += Math.max(0, stat.packetsLost ?? 0);
  });
  return {
    rtt_ms: roundTripS === null ? null : Math.round(roundTripS * 1000),
    loss_percent: sent > 0 ? Math.min(100, Math.round(100 * lost / sent)) : null,
  };
}
