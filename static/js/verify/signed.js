/** A file that holds one statement and the court's signature under it: `film.json`, `redaction.json`. */
import {canonical, isSigned, Unable} from './crypto.js';

/** @param {string} text @param {string} format @returns {Promise<any>} the statement; null when it isn't as the court wrote and signed it. Rejects with Unable. */
export async function signedStatement(text, format) {
  try {
    const told = JSON.parse(text);
    const {statement} = told;
    const isOurs = `${canonical(told)}\n` === text && statement.format === format
      && Object.keys(told).sort().join() === 'court_signature,statement';
    return isOurs && (await isSigned(statement.court_key, statement, told.court_signature)) ? statement : null;
  } catch (failure) {
    if (failure instanceof Unable) throw failure;
    return null;
  }
}
