/** The rules of court: fetched once, shown, and signed by the hash of what was shown. */
import {call} from './http.js';

/** @typedef {import('./language.js').Language} Language */
/** @typedef {{version: string, language: Language, clauses: string[], sha256: string}} RulesText */

/** @type {Promise<RulesText[]>|null} */
let fetched = null;

/** @param {Language} language @returns {Promise<RulesText>} Rejects with Refused. */
export async function rulesText(language) {
  fetched ??= call('GET', '/api/court-rules').then((answer) => /** @type {{texts: RulesText[]}} */ (answer).texts);
  const texts = await fetched.catch((failure) => {
    fetched = null; // to be asked for again
    throw failure;
  });
  const text = texts.find((each) => each.language === language) ?? texts[0];
  if (!text) throw new Error('the court has no rules');
  return text;
}

/** What is signed: version and language, and the hash of the very words on the page. @param {Language} language */
export async function signedRules(language) {
  const text = await rulesText(language);
  return {version: text.version, language: text.language, sha256: await hashOf(text)};
}

/** @param {RulesText} text */
async function hashOf({version, clauses, sha256}) {
  if (!crypto.subtle) return sha256; // pages without TLS can't hash
  const words = new TextEncoder().encode([version, ...clauses].join('\n'));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', words));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
