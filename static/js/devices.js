/** Camera and microphone: asking for them, choosing between them, noticing their loss, measuring loudness. */

/** @typedef {'microphone'|'camera'} Which */
/** @typedef {import('./store.js').Problem} Problem */

const KIND = /** @type {const} */ ({microphone: 'audio', camera: 'video'});
const TAKEN_AFTER_MS = 700;
/** Systems that take a device while the page is hidden give it back within this time. */
const COMES_BACK_MS = 1500;
const KEPT_AS = {microphone: 'cloudcourt.microphone', camera: 'cloudcourt.camera'};

/** @type {Record<string, Problem>} */
const PROBLEMS = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

/** False where the browser offers no devices at all: an old browser, or a page without TLS. */
export const hasDevices = Boolean(navigator.mediaDevices?.getUserMedia);

/** @param {Which} which @param {string|null} id @returns {MediaTrackConstraints} */
function constraints(which, id) {
  const chosen = id ? {deviceId: {exact: id}} : {};
  if (which === 'microphone') {
    return {echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...chosen};
  }
  const facing = id ? {} : {facingMode: 'user'};
  const size = isPhone() ? {width: {ideal: 640}, height: {ideal: 360}} : {width: {ideal: 1280}, height: {ideal: 720}};
  return {...size, frameRate: {ideal: 25, max: 30}, ...facing, ...chosen};
}

/** A small machine with little power and a narrow uplink. */
export function isPhone() {
  return matchMedia('(pointer: coarse)').matches || Math.min(screen.width, screen.height) < 600;
}

/** @typedef {ReturnType<typeof createDevices>} Devices */

/** @param {import('./store.js').Store} store @param {AbortSignal} signal ends the listening */
export function createDevices(store, signal) {
  const {state, tell} = store;

  /**
   * Ask for what the role needs; one question to the person where the browser can do that.
   * @param {Which[]} wanted
   */
  async function start(wanted) {
    if (!hasDevices) {
      wanted.forEach((which) => tell({kind: 'device', which, device: {problem: 'unsupported'}}));
    } else if (wanted.length) {
      try {
        await together(wanted);
      } catch {
        for (const which of wanted) await one(which, localStorage.getItem(KEPT_AS[which]));
      }
      await list();
    }
    tell({kind: 'devices_known'});
  }

  /** @param {Which[]} wanted */
  async function together(wanted) {
    /** @type {MediaStreamConstraints} */
    const wish = {};
    for (const which of wanted) wish[KIND[which]] = constraints(which, localStorage.getItem(KEPT_AS[which]));
    const stream = await navigator.mediaDevices.getUserMedia(wish);
    for (const which of wanted) {
      const track = stream.getTracks().find((candidate) => candidate.kind === KIND[which]);
      if (track) take(which, track);
    }
  }

  /** @param {Which} which @param {string|null} id */
  async function one(which, id) {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({[KIND[which]]: constraints(which, id)});
      const [track] = stream.getTracks();
      if (track) take(which, track);
    } catch (failure) {
      if (id) {
        localStorage.removeItem(KEPT_AS[which]);
        await one(which, null); // the device chosen last time is gone: any will do
        return;
      }
      const name = failure instanceof Error ? failure.name : '';
      tell({kind: 'device', which, device: {track: null, problem: PROBLEMS[name] ?? 'busy'}});
    }
  }

  /** @param {Which} which @param {MediaStreamTrack} track */
  function take(which, track) {
    state.peek()[which].track?.stop();
    track.addEventListener('ended', () => void lost(which, track), {signal});
    track.addEventListener('mute', () => taken(which, track), {signal});
    track.addEventListener('unmute', () => given(which, track), {signal});
    tell({kind: 'device', which, device: {track, problem: null}});
    if (track.muted) taken(which, track);
  }

  /** Another program has it for a while, as a phone call does: it comes back by itself, or at a touch. @param {Which} which @param {MediaStreamTrack} track */
  function taken(which, track) {
    setTimeout(() => {
      const own = state.peek()[which];
      if (own.track === track && track.muted && track.readyState === 'live') tell({kind: 'device', which, device: {problem: 'taken'}});
    }, TAKEN_AFTER_MS);
  }

  /** @param {Which} which @param {MediaStreamTrack} track */
  function given(which, track) {
    const own = state.peek()[which];
    if (own.track === track && own.problem === 'taken') tell({kind: 'device', which, device: {problem: null}});
  }

  /** What was lost or taken is asked for again when the page is looked at again, or when something was plugged in. */
  async function comeBack() {
    if (document.hidden) return;
    for (const which of /** @type {Which[]} */ (['microphone', 'camera'])) {
      const {problem} = state.peek()[which];
      if (problem === 'taken' || problem === 'lost' || problem === 'busy') await one(which, localStorage.getItem(KEPT_AS[which]));
    }
  }

  /** Unplugged, or taken away by the system: use another one if there is one. @param {Which} which @param {MediaStreamTrack} track */
  async function lost(which, track) {
    if (state.peek()[which].track !== track) return;
    tell({kind: 'device', which, device: {track: null, problem: 'lost'}});
    await one(which, null);
    await list();
  }

  async function list() {
    const found = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    for (const which of /** @type {Which[]} */ (['microphone', 'camera'])) {
      const choices = found
        .filter((device) => device.kind === `${KIND[which]}input` && device.deviceId)
        .map((device, at) => ({id: device.deviceId, label: device.label || `${at + 1}`}));
      tell({kind: 'device', which, device: {choices}});
    }
  }

  /** @param {Which} which @param {string} id */
  async function choose(which, id) {
    localStorage.setItem(KEPT_AS[which], id);
    state.peek()[which].track?.stop();
    await one(which, id);
  }

  /** Ask again, after the person has changed a permission or plugged something in. @param {Which} which */
  async function retry(which) {
    await one(which, localStorage.getItem(KEPT_AS[which]));
    await list();
  }

  function stop() {
    for (const which of /** @type {Which[]} */ (['microphone', 'camera'])) {
      const {track} = state.peek()[which];
      if (!track) continue; // telling nothing new would wake whoever called
      track.stop();
      tell({kind: 'device', which, device: {track: null}});
    }
  }

  if (hasDevices) {
    navigator.mediaDevices.addEventListener?.('devicechange', () => void list().then(comeBack), {signal});
    document.addEventListener('visibilitychange', () => setTimeout(comeBack, COMES_BACK_MS), {signal});
    signal.addEventListener('abort', stop);
  }
  return {start, choose, retry, stop};
}

/**
 * Measure how loud a microphone is, ten times a second, until the signal ends.
 * @param {MediaStreamTrack} track @param {(level: number) => void} onLevel from 0 to 1 @param {AbortSignal} signal
 */
export function measureLoudness(track, onLevel, signal) {
  const audio = new AudioContext();
  const analyser = audio.createAnalyser();
  analyser.fftSize = 1024;
  const source = audio.createMediaStreamSource(new MediaStream([track]));
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const ticking = setInterval(() => {
    if (audio.state === 'suspended') void audio.resume().catch(() => undefined);
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    const decibels = 10 * Math.log10(power + 1e-10);
    onLevel(Math.min(1, Math.max(0, (decibels + 60) / 50))); // -60 dB is silence, -10 dB is loud
  }, 100);
  signal.addEventListener('abort', () => {
    clearInterval(ticking);
    source.disconnect();
    void audio.close();
  });
}
