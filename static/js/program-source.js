/** Where the pieces of the program come from: the record of a running hearing, or its public gallery. */
import {call, Refused} from './http.js';
import {t} from './language.js';

/** @typedef {{number: number, kind: 'take'|'card', began_at: string, ended_at: string, film_ms: number, duration_ms: number}} ProgramChunk */
/** @typedef {{now: string, codecs: string|null, last: number, chunks: ProgramChunk[]}} ProgramPart */

/**
 * @typedef {object} ProgramSource
 * @property {(since: number) => Promise<ProgramPart>} part the newest pieces after one; rejects with Refused
 * @property {() => Promise<ArrayBuffer>} init
 * @property {(number: number) => Promise<ArrayBuffer>} chunk
 */

const PATIENCE_MS = 20_000;

/** @param {string} base address of the program @param {() => string} token who asks @returns {ProgramSource} */
export function programSource(base, token) {
  return {
    part: (since) => call('GET', `${base}?since=${since}`, undefined, token()),
    init: () => bytesOf(`${base}/init.mp4`, token()),
    chunk: (number) => bytesOf(`${base}/chunk-${String(number).padStart(6, '0')}.m4s`, token()),
  };
}

/** @param {string} hearingId @param {() => string} token */
export function recordProgram(hearingId, token) {
  return programSource(`/api/hearings/${encodeURIComponent(hearingId)}/recording/program`, token);
}

/** @param {string} path @param {string} token @returns {Promise<ArrayBuffer>} Rejects with Refused. */
async function bytesOf(path, token) {
  const options = {headers: {Authorization: `Bearer ${token}`}, signal: AbortSignal.timeout(PATIENCE_MS)};
  const answer = await fetch(path, options).catch(() => null);
  const content = answer?.ok ? await answer.arrayBuffer().catch(() => null) : null;
  if (content) return content;
  const code = answer ? 'not_found' : 'offline';
  throw new Refused({code, message: t('error.offline'), fields: {}, incident_id: null}, answer?.status ?? 0);
}
