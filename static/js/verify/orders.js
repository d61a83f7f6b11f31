/** The judge's orders beside a record: spans that were sealed and unsealed, a legal hold set and lifted. */
import {canonical, isSigned, sha256, Unable, utf8} from './crypto.js';

/** @typedef {import('./judge.js').Finding} Finding */

export const ORDERS_FILE = 'orders.jsonl';
/** What an order of each kind must tell beside when and why. @type {Record<string, string[]>} */
const TOLD = {sealed: ['began_at', 'ended_at'], unsealed: ['of'], held: [], released: []};

/**
 * One finding an order; nothing where none was, or where nothing tells whose they should be.
 * @param {string|null} text of orders.jsonl @param {any} ours `hearing` and `court_key` of a seal or a log that holds, else null
 * @returns {Promise<Finding[]>}
 */
export async function checkOrders(text, ours) {
  if (text === null || !ours) return [];
  const lines = text.split('\n');
  /** @type {Finding[]} */
  const found = lines.pop() ? [{file: ORDERS_FILE, state: 'altered', why: 'cut'}] : [];
  let previous = '0'.repeat(64);
  for (const [at, line] of lines.entries()) {
    const file = `order ${at + 1}`;
    const wanted = {means: 'cloudcourt-order/1', hearing: ours.hearing, n: at + 1, previous};
    try {
      found.push({file, ...(await judged(line, wanted, ours.court_key))});
    } catch (failure) {
      if (failure instanceof Unable) throw failure;
      found.push({file, state: 'altered', why: 'unreadable'});
    }
    previous = await sha256(utf8(line));
  }
  return found;
}

/** @param {string} line @param {Record<string, unknown>} wanted @param {string} courtKey @returns {Promise<Omit<Finding, 'file'>>} */
async function judged(line, wanted, courtKey) {
  const told = JSON.parse(line);
  const {entry} = told;
  if (canonical(told) !== line || !(await isSigned(courtKey, entry, told.court_signature))) return {state: 'altered', why: 'unsigned'};
  const wrong = Object.keys(wanted).find((name) => entry[name] !== wanted[name]);
  if (wrong) return {state: 'altered', why: wrong === 'n' || wrong === 'previous' ? 'order_missing' : 'order_foreign'};
  const names = TOLD[entry.kind];
  if (!names || ![...names, 'at', 'reason'].every((name) => name in entry)) return {state: 'altered', why: 'unreadable'};
  return {state: 'ok', why: `order_${entry.kind}`, order: entry};
}
