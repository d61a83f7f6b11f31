/** Hashes, signatures and canonical JSON, as docs/record-format.md says. */

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** @param {string} text @returns {Bytes} */
export const utf8 = (text) => /** @type {Bytes} */ (new TextEncoder().encode(text));

/** @param {string} digits @returns {Bytes} Throws for what is no hex. */
export function fromHex(digits) {
  if (typeof digits !== 'string' || !/^([0-9a-f]{2})*$/.test(digits)) throw new TypeError('no hex digits');
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** @param {BufferSource} content @returns {Promise<string>} */
export async function sha256(content) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * JSON with names in order and no blanks (RFC 8785): for what holds no fractions.
 * @param {unknown} value @returns {string}
 */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}

/** This browser can't check what is asked. */
export class Unable extends Error {}

/**
 * True for a good Ed25519 signature over canonical JSON.
 * @param {unknown} key @param {unknown} said @param {unknown} signature @returns {Promise<boolean>} Rejects with Unable.
 */
export async function isSigned(key, said, signature) {
  return isSignedText(key, canonical(said), signature);
}

/**
 * True for a good ECDSA signature over canonical JSON, on P-256 with SHA-256; the key is an uncompressed point.
 * @param {unknown} key @param {unknown} said @param {unknown} signature @returns {Promise<boolean>} Rejects with Unable.
 */
export async function isSignedByP256(key, said, signature) {
  return isSignedWith({name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'}, 65, key, canonical(said), signature);
}

/** @param {unknown} key @param {string} text @param {unknown} signature @returns {Promise<boolean>} */
export async function isSignedText(key, text, signature) {
  return isSignedWith({name: 'Ed25519'}, 32, key, text, signature);
}

/**
 * @param {{name: string, namedCurve?: string, hash?: string}} algorithm @param {number} keyBytes
 * @param {unknown} key @param {string} text @param {unknown} signature @returns {Promise<boolean>} Rejects with Unable.
 */
async function isSignedWith(algorithm, keyBytes, key, text, signature) {
  let raw, signed;
  try {
    raw = fromHex(/** @type {string} */ (key));
    signed = fromHex(/** @type {string} */ (signature));
  } catch {
    return false;
  }
  if (raw.length !== keyBytes || signed.length !== 64) return false;
  try {
    const publicKey = await crypto.subtle.importKey('raw', raw, algorithm, false, ['verify']);
    return await crypto.subtle.verify(algorithm, publicKey, signed, utf8(text));
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'DataError') return false; // no point of the curve
    throw new Unable(algorithm.name);
  }
}
