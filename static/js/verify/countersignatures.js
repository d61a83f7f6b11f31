/** What was added after the seal: who confirmed it, who signed its value on a device of their own, who would not. */
import {canonical, isSigned, isSignedByP256, sha256, Unable, utf8} from './crypto.js';

/** @typedef {import('./judge.js').Finding} Finding */
/** @typedef {import('./chain.js').Log} Log */

export const COUNTERSIGNATURES = 'countersignatures.jsonl';
const CONFIRMS = ['judge', 'clerk'];

/**
 * One finding an entry, with the person's name as the log has it; nothing without a seal that can be read.
 * @param {string|null} text @param {string|null} sealText @param {Log} log @returns {Promise<Finding[]>}
 */
export async function checkCountersignatures(text, sealText, log) {
  const statement = statementOf(sealText);
  if (text === null || !statement) return [];
  const seal = await sha256(utf8(canonical(statement)));
  const lines = text.split('\n');
  /** @type {Finding[]} */
  const found = lines.pop() ? [{file: COUNTERSIGNATURES, state: 'altered', why: 'cut'}] : [];
  let previous = '0'.repeat(64);
  for (const [at, line] of lines.entries()) {
    const file = `countersignature ${at + 1}`;
    const ours = {means: 'cloudcourt-after-seal/1', hearing: statement.hearing, seal, n: at + 1, previous};
    try {
      found.push({file, ...(await judged(line, ours, statement.court_key, log))});
    } catch (failure) {
      if (failure instanceof Unable) throw failure;
      found.push({file, state: 'altered', why: 'unreadable'});
    }
    previous = await sha256(utf8(line));
  }
  return found;
}

/** @param {string|null} text @returns {any} null when there is none */
function statementOf(text) {
  try {
    return JSON.parse(text ?? 'null')?.statement ?? null;
  } catch {
    return null;
  }
}

/** @param {string} line @param {Record<string, unknown>} ours @param {string} courtKey @param {Log} log @returns {Promise<Omit<Finding, 'file'>>} */
async function judged(line, ours, courtKey, log) {
  const told = JSON.parse(line);
  const {entry} = told;
  if (canonical(told) !== line || !(await isSigned(courtKey, entry, told.court_signature))) return {state: 'altered', why: 'unsigned'};
  const wrong = Object.keys(ours).find((name) => entry[name] !== ours[name]);
  if (wrong) return {state: 'altered', why: wrong === 'n' || wrong === 'previous' ? 'missing' : 'foreign'};
  const who = personOf(entry.participant, log);
  const told_at = {who, at: entry.at};
  if (entry.kind === 'signed') {
    const isValid = await partySigned(entry);
    return {state: isValid ? 'ok' : 'altered', why: isValid ? 'signed' : 'signature_wrong', ...told_at};
  }
  if (entry.kind === 'refused') return {state: 'ok', why: 'refused', ...told_at, reason: entry.reason};
  if (entry.kind !== 'confirmed' || (who.role && !CONFIRMS.includes(who.role))) return {state: 'altered', why: 'not_ours'};
  return {state: 'ok', why: 'confirmed', ...told_at};
}

/** @param {any} entry */
function partySigned({participant, hearing, seal, signed_at: at, algorithm, public_key: key, signature}) {
  const said = {at, hearing, means: 'cloudcourt-countersignature/1', participant, seal};
  if (algorithm === 'Ed25519') return isSigned(key, said, signature);
  if (algorithm === 'ES256') return isSignedByP256(key, said, signature);
  throw new TypeError('an unknown algorithm');
}

/** @param {string} id @param {Log} log @returns {{role: string, name: string}} */
function personOf(id, log) {
  const person = peopleOf(log).find((/** @type {any} */ each) => each.id === id);
  return person ? {role: person.role, name: person.name} : {role: '', name: id};
}

/** Who had a seat: of the case file in event 1, and whoever was seated later. @param {Log} log @returns {any[]} */
function peopleOf(log) {
  const told = log.of('event').map((/** @type {any} */ {event}) => event);
  return [...(told[0]?.people ?? []), ...told.filter(({kind}) => kind === 'person_seated').map(({person}) => person)];
}
