/**
 * A person's own signature over the integrity check value (docs/record-format.md): the key is made here for this one
 * act, can't be taken out of the browser, and is forgotten with the page.
 */
import {canonical, utf8} from './verify/crypto.js';

/** @typedef {{algorithm: 'Ed25519'|'ES256', public_key: string, signature: string, signed_at: string}} Signature */

const P256 = {name: 'ECDSA', namedCurve: 'P-256'};

/** True where this page may use keys at all: not without TLS. */
export const canSign = () => Boolean(globalThis.crypto?.subtle);

/**
 * @param {{hearing: string, participant: string, seal: string, at: Date}} what
 * @returns {Promise<Signature>} Rejects where the browser has neither kind of key.
 */
export async function countersign({hearing, participant, seal, at}) {
  const signedAt = at.toISOString();
  const said = utf8(canonical({at: signedAt, hearing, means: 'cloudcourt-countersignature/1', participant, seal}));
  const {algorithm, keys} = await makeKeys();
  const how = algorithm === 'Ed25519' ? {name: 'Ed25519'} : {name: 'ECDSA', hash: 'SHA-256'};
  const [signature, key] = await Promise.all([
    crypto.subtle.sign(how, keys.privateKey, said),
    crypto.subtle.exportKey('raw', keys.publicKey),
  ]);
  return {algorithm, public_key: hex(key), signature: hex(signature), signed_at: signedAt};
}

/** Ed25519 where the browser has it, else P-256. @returns {Promise<{algorithm: 'Ed25519'|'ES256', keys: CryptoKeyPair}>} */
async function makeKeys() {
  try {
    const keys = await crypto.subtle.generateKey({name: 'Ed25519'}, false, ['sign', 'verify']);
    return {algorithm: 'Ed25519', keys: /** @type {CryptoKeyPair} */ (keys)};
  } catch {
    return {algorithm: 'ES256', keys: await crypto.subtle.generateKey(P256, false, ['sign', 'verify'])};
  }
}

/** @param {ArrayBuffer} content */
function hex(content) {
  return [...new Uint8Array(content)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The check value in groups of four, as it can be read out and written down. @param {string} value */
export function grouped(value) {
  return value.match(/.{1,4}/g)?.join(' ') ?? value;
}
