/**
 * One connection's lines in the order the court expects: own sound, own picture, then a pair for every other seat, which
 * never change owner; at the end one's own screen, and the one that the court is shown.
 */
import {isPhone} from './devices.js';

/** Of a screen text must be sharp, and seldom moves. */
const SCREEN_ENCODING = {maxBitrate: 1_500_000, maxFramerate: 10};
/** One's own screen, and the one that is shown. */
const SCREEN_LINES = 2;

/**
 * What the courtroom needs now; null outside of it.
 * @typedef {object} Need
 * @property {number} seatCount
 * @property {MediaStreamTrack|null} microphone
 * @property {MediaStreamTrack|null} camera
 * @property {MediaStreamTrack|null} [screen]
 * @property {boolean} isExpecting somebody else should be heard or seen
 */

/**
 * A connection and what hangs on it.
 * @typedef {object} Attempt
 * @property {RTCPeerConnection} pc
 * @property {AbortController} life
 * @property {RTCRtpTransceiver} audio
 * @property {RTCRtpTransceiver} video
 * @property {RTCRtpTransceiver} screen
 * @property {Record<string, string>} whose participant id by line
 * @property {Record<string, MediaStream>} streams by participant id
 * @property {MediaStream|null} courtScreen
 */

/** Lay the lines. @param {Need} need @param {RTCIceServer[]} iceServers @returns {Attempt} */
export function layLines(need, iceServers) {
  const pc = new RTCPeerConnection({bundlePolicy: 'max-bundle', iceServers});
  const audio = sendingLine(pc, 'audio', need.microphone);
  const video = sendingLine(pc, 'video', need.camera);
  for (let seat = 1; seat < need.seatCount; seat += 1) {
    pc.addTransceiver('audio', {direction: 'recvonly'});
    pc.addTransceiver('video', {direction: 'recvonly'});
  }
  // Open from the start, though empty: sharing a screen renegotiates nothing.
  const screen = pc.addTransceiver('video', {direction: 'sendonly', sendEncodings: [SCREEN_ENCODING]});
  pc.addTransceiver('video', {direction: 'recvonly'});
  for (const line of pc.getTransceivers()) preferCommonCodecs(line);
  return {pc, life: new AbortController(), audio, video, screen, whose: {}, streams: {}, courtScreen: null};
}

/** @param {RTCPeerConnection} pc @param {'audio'|'video'} kind @param {MediaStreamTrack|null} track */
function sendingLine(pc, kind, track) {
  if (!track) return pc.addTransceiver(kind, {direction: 'inactive'});
  if (kind === 'audio') return pc.addTransceiver(track, {direction: 'sendonly'});
  return pc.addTransceiver(track, {direction: 'sendonly', sendEncodings: layersOf(track)});
}

/** @param {MediaStreamTrack} camera */
function layersOf(camera) {
  const {height = 0, width = 0} = camera.getSettings();
  return layers(Math.min(height, width), isPhone());
}

/**
 * The sizes in which one picture is sent, smallest first: the court picks one for each viewer.
 * @param {number} lines of the captured picture @param {boolean} onPhone @returns {RTCRtpEncodingParameters[]}
 */
export function layers(lines, onPhone) {
  if (onPhone || lines < 720) {
    return [
      {rid: 'l', scaleResolutionDownBy: 2, maxBitrate: 150_000},
      {rid: 'h', scaleResolutionDownBy: 1, maxBitrate: 700_000},
    ];
  }
  return [
    {rid: 'l', scaleResolutionDownBy: 4, maxBitrate: 120_000},
    {rid: 'm', scaleResolutionDownBy: 2, maxBitrate: 400_000},
    {rid: 'h', scaleResolutionDownBy: 1, maxBitrate: 1_600_000},
  ];
}

/** Offer what the court speaks and no more: VP8 first, because only that comes in layers everywhere. @param {RTCRtpTransceiver} line */
function preferCommonCodecs(line) {
  const {kind} = line.receiver.track;
  const known = RTCRtpReceiver.getCapabilities?.(kind)?.codecs ?? [];
  const wanted = commonCodecs(known, kind);
  if (!wanted.length || !line.setCodecPreferences) return;
  try {
    line.setCodecPreferences(wanted);
  } catch {
    // This browser wants its own order; the court takes what it can.
  }
}

/** @param {RTCRtpCodec[]} known @param {string} kind @returns {RTCRtpCodec[]} */
export function commonCodecs(known, kind) {
  const of = (/** @type {string} */ name) => known.filter(({mimeType}) => mimeType.toLowerCase() === name);
  if (kind === 'audio') return of('audio/opus');
  const vp8 = of('video/vp8');
  const h264 = of('video/h264').filter(({sdpFmtpLine = ''}) =>
    /profile-level-id=42/i.test(sdpFmtpLine) && sdpFmtpLine.includes('packetization-mode=1'));
  return vp8.length ? [...vp8, ...h264, ...of('video/rtx')] : [];
}

/** False when a device has come to a line that was laid without one, or a person to the hearing. @param {Attempt} attempt @param {Need} need */
export function fits(attempt, need) {
  const isLaid = (/** @type {RTCRtpTransceiver} */ line) => line.direction === 'sendonly';
  const pairs = (attempt.pc.getTransceivers().length - SCREEN_LINES) / 2;
  return pairs >= need.seatCount && (isLaid(attempt.audio) || !need.microphone) && (isLaid(attempt.video) || !need.camera);
}

/** Send these devices on the lines that are laid for them. @param {Attempt} attempt @param {Need} need */
export function send(attempt, need) {
  void replace(attempt.audio, need.microphone);
  void replace(attempt.video, need.camera);
  void replace(attempt.screen, need.screen ?? null);
}

/** @param {RTCRtpTransceiver} line @param {MediaStreamTrack|null} track */
async function replace(line, track) {
  if (line.direction !== 'sendonly' || line.sender.track === track) return;
  await line.sender.replaceTrack(track).catch(() => undefined); // closed meanwhile: the next connection takes the track
}

/**
 * Bind one stream for each other seat to the lines that the answer names; the same lines keep their streams.
 * @param {Attempt} attempt @param {import('./types.js').MediaAnswer} answer
 */
export function bindSeats(attempt, {seats, screen_mid: screenMid}) {
  const tracks = new Map(attempt.pc.getTransceivers().map((line) => [line.mid, line.receiver.track]));
  for (const seat of seats) {
    const own = [tracks.get(seat.audio_mid), tracks.get(seat.video_mid)];
    attempt.streams[seat.participant_id] ??= new MediaStream(own.filter((track) => track !== undefined));
    attempt.whose[seat.audio_mid] = seat.participant_id;
    attempt.whose[seat.video_mid] = seat.participant_id;
  }
  const screen = screenMid === null ? undefined : tracks.get(screenMid);
  if (screen) attempt.courtScreen ??= new MediaStream([screen]);
}
