/** JSON over HTTP with the court's one shape of errors. */
import {language, t} from './language.js';

/** An answer that isn't what was asked for; `message` is for the person. */
export class Refused extends Error {
  /** @param {import('./types.js').ErrorBody} body @param {number} status */
  constructor(body, status) {
    super(body.message);
    this.code = body.code;
    this.fields = body.fields;
    this.incidentId = body.incident_id;
    this.status = status;
  }
}

const PATIENCE_MS = 20_000;

/**
 * @template T
 * @param {string} method @param {string} path @param {unknown} [body] @param {string} [seatToken] who asks, beside any cookie
 * @returns {Promise<T>} Rejects with Refused; code `offline` when the court can't be reached.
 */
export async function call(method, path, body, seatToken) {
  const answer = await reach(method, path, body, seatToken);
  if (answer.status === 204) return /** @type {T} */ (undefined);
  const content = await answer.json().catch(() => null);
  if (answer.ok && content) return content;
  throw new Refused(content?.error ?? unreadable(), answer.status);
}

/** @param {string} method @param {string} path @param {unknown} body @param {string} [seatToken] */
async function reach(method, path, body, seatToken) {
  try {
    return await fetch(path, {
      method,
      headers: {
        'Accept-Language': language.value,
        ...(body === undefined ? {} : {'Content-Type': 'application/json'}),
        ...(seatToken ? {Authorization: `Bearer ${seatToken}`} : {}),
      },
      body: body === undefined ? null : JSON.stringify(body),
      credentials: 'same-origin',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    throw new Refused({code: 'offline', message: t('error.offline'), fields: {}, incident_id: null}, 0);
  }
}

/** @returns {import('./types.js').ErrorBody} */
function unreadable() {
  return {code: 'internal', message: t('error.unreadable'), fields: {}, incident_id: null};
}

/** A sentence for a person, whatever went wrong. @param {unknown} failure */
export function sentence(failure) {
  return failure instanceof Refused ? failure.message : t('error.unreadable');
}
