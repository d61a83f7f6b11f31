/** What this page can find out about itself in a moment: codes and figures, no name and no word. */
import {gradeOf} from './stage.js';

const MOST_ERRORS = 10;
const BROWSERS = /** @type {const} */ ([['MicroMessenger', 'WeChat'], ['Edg', 'Edge'], ['Firefox', 'Firefox'], ['Chrome', 'Chrome'], ['Version', 'Safari']]);
const SYSTEMS = /** @type {const} */ ([['Android', 'Android'], ['iPhone', 'iOS'], ['iPad', 'iOS'], ['Windows', 'Windows'], ['Macintosh', 'macOS'], ['Linux', 'Linux']]);

/** @typedef {{link: string, media: string, path: 'udp'|'tcp'|'relay'|'none', rtt_ms: number|null, loss_percent: number|null, microphone: string, camera: string, browser: string, screen: string, errors: string[]}} Diagnosis */

/** @type {string[]} the codes of what was refused or failed here, newest last */
const failures = [];

/** @param {string} code */
export function noteFailure(code) {
  failures.push(code.replace(/[^a-z_]/g, '').slice(0, 40));
  if (failures.length > MOST_ERRORS) failures.shift();
}

/** Name, version and system in three words. @param {string} agent the browser's own description */
export function browserName(agent) {
  const [, name] = BROWSERS.find(([mark]) => agent.includes(`${mark}/`)) ?? ['', 'browser'];
  const mark = BROWSERS.find(([, each]) => each === name)?.[0] ?? '';
  const version = new RegExp(`${mark}/(\\d+)`).exec(agent)?.[1] ?? '';
  const [, system] = SYSTEMS.find(([each]) => agent.includes(each)) ?? ['', 'other'];
  return [name, version, system].filter(Boolean).join(' ');
}

/** @param {import('./store.js').State} state @param {RTCPeerConnection|null} pc @returns {Promise<Diagnosis>} */
export async function diagnose(state, pc) {
  const {link, media, ownLink, microphone, camera} = state;
  const device = (/** @type {import('./store.js').Device} */ own) => own.problem ?? (own.track ? 'works' : 'none');
  const seen = await pathOf(pc);
  return {
    link,
    media,
    path: seen.path,
    rtt_ms: ownLink?.rtt_ms ?? seen.rttMs,
    loss_percent: ownLink ? Math.min(100, Math.max(ownLink.loss_up_percent, ownLink.loss_down_percent)) : null,
    microphone: device(microphone),
    camera: device(camera),
    browser: browserName(navigator.userAgent),
    screen: `${innerWidth}x${innerHeight}`,
    errors: [...failures],
  };
}

/** Which way sound and picture go. @param {RTCPeerConnection|null} pc @returns {Promise<{path: Diagnosis['path'], rttMs: number|null}>} */
async function pathOf(pc) {
  if (!pc || pc.connectionState !== 'connected') return {path: 'none', rttMs: null};
  const stats = await pc.getStats();
  for (const pair of stats.values()) {
    if (pair.type !== 'candidate-pair' || !pair.nominated) continue;
    const own = stats.get(pair.localCandidateId);
    const rttMs = pair.currentRoundTripTime === undefined ? null : Math.round(pair.currentRoundTripTime * 1000);
    if (own?.candidateType === 'relay') return {path: 'relay', rttMs};
    return {path: own?.protocol === 'tcp' ? 'tcp' : 'udp', rttMs};
  }
  return {path: 'none', rttMs: null};
}

/** What the findings mean, in the words of the catalogue. @param {Diagnosis} found @param {import('./store.js').State} state @returns {{good: boolean, word: string}[]} */
export function meaning(found, {ownLink}) {
  const grade = ownLink ? gradeOf(ownLink) : found.media === 'connected' ? 'good' : 'none';
  return [
    {good: found.link === 'live', word: found.link === 'live' ? 'link_good' : 'link_bad'},
    {good: grade === 'good' || grade === 'fair', word: `network_${grade}`},
    {good: found.path === 'udp', word: `path_${found.path}`},
    {good: found.microphone === 'works', word: found.microphone === 'works' ? 'microphone_good' : 'microphone_bad'},
    {good: found.camera === 'works', word: found.camera === 'works' ? 'camera_good' : 'camera_bad'},
  ];
}
