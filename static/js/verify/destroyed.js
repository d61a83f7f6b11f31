/** What the court destroyed of a record under its rules of retention, and signed for: tombstones. */
import {ENDS} from './chain.js';
import {canonical, isSigned, sha256, Unable, utf8} from './crypto.js';
import {secondsOf} from './moments.js';

/** @typedef {import('./judge.js').Finding} Finding */
/** @typedef {import('./judge.js').Listed} Listed */
/** @typedef {import('./chain.js').Log} Log */
/** Of each file that a good tombstone names: its hash and size, and when and under which rule it went. */
/** @typedef {Map<string, {sha256: string, bytes: number, at: string, retention: string, years: number}>} Gone */

export const DESTROYED_FILE = 'destroyed.jsonl';

/**
 * One finding a tombstone; nothing may be destroyed under a legal hold, which `orders` tell of.
 * @param {string|null} text @param {string|null} orders @param {Log} log @returns {Promise<{findings: Finding[], gone: Gone}>}
 */
export async function checkDestroyed(text, orders, log) {
  /** @type {Gone} */
  const gone = new Map();
  if (text === null) return {findings: [], gone};
  const lines = text.split('\n');
  /** @type {Finding[]} */
  const findings = lines.pop() ? [{file: DESTROYED_FILE, state: 'altered', why: 'cut'}] : [];
  let previous = '0'.repeat(64);
  for (const [at, line] of lines.entries()) {
    const file = `destruction ${at + 1}`;
    try {
      const told = JSON.parse(line);
      const why = await wrongWith(told, line, {n: at + 1, previous}, orders, log);
      const {entry} = told;
      if (!why) for (const one of entry.files) gone.set(one.file, {...one, at: entry.at, retention: entry.retention, years: entry.years});
      findings.push(why ? {file, state: 'altered', why} : {file, state: 'ok', why: 'destruction', at: entry.at});
    } catch (failure) {
      if (failure instanceof Unable) throw failure;
      findings.push({file, state: 'altered', why: 'unreadable'});
    }
    previous = await sha256(utf8(line));
  }
  return {findings, gone};
}

/** A file that is gone, and of which a tombstone tells just what the record tells, is not missing. @param {Finding[]} found @param {Gone} gone @param {Listed[]} listed @returns {Finding[]} */
export function accountFor(found, gone, listed) {
  const known = new Map(listed.map((entry) => [entry.file, entry]));
  return found.map((finding) => {
    const told = gone.get(finding.file);
    const entry = known.get(finding.file);
    if (finding.state !== 'missing' || !told || told.sha256 !== entry?.sha256 || told.bytes !== entry.size) return finding;
    return {...finding, state: 'destroyed', why: 'destroyed', at: told.at, years: told.years};
  });
}

/** @param {any} told @param {string} line @param {{n: number, previous: string}} place @param {string|null} orders @param {Log} log @returns {Promise<string>} */
async function wrongWith(told, line, place, orders, log) {
  const {entry} = told;
  if (canonical(told) !== line || !(await isSigned(log.opening.court_key, entry, told.court_signature))) return 'unsigned';
  if (entry.means !== 'cloudcourt-destroyed/1' || entry.hearing !== log.opening.hearing) return 'foreign';
  if (entry.n !== place.n || entry.previous !== place.previous) return 'missing';
  const [founding] = log.of('event');
  if (entry.retention !== (founding?.event.retention ?? 'permanent')) return 'other_rule';
  const ended = log.moment(...ENDS);
  if (!ended || secondsOf(entry.at) < dueS(ended, entry.years)) return 'too_early';
  return wasHeld(orders, entry.at) ? 'held' : '';
}

/** So many years later; what began on 29 February ends on 1 March. @param {string} ended @param {number} years */
function dueS(ended, years) {
  const exactly = secondsOf(ended), whole = Math.floor(exactly), moment = new Date(1000 * whole);
  return moment.setUTCFullYear(moment.getUTCFullYear() + years) / 1000 + (exactly - whole);
}

/** Whether the last order about a hold before that time set one. @param {string|null} orders @param {string} at */
function wasHeld(orders, at) {
  const entries = (orders ?? '').split('\n').slice(0, -1).map((line) => JSON.parse(line).entry);
  const holds = entries.filter((order) => ['held', 'released'].includes(order.kind) && secondsOf(order.at) <= secondsOf(at));
  return holds.at(-1)?.kind === 'held';
}
