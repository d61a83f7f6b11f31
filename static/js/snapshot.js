/** A still of the camera with the person's document, and its way to the court's desk and back to the clerk's eyes. */
import {Refused} from './http.js';
import {language, t} from './language.js';

const LONGEST_SIDE = 1280;
const QUALITY = 0.85;
const PATIENCE_MS = 60_000;

/** Take one picture, not mirrored. @param {MediaStreamTrack} track @returns {Promise<Blob|null>} */
export async function takePicture(track) {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  try {
    await video.play();
    if (!video.videoWidth) await new Promise((seen) => video.addEventListener('resize', seen, {once: true}));
    const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
  } finally {
    video.srcObject = null;
  }
}

/** @param {import('./types.js').Seat} seat @param {Blob} picture @returns {Promise<unknown>} Rejects with Refused. */
export async function handIn(seat, picture) {
  const path = `/api/hearings/${encodeURIComponent(seat.hearing_id)}/snapshot`;
  return (await asked(path, seat.seat_token, {method: 'POST', body: picture, type: 'image/jpeg'})).json();
}

/**
 * Fetch a kept snapshot as an address for an `<img>`; give it back with `URL.revokeObjectURL`. Without a token, the staff
 * cookie counts.
 * @param {string} hearingId @param {string|null} token @param {string} sha256
 * @returns {Promise<string>} Rejects with Refused.
 */
export async function keptPicture(hearingId, token, sha256) {
  const path = `/api/hearings/${encodeURIComponent(hearingId)}/snapshots/${encodeURIComponent(sha256)}`;
  return URL.createObjectURL(await (await asked(path, token)).blob());
}

/** @param {string} hearingId @param {string|null} token @param {string} personId @returns {Promise<string>} Rejects with Refused. */
export async function oneTimeCode(hearingId, token, personId) {
  const path = `/api/hearings/${encodeURIComponent(hearingId)}/people/${encodeURIComponent(personId)}/code`;
  return (await (await asked(path, token)).json()).code;
}

/** @param {string} path @param {string|null} token @param {{method?: string, body?: Blob, type?: string}} [what] */
async function asked(path, token, {method = 'GET', body, type} = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: {
        'Accept-Language': language.peek(),
        ...(token ? {Authorization: `Bearer ${token}`} : {}),
        ...(type ? {'Content-Type': type} : {}),
      },
      body: body ?? null,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    throw new Refused({code: 'offline', message: t('error.offline'), fields: {}, incident_id: null}, 0);
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => null);
  throw new Refused(told?.error ?? {code: 'internal', message: t('error.unreadable'), fields: {}, incident_id: null}, answer.status);
}
