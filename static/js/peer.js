/**
 * The one media connection to the court (protocol, "Media"): offered at once, replaced when it dies.
 *
 * Lines are fixed: own sound, own picture, then one pair for every other seat. Nobody's coming or going ever
 * changes them.
 */
import {Refused} from './http.js';
import {linkFigures} from './figures.js';

const VIDEO_BITS_PER_S = 1_200_000;
const CONNECTED_WITHIN_MS = 12_000;
const SILENT_FOR_MS = 3000;
const RETRY_MS = [300, 1000, 2000, 4000];
const FIGURES_EVERY_MS = 400;

/**
 * What the courtroom needs now; null outside of it.
 * @typedef {{seatCount: number, microphone: MediaStreamTrack|null, camera: MediaStreamTrack|null}} Need
 * @typedef {ReturnType<typeof createPeer>} Peer
 */

/**
 * One attempt: a connection and what hangs on it.
 * @typedef {object} Attempt
 * @property {RTCPeerConnection} pc
 * @property {AbortController} life
 * @property {RTCRtpTransceiver} audio
 * @property {RTCRtpTransceiver} video
 * @property {Record<string, string>} whose participant id by line
 */

/**
 * @param {(sdp: string) => Promise<import('./types.js').MediaAnswer>} offer
 * @param {import('./store.js').Store} store
 */
export function createPeer(offer, store) {
  const {tell} = store;
  /** @type {Attempt|null} */
  let attempt = null;
  /** @type {Need|null} */
  let need = null;
  let failures = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let retry;

  /** Say what is needed now; call it as often as you like. @param {Need|null} wanted @param {boolean} isLive the link stands */
  function keep(wanted, isLive) {
    need = wanted;
    if (!wanted) {
      drop();
    } else if (attempt && !fits(attempt, wanted)) {
      rebuild();
    } else if (attempt) {
      void send(attempt.audio, wanted.microphone);
      void send(attempt.video, wanted.camera);
    } else if (isLive && retry === undefined) {
      void build();
    }
  }

  /** The link stands again: a connection that isn't well is replaced at once. */
  function linkIsBack() {
    if (need && attempt && attempt.pc.connectionState !== 'connected') rebuild();
  }

  function drop() {
    if (!attempt && retry === undefined) return;
    clearTimeout(retry);
    retry = undefined;
    retire();
    failures = 0;
    tell({kind: 'media', media: 'none'});
    tell({kind: 'streams', streams: {}});
  }

  function retire() {
    attempt?.life.abort();
    attempt?.pc.close();
    attempt = null;
  }

  function rebuild() {
    retire();
    tell({kind: 'media', media: 'lost'});
    clearTimeout(retry);
    const wait = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0;
    failures += 1;
    retry = setTimeout(() => {
      retry = undefined;
      if (need) void build();
    }, wait * (0.7 + Math.random() * 0.6));
  }

  async function build() {
    if (!need || attempt) return;
    const mine = lines(need);
    attempt = mine;
    if (failures === 0) tell({kind: 'media', media: 'connecting'});
    watch(mine);
    try {
      await mine.pc.setLocalDescription(await mine.pc.createOffer());
      const answer = await offer(mine.pc.localDescription?.sdp ?? '');
      if (mine !== attempt) return;
      await mine.pc.setRemoteDescription({type: 'answer', sdp: answer.sdp});
      if (mine === attempt) tell({kind: 'streams', streams: streamsOf(mine, answer.seats)});
    } catch (failure) {
      if (mine !== attempt) return;
      if (failure instanceof Refused && failure.code !== 'offline') store.toast(failure.message, 'alarm');
      rebuild();
    }
  }

  /** Replace a connection that fails, falls silent, or never comes to stand. @param {Attempt} mine */
  function watch(mine) {
    const {pc, life} = mine;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    let patience = setTimeout(give_up, CONNECTED_WITHIN_MS);
    function give_up() {
      if (mine === attempt) rebuild();
    }
    pc.addEventListener('connectionstatechange', () => {
      clearTimeout(patience);
      patience = undefined;
      if (pc.connectionState === 'connected') {
        failures = 0;
        tell({kind: 'media', media: 'connected'});
      } else if (pc.connectionState === 'failed') {
        give_up();
      } else {
        if (pc.connectionState === 'disconnected') tell({kind: 'media', media: 'lost'});
        patience = setTimeout(give_up, pc.connectionState === 'disconnected' ? SILENT_FOR_MS : CONNECTED_WITHIN_MS);
      }
    }, {signal: life.signal});
    const reading = setInterval(() => void report(mine), FIGURES_EVERY_MS);
    life.signal.addEventListener('abort', () => {
      clearTimeout(patience);
      clearInterval(reading);
    });
  }

  const figures = linkFigures();
  /** @param {Attempt} mine */
  async function report(mine) {
    if (document.hidden || mine.pc.connectionState !== 'connected') return;
    const {speaking, isWeak} = figures(await mine.pc.getStats(), mine.whose);
    const before = store.state.peek();
    const isSame = before.isWeak === isWeak && [...speaking].join() === [...before.speaking].join();
    if (mine === attempt && !isSame) tell({kind: 'heard', speaking, isWeak});
  }

  return {
    keep,
    linkIsBack,
    /** The connection of now, for figures about it. @returns {RTCPeerConnection|null} */
    get connection() {
      return attempt?.pc ?? null;
    },
  };
}

/** Lay the lines in the one order the court expects. @param {Need} need @returns {Attempt} */
function lines(need) {
  const pc = new RTCPeerConnection({bundlePolicy: 'max-bundle'});
  const audio = sendingLine(pc, 'audio', need.microphone);
  const video = sendingLine(pc, 'video', need.camera);
  for (let seat = 1; seat < need.seatCount; seat += 1) {
    pc.addTransceiver('audio', {direction: 'recvonly'});
    pc.addTransceiver('video', {direction: 'recvonly'});
  }
  return {pc, life: new AbortController(), audio, video, whose: {}};
}

/** @param {RTCPeerConnection} pc @param {'audio'|'video'} kind @param {MediaStreamTrack|null} track */
function sendingLine(pc, kind, track) {
  if (!track) return pc.addTransceiver(kind, {direction: 'inactive'});
  const encodings = kind === 'video' ? {sendEncodings: [{maxBitrate: VIDEO_BITS_PER_S}]} : {};
  return pc.addTransceiver(track, {direction: 'sendonly', ...encodings});
}

/** False when a device has come to a line that was laid without one. @param {Attempt} attempt @param {Need} need */
function fits(attempt, need) {
  const isLaid = (/** @type {RTCRtpTransceiver} */ line) => line.direction === 'sendonly';
  return (isLaid(attempt.audio) || !need.microphone) && (isLaid(attempt.video) || !need.camera);
}

/** @param {RTCRtpTransceiver} line @param {MediaStreamTrack|null} track */
async function send(line, track) {
  if (line.direction !== 'sendonly' || line.sender.track === track) return;
  await line.sender.replaceTrack(track).catch(() => undefined); // closed meanwhile: the next attempt takes the track
}

/**
 * One stream for each other seat, from the lines that the answer names.
 * @param {Attempt} attempt @param {import('./types.js').SeatLines[]} seats
 */
function streamsOf(attempt, seats) {
  const tracks = new Map(attempt.pc.getTransceivers().map((line) => [line.mid, line.receiver.track]));
  /** @type {Record<string, MediaStream>} */
  const streams = {};
  for (const seat of seats) {
    const own = [tracks.get(seat.audio_mid), tracks.get(seat.video_mid)];
    streams[seat.participant_id] = new MediaStream(own.filter((track) => track !== undefined));
    attempt.whose[seat.audio_mid] = seat.participant_id;
    attempt.whose[seat.video_mid] = seat.participant_id;
  }
  return streams;
}
