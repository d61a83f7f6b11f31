/** A redacted copy: what the court signed of it, its film, and the orders that sealed what is left out. */
import {secondsOf} from './moments.js';
import {checkOrders, ORDERS_FILE} from './orders.js';
import {signedStatement} from './signed.js';

/** @typedef {import('./judge.js').Finding} Finding */
/** @typedef {import('./judge.js').Listed} Listed */
/** @typedef {Map<number, {began: number, ended: number}>} Sealed */

export const REDACTION = 'redaction.json';
const FILM = 'redacted.mp4';
const CARD_MS = 2000;

/**
 * Findings of everything but the film, and what is said of the film; no film where nothing is signed.
 * @param {string} text of redaction.json @param {string|null} orders @param {string} [courtKey]
 * @returns {Promise<{findings: Finding[], listed: Listed[], courtKey: string|null}>}
 */
export async function checkCopy(text, orders, courtKey) {
  const told = await read(text);
  if (!told) return {findings: [{file: REDACTION, state: 'altered', why: 'unsigned'}], listed: [], courtKey: null};
  const {statement, listed} = told;
  const {redactions} = statement;
  /** @type {Finding[]} */
  const findings = [{file: REDACTION, state: 'ok', why: 'copy_signed', copy: statement}];
  if (courtKey) findings.push({file: 'court key', state: courtKey.trim().toLowerCase() === statement.court_key ? 'ok' : 'altered'});
  findings.push(...await checkOrders(orders, statement));
  const isOrdered = redactions.some((/** @type {any} */ one) => one.order !== null);
  if (orders === null && isOrdered) findings.push({file: ORDERS_FILE, state: 'missing', why: 'orders_gone'});
  const sealed = orders === null ? null : sealedBy(orders);
  redactions.forEach((/** @type {any} */ one, /** @type {number} */ at) => findings.push({file: `redaction ${at + 1}`, redaction: one, ...judged(one, sealed)}));
  const leftOut = new Set(redactions.map((/** @type {any} */ one) => one.order));
  for (const number of [...sealed?.keys() ?? []].sort((a, b) => a - b)) {
    if (!leftOut.has(number)) findings.push({file: `order ${number}`, state: 'altered', why: 'not_left_out'});
  }
  return {findings, listed: [listed], courtKey: statement.court_key};
}

/** @param {string} text @returns {Promise<{statement: any, listed: Listed}|null>} null when it isn't as the court wrote and signed it */
async function read(text) {
  const statement = await signedStatement(text, 'cloudcourt-redacted/1');
  if (statement?.file !== FILM) return null;
  try {
    return {statement, listed: listedOf(statement)};
  } catch {
    return null;
  }
}

/** @param {any} statement @returns {Listed} Throws for chunks that don't cover the film. */
function listedOf({bytes, sha256, chunks: parts}) {
  let end = 0;
  for (const {offset, length} of parts) {
    if (offset !== end || !(length > 0)) throw new TypeError('chunks must follow each other');
    end += length;
  }
  if (end !== bytes) throw new TypeError('chunks must cover the film');
  const chunks = parts.map((/** @type {any} */ part) => ({...part, from_s: part.from_ms / 1000}));
  return {file: FILM, size: bytes, sha256, chunks, beganS: null};
}

/** What is sealed by the orders beside a copy, by the number of the order. @param {string} orders @returns {Sealed} */
function sealedBy(orders) {
  /** @type {Sealed} */
  const spans = new Map();
  for (const line of orders.split('\n').slice(0, -1)) {
    try {
      const {entry} = JSON.parse(line);
      if (entry.kind === 'sealed') spans.set(entry.n, {began: secondsOf(entry.began_at), ended: secondsOf(entry.ended_at)});
      else if (entry.kind === 'unsealed') spans.delete(entry.of);
    } catch {
      continue; // it was judged already
    }
  }
  return spans;
}

/** Wrong where it claims an order that does not seal just that. @param {any} one @param {Sealed|null} sealed @returns {Omit<Finding, 'file'>} */
function judged(one, sealed) {
  if (one.order === null || !sealed) return {state: 'ok', why: `redacted_${one.means}`};
  const span = sealed.get(one.order);
  if (!span) return {state: 'altered', why: 'seals_nothing'};
  const isSame = secondsOf(one.began_at) === span.began && secondsOf(one.ended_at) === span.ended;
  if (!isSame || one.to_ms - one.from_ms > Math.round(1000 * (span.ended - span.began)) + CARD_MS) return {state: 'altered', why: 'not_as_sealed'};
  return {state: 'ok', why: `redacted_${one.means}`};
}
