/** Trading a link for a seat, and keeping the seat for this tab: a reload lands in the same place. */
import {call} from './http.js';

/** @typedef {import('./types.js').Seat} Seat */

const KEPT_AS = 'cloudcourt.seat.';

/** The token in the page's address; a fragment never reaches a server. */
export function linkToken() {
  return decodeURIComponent(location.hash.slice(1)).trim();
}

/** @param {string} token @returns {Seat|null} */
export function keptSeat(token) {
  for (let at = 0; at < sessionStorage.length; at += 1) {
    const key = sessionStorage.key(at) ?? '';
    if (!key.startsWith(KEPT_AS)) continue;
    const kept = JSON.parse(sessionStorage.getItem(key) ?? 'null');
    if (kept?.link_token === token) return kept.seat;
  }
  return null;
}

/** @param {string} token @returns {Promise<Seat>} Rejects with Refused. */
export async function takeSeat(token) {
  const seat = /** @type {Seat} */ (await call('POST', '/api/join', {link_token: token}));
  sessionStorage.setItem(keyOf(seat), JSON.stringify({link_token: token, seat}));
  return seat;
}

/** @param {Seat} seat */
export function forgetSeat(seat) {
  sessionStorage.removeItem(keyOf(seat));
}

/** @param {Seat} seat */
function keyOf(seat) {
  return `${KEPT_AS}${seat.hearing_id}.${seat.participant_id}`;
}

const DEVICE = 'cloudcourt.device';

/** A random name that this browser keeps, so that another tab of it needn't ask for the seat. @returns {string|undefined} */
export function deviceName() {
  try {
    const kept = localStorage.getItem(DEVICE);
    if (kept) return kept;
    const fresh = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    localStorage.setItem(DEVICE, fresh);
    return fresh;
  } catch {
    return undefined; // a browser that keeps nothing: it asks like any other device
  }
}
