/** The log of a record: that no entry was changed, left out, added or moved, and who signed it. */
import {isSigned, sha256, fromHex} from './crypto.js';

/** @typedef {{n: number, kind: string, [field: string]: any}} Entry */
/** @typedef {{entry: number, why: string}} Trouble */

const LINE = /^\["([0-9a-f]{64})",\{/;
const BEFORE_ENTRY = 68;
export const ENDS = ['hearing_closed', 'hearing_adjourned', 'hearing_converted_offline', 'hearing_cancelled'];

export class Log {
  /** @type {Map<number, Entry>} */
  entries = new Map();
  /** @type {Map<number, string>} */
  hashes = new Map();
  /** @type {Trouble|null} */
  trouble = null;
  checkpoints = 0;

  /** @returns {Partial<Entry>} */
  get opening() {
    return this.entries.get(1) ?? {};
  }

  get last() {
    let last = 0;
    for (const number of this.hashes.keys()) last = Math.max(last, number);
    return last;
  }

  /** @param {string} kind */
  of(kind) {
    return [...this.entries.values()].filter((entry) => entry.kind === kind).sort((a, b) => a.n - b.n);
  }

  /** @param {number} entry @param {string} why */
  blame(entry, why) {
    if (!this.trouble || entry < this.trouble.entry) this.trouble = {entry, why};
  }

  /** When the first event of one of these kinds happened. @param {string[]} kinds @returns {string|null} */
  moment(...kinds) {
    return this.of('event').find(({event}) => kinds.includes(event.kind))?.at ?? null;
  }

  /** @param {unknown} count @param {unknown} head @param {unknown} signature */
  signs(count, head, signature) {
    const said = {count, head, hearing: this.opening.hearing ?? null, means: 'cloudcourt-checkpoint/1'};
    return isSigned(this.opening.public_key, said, signature);
  }
}

/** @param {Uint8Array<ArrayBuffer>} content @returns {Promise<Log>} */
export async function readLog(content) {
  const log = new Log();
  let previous = '0'.repeat(64);
  let expected = 1;
  const {lines, isWhole} = linesOf(content);
  if (!isWhole) log.blame(lines.length + 1, 'cut');
  for (const line of lines) {
    const {stated, entry} = taken(line);
    if (!entry) {
      log.blame(expected, 'unreadable');
      previous = '';
      expected += 1;
      continue;
    }
    if (entry.n > expected) log.blame(expected, 'missing');
    else if (entry.n < expected) log.blame(expected, 'repeated');
    else if (previous && (await hashOf(previous, line)) !== stated) log.blame(entry.n, 'changed');
    else log.entries.set(entry.n, entry);
    log.hashes.set(entry.n, stated);
    previous = stated;
    expected = Math.max(expected, entry.n) + 1;
  }
  await checkSignatures(log);
  const wrong = log.of('event').findIndex(({seq}, at) => seq !== at + 1);
  if (wrong >= 0) log.blame(log.of('event')[wrong]?.n ?? 1, 'event_missing');
  return log;
}

/** @param {Uint8Array<ArrayBuffer>} content */
function linesOf(content) {
  const lines = [];
  let begin = 0;
  for (let end = content.indexOf(10); end >= 0; end = content.indexOf(10, begin)) {
    lines.push(content.subarray(begin, end));
    begin = end + 1;
  }
  return {lines, isWhole: begin === content.length && lines.length > 0};
}

/** @param {Uint8Array<ArrayBuffer>} line @returns {{stated: string, entry: Entry|null}} */
function taken(line) {
  try {
    const text = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(line);
    const stated = LINE.exec(text)?.[1] ?? '';
    const entry = stated && text.endsWith('}]') ? JSON.parse(text.slice(BEFORE_ENTRY, -1)) : null;
    return Number.isInteger(entry?.n) && typeof entry.kind === 'string' ? {stated, entry} : {stated, entry: null};
  } catch {
    return {stated: '', entry: null};
  }
}

/** @param {string} previous @param {Uint8Array<ArrayBuffer>} line */
function hashOf(previous, line) {
  const entry = line.subarray(BEFORE_ENTRY, -1);
  const hashed = new Uint8Array(33 + entry.length);
  hashed.set(fromHex(previous), 1);
  hashed.set(entry, 33);
  return sha256(hashed);
}

/** @param {Log} log */
async function checkSignatures(log) {
  const told = log.opening;
  const key = {hearing: told.hearing ?? null, means: 'cloudcourt-hearing-key/1', public_key: told.public_key ?? null};
  if (!(await isSigned(told.court_key, key, told.court_signature))) log.blame(1, 'key_unsigned');
  if (!log.entries.has(1)) return;
  let good = 1;
  for (const {n, count, head, signature} of log.of('checkpoint')) {
    if (!(await log.signs(count, head, signature))) log.blame(n, 'checkpoint_unsigned');
    else if (count !== n - 1 || head !== (log.hashes.get(n - 1) ?? head)) log.blame(good, 'rewritten');
    else {
      log.checkpoints += 1;
      good = n + 1;
    }
  }
}
