/** Relays for networks that let no media through: asked for ahead, and again before they run out. */

const WAIT_AT_MOST_MS = 1000;

/** @typedef {ReturnType<typeof createRelays>} Relays */

/** @param {() => Promise<import('./types.js').IceServers>} ask */
export function createRelays(ask) {
  /** @type {RTCIceServer[]} */
  let servers = [];
  let refreshAtMs = -Infinity;
  let endsAtMs = -Infinity;
  /** @type {Promise<void>|null} */
  let asking = null;

  async function fetchThem() {
    try {
      const answer = await ask();
      const now = performance.now();
      servers = answer.ice_servers;
      refreshAtMs = now + answer.good_for_s * 500;
      endsAtMs = now + answer.good_for_s * 1000;
    } catch {
      // No relays, then: most networks need none, and the next attempt asks again.
    }
    asking = null;
  }

  /** Ask unless the ones at hand are younger than half their life. */
  function refresh() {
    if (performance.now() > refreshAtMs) asking ??= fetchThem();
  }

  /** What to use now; waits a little where there is nothing valid yet. @returns {Promise<RTCIceServer[]>} */
  async function now() {
    refresh();
    if (performance.now() > endsAtMs && asking) {
      await Promise.race([asking, new Promise((wake) => setTimeout(wake, WAIT_AT_MOST_MS))]);
    }
    return performance.now() > endsAtMs ? [] : servers;
  }

  return {refresh, now};
}
