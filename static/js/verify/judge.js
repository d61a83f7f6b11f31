/** Judges a record, as verify.py does: what was changed, left out or added. Runs here alone, and asks nobody. */
import {ENDS, Log, readLog} from './chain.js';
import {checkCountersignatures, COUNTERSIGNATURES} from './countersignatures.js';
import {canonical, isSigned, isSignedText, sha256, Unable, utf8} from './crypto.js';
import {accountFor, checkDestroyed, DESTROYED_FILE} from './destroyed.js';
import {checkFilm, FILM_FILE} from './film.js';
import {secondsOf} from './moments.js';
import {checkOrders, ORDERS_FILE} from './orders.js';
import {checkCopy, REDACTION} from './redaction.js';

/** @typedef {import('./bundle.js').Bundle} Bundle */
/** @typedef {'ok'|'missing'|'altered'|'unlisted'|'destroyed'} State */
/** @typedef {{file: string, state: State, entry?: number|null, firstBadS?: number|null, why?: string, who?: {role: string, name: string}, at?: string, reason?: string, years?: number, order?: any, copy?: any, redaction?: any}} Finding */
/** @typedef {{file: string, sha256: string, size: number, chunks: {from_s: number, offset: number, length: number, sha256: string}[], beganS: number|null}} Listed */
/** @typedef {{findings: Finding[], exit: 0|1|2|3, why: string, isSealed: boolean, isCopy: boolean, courtKey: string|null, log: Log|null}} Judgement */

const COMPANIONS = ['record.log', 'seal.json', 'index.html', 'FORMAT.md', 'verify.py', COUNTERSIGNATURES, FILM_FILE, ORDERS_FILE, DESTROYED_FILE];
/** Of a record itself; beside a redacted copy stand none of them. */
const RECORDS = ['record.log', 'seal.json', 'manifest.json', FILM_FILE];
const LOG_FORMAT = 'cloudcourt-record/1';
const TRACK = /^(composite\.mp4|tracks\/[A-Za-z0-9][A-Za-z0-9_-]{0,119}\.(webm|mkv|ogg))$/;
const RECORD = /^((tracks\/)?[^/]*\.(webm|mkv|ogg|mp4)|journal\/.*|record\.log\.torn-.*)$/s;
const PATH = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/;

/**
 * @param {Bundle} bundle
 * @param {{courtKey?: string, kept?: string, onProgress?: (share: number) => void}} [wishes]
 * @returns {Promise<Judgement>}
 */
export async function judge(bundle, wishes = {}) {
  try {
    if (bundle.names.has(REDACTION) && !RECORDS.some((name) => bundle.names.has(name))) return await judgeCopy(bundle, wishes);
    const text = await textOf(bundle, 'manifest.json');
    if (COMPANIONS.some((name) => bundle.names.has(name)) || speaksOfLog(text)) return await judgeSealed(bundle, wishes);
    const manifest = readManifest(text);
    if (typeof manifest === 'string') return judged([], {why: manifest});
    return judged(await examine(bundle, manifest.listed, new Set(), wishes.onProgress), {});
  } catch (failure) {
    if (failure instanceof Unable) return judged([], {why: 'unable'});
    return judged([{file: 'record.log', state: 'altered', why: 'not_ours'}], {isSealed: true});
  }
}

/** True for the manifest of a record that had a log: where nothing signed is left, it was taken away. @param {string|null} text */
function speaksOfLog(text) {
  try {
    return JSON.parse(text ?? 'null')?.log === 'record.log';
  } catch {
    return false;
  }
}

/** @param {Finding[]} findings @param {Partial<Judgement>} told @returns {Judgement} */
function judged(findings, told) {
  const has = (/** @type {State[]} */ ...states) => findings.some(({state}) => states.includes(state));
  const exit = has('altered', 'unlisted') ? 1 : told.why ? 3 : has('missing') ? 2 : 0;
  return {why: '', isSealed: false, isCopy: false, courtKey: null, log: null, ...told, findings, exit};
}

/** @param {Bundle} bundle @param {{courtKey?: string, onProgress?: (share: number) => void}} wishes @returns {Promise<Judgement>} */
async function judgeCopy(bundle, {courtKey, onProgress}) {
  try {
    const told = await checkCopy(await textOf(bundle, REDACTION) ?? '', await textOf(bundle, ORDERS_FILE), courtKey);
    const files = told.listed.length ? await examine(bundle, told.listed, new Set(), onProgress) : [];
    return judged([...told.findings, ...files], {isSealed: true, isCopy: true, courtKey: told.courtKey});
  } catch (failure) {
    if (failure instanceof Unable) throw failure;
    return judged([{file: REDACTION, state: 'altered', why: 'not_ours'}], {isSealed: true, isCopy: true});
  }
}

/** @param {Bundle} bundle @param {{courtKey?: string, kept?: string, onProgress?: (share: number) => void}} wishes */
async function judgeSealed(bundle, {courtKey, kept, onProgress}) {
  const hasLog = bundle.names.has('record.log');
  const log = await readLog(hasLog ? await bytesOf(bundle, 'record.log') : new Uint8Array());
  if ((log.opening.format ?? LOG_FORMAT) !== LOG_FORMAT) return judged([], {why: 'format'});
  const manifestText = await textOf(bundle, 'manifest.json');
  const found = await checkSeal(bundle, manifestText, log);
  if (found.some(({file, state}) => file === 'seal.json' && state === 'ok')) {
    found.push(...await checkCountersignatures(await textOf(bundle, COUNTERSIGNATURES), await textOf(bundle, 'seal.json'), log));
  }
  const sealed = await trustedSeal(bundle, log);
  found.push(...await checkOrders(await textOf(bundle, ORDERS_FILE), sealed ?? (log.opening.court_key ? log.opening : null)));
  const {findings: destroyed, gone} = await checkDestroyed(await textOf(bundle, DESTROYED_FILE), await textOf(bundle, ORDERS_FILE), log);
  found.push(...destroyed);
  if (kept !== undefined) found.push(await checkKept(kept, log));
  if (courtKey) found.push({file: 'court key', state: courtKey.trim().toLowerCase() === log.opening.court_key ? 'ok' : 'altered'});
  const isOurs = hasLog && (!log.trouble || log.trouble.entry > 1);
  const listed = isOurs ? listedIn(log) : new Map();
  let ours = null;
  if (!found.some(({file, state}) => file === 'manifest.json' && state !== 'ok')) {
    const manifest = readManifest(manifestText);
    if (typeof manifest === 'string') {
      found.push({file: 'manifest.json', state: 'missing', why: manifest});
    } else {
      ours = manifest.manifest;
      manifest.listed.forEach((entry) => listed.set(entry.file, entry));
      if (!log.trouble) found.push({file: 'gaps', ...account(manifest.manifest, log)});
    }
  }
  /** @type {Finding} */
  const first = {file: 'record.log', state: hasLog ? (log.trouble ? 'altered' : 'ok') : 'missing', ...(hasLog ? log.trouble : {})};
  const film = await checkFilm(await textOf(bundle, FILM_FILE), ours, sealed, log);
  found.push(...film.findings);
  film.listed.map(listedOf).forEach((entry) => listed.set(entry.file, entry));
  const known = new Set([...(log.trouble ? bundle.names : []), ...film.unjudged]);
  const files = accountFor(await examine(bundle, [...listed.values()], known, onProgress), gone, [...listed.values()]);
  return judged([first, ...found, ...files], {isSealed: true, courtKey: log.opening.court_key ?? null, log});
}

/** @param {Bundle} bundle @param {string} name @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function bytesOf(bundle, name) {
  try {
    return new Uint8Array(await (await bundle.open(name)).arrayBuffer());
  } catch {
    return new Uint8Array();
  }
}

/** @param {Bundle} bundle @param {string} name @returns {Promise<string|null>} null when it isn't there */
async function textOf(bundle, name) {
  if (!bundle.names.has(name)) return null;
  return new TextDecoder('utf-8', {ignoreBOM: true}).decode(await bytesOf(bundle, name));
}

/** @param {string|null} text @returns {{manifest: any, listed: Listed[]}|string} why not */
function readManifest(text) {
  if (text === null) return 'no_manifest';
  try {
    const manifest = JSON.parse(text);
    if (manifest?.format !== 'cloudcourt-recording/1') return 'format';
    if (manifest.sealed !== true) return 'unsealed';
    const entries = [...manifest.tracks, ...(manifest.film.file === null ? [] : [manifest.film])];
    return {manifest, listed: entries.map(listedOf)};
  } catch {
    return 'damaged';
  }
}

/** @param {any} entry @returns {Listed} */
function listedOf(entry) {
  let end = 0;
  for (const {offset, length} of entry.chunks) {
    if (offset !== end || !(length > 0)) throw new TypeError('chunks must follow each other');
    end += length;
  }
  if (end !== entry.bytes || !TRACK.test(entry.file)) throw new TypeError('chunks must cover a file of the record');
  return {file: entry.file, size: end, sha256: entry.sha256, chunks: entry.chunks, beganS: null};
}

/** @param {Log} log @returns {Map<string, Listed>} */
function listedIn(log) {
  const found = new Map();
  const openedAt = log.moment('hearing_opened');
  for (const kind of ['torn', 'segment', 'file']) {
    for (const entry of log.of(kind)) {
      const told = entry.segment ?? entry;
      const beganS = kind === 'segment' && openedAt ? Math.round(1000 * Math.max(0, secondsOf(told.began_at) - secondsOf(openedAt))) / 1000 : null;
      if (PATH.test(told.file)) found.set(told.file, {file: told.file, size: told.bytes, sha256: told.sha256, chunks: [], beganS});
    }
  }
  return found;
}

/**
 * @param {Bundle} bundle @param {Listed[]} listed @param {Set<string>} known @param {((share: number) => void)} [onProgress]
 * @returns {Promise<Finding[]>}
 */
async function examine(bundle, listed, known, onProgress) {
  const total = listed.reduce((sum, {size}) => sum + size, 1);
  let done = 0;
  /** @type {Finding[]} */
  const found = [];
  for (const entry of listed) {
    found.push(await examined(bundle, entry));
    done += entry.size;
    onProgress?.(done / total);
  }
  const names = new Set([...known, ...listed.map(({file}) => file)]);
  const strangers = [...bundle.names].filter((name) => RECORD.test(name) && !names.has(name)).sort();
  return [...found, ...strangers.map((file) => /** @type {Finding} */ ({file, state: 'unlisted'}))];
}

/** @param {Bundle} bundle @param {Listed} entry @returns {Promise<Finding>} */
async function examined(bundle, {file, size, sha256: wanted, chunks, beganS}) {
  if (!bundle.names.has(file)) return {file, state: 'missing'};
  const places = chunks.length ? chunks.map(({from_s}) => from_s) : [beganS];
  try {
    const blob = await bundle.open(file);
    for (const {from_s, offset, length, sha256: part} of chunks) {
      if ((await sha256(await blob.slice(offset, offset + length).arrayBuffer())) !== part) {
        return {file, state: 'altered', firstBadS: from_s};
      }
    }
    const isGood = blob.size === size && (chunks.length > 0 || (await sha256(await blob.arrayBuffer())) === wanted);
    return isGood ? {file, state: 'ok'} : {file, state: 'altered', firstBadS: places.at(-1) ?? null};
  } catch {
    return {file, state: 'altered', firstBadS: places[0] ?? null, why: 'unreadable'};
  }
}

/** @param {Bundle} bundle @param {string|null} manifestText @param {Log} log @returns {Promise<Finding[]>} */
async function checkSeal(bundle, manifestText, log) {
  const text = await textOf(bundle, 'seal.json');
  const told = await readSeal(text ?? '');
  const digest = manifestText === null ? null : await sha256(await (await bundle.open('manifest.json')).arrayBuffer());
  let wanted = log.of('seal')[0]?.manifest_sha256 ?? null;
  /** @type {Finding[]} */
  const found = [];
  if (text === null) found.push({file: 'seal.json', state: 'missing'});
  else if (!told) found.push({file: 'seal.json', state: 'altered', why: 'unsigned'});
  else if (digest !== told.statement.manifest_sha256 && told.statement.hearing !== log.opening.hearing) {
    found.push({file: 'seal.json', state: 'altered', why: 'foreign'});
  } else {
    found.push(await timeOf(told));
    wanted = told.statement.manifest_sha256;
    compare(log, told.statement);
  }
  if (digest === null) found.push({file: 'manifest.json', state: 'missing'});
  else if (wanted !== null) found.push({file: 'manifest.json', state: digest === wanted ? 'ok' : 'altered'});
  return found;
}

/** The seal's statement, when its signatures hold and it is not of another hearing. @param {Bundle} bundle @param {Log} log @returns {Promise<any>} */
async function trustedSeal(bundle, log) {
  const statement = (await readSeal(await textOf(bundle, 'seal.json') ?? ''))?.statement ?? null;
  if (!statement || statement.hearing === log.opening.hearing) return statement;
  const hasManifest = bundle.names.has('manifest.json');
  const digest = hasManifest ? await sha256(await (await bundle.open('manifest.json')).arrayBuffer()) : '';
  return digest === statement.manifest_sha256 ? statement : null;
}

/** @param {string} text @returns {Promise<any>} null when it isn't as the court wrote and signed it */
async function readSeal(text) {
  let told;
  try {
    told = JSON.parse(text);
    if (`${canonical(told)}\n` !== text || told.statement.format !== 'cloudcourt-seal/1') return null;
    if (Object.keys(told).sort().join() !== 'court_signature,hearing_signature,statement,timestamp') return null;
  } catch {
    return null;
  }
  const statement = canonical(told.statement);
  const {court_signature: timeSignature, ...timestamp} = told.timestamp;
  const stamped = {means: 'cloudcourt-timestamp/1', seal: await sha256(utf8(statement)), timestamp};
  const isGood = (await isSignedText(told.statement.hearing_key, statement, told.hearing_signature))
    && (await isSignedText(told.statement.court_key, statement, told.court_signature))
    && (await isSigned(told.statement.court_key, stamped, timeSignature));
  return isGood ? told : null;
}

/** @param {Log} log @param {any} sealed */
function compare(log, sealed) {
  const {hearing, public_key: key, court_key: court} = log.opening;
  if (sealed.hearing !== hearing || sealed.hearing_key !== key || sealed.court_key !== court) log.blame(1, 'foreign');
  else if (log.last < sealed.count) log.blame(log.last + 1, 'missing');
  else if (log.last > sealed.count) log.blame(sealed.count + 1, 'added');
  else if (log.hashes.get(log.last) !== sealed.head) log.blame(log.last, 'rewritten');
}

/** @param {any} told @returns {Promise<Finding>} */
async function timeOf({timestamp, statement}) {
  if (timestamp.state !== 'stamped') return {file: 'seal.json', state: 'ok', why: `time_${timestamp.state}`};
  const token = [...atob(timestamp.token)].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  const isOurs = token.includes(await sha256(utf8(canonical(statement))));
  return {file: 'seal.json', state: isOurs ? 'ok' : 'altered', why: isOurs ? 'time_stamped' : 'time_foreign'};
}

/** @param {string} text @param {Log} log @returns {Promise<Finding>} */
async function checkKept(text, log) {
  const file = 'kept checkpoints';
  let kept;
  try {
    kept = JSON.parse(text);
    if (kept.hearing !== log.opening.hearing || !kept.heads.length) return {file, state: 'missing', why: 'foreign'};
  } catch {
    return {file, state: 'missing', why: 'unreadable'};
  }
  for (const {count, head, signature} of kept.heads) {
    if (!(await log.signs(count, head, signature))) return {file, state: 'missing', why: 'foreign'};
  }
  for (const {count, head} of [...kept.heads].sort((a, b) => a.count - b.count)) {
    if (log.hashes.get(count) === head) continue;
    log.blame(Math.min(count, log.last + 1), 'rewritten');
    return {file, state: 'altered', entry: count, why: 'rewritten'};
  }
  return {file, state: 'ok'};
}

/** @param {any} manifest @param {Log} log @returns {{state: State, why?: string}} */
function account(manifest, log) {
  const told = (/** @type {any[]} */ gaps) => gaps.map(({reason, began_at, ended_at}) => [reason, began_at, ended_at].join()).join(';');
  if (told(manifest.gaps) !== told(log.of('gap'))) return {state: 'missing', why: 'gaps_differ'};
  const openedAt = log.moment('hearing_opened');
  const endedAt = log.moment(...ENDS);
  if (!openedAt || !endedAt) return openedAt ? {state: 'missing', why: 'no_end'} : {state: 'ok'};
  let reached = secondsOf(openedAt);
  const pieces = [...manifest.spans, ...manifest.gaps].sort((a, b) => secondsOf(a.began_at) - secondsOf(b.began_at));
  for (const piece of pieces) {
    if (Math.abs(secondsOf(piece.began_at) - reached) > 1) return {state: 'missing', why: 'unbalanced'};
    reached = Math.max(reached, secondsOf(piece.ended_at));
  }
  return Math.abs(reached - secondsOf(endedAt)) <= 1 ? {state: 'ok'} : {state: 'missing', why: 'unbalanced'};
}
