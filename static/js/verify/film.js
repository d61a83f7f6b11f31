/** What the court signed of the film, which is made after the seal. */
import {canonical, sha256, utf8} from './crypto.js';
import {signedStatement} from './signed.js';

/** @typedef {import('./judge.js').Finding} Finding */
/** @typedef {import('./judge.js').Listed} Listed */
/** @typedef {import('./chain.js').Log} Log */
/** @typedef {{findings: Finding[], listed: any[], unjudged: string[]}} FilmCheck */

export const FILM_FILE = 'film.json';
const FILM = 'composite.mp4';

/**
 * @param {string|null} text of film.json @param {any} manifest null when it isn't this record's
 * @param {any} sealed the seal's statement, null where it can't be relied on @param {Log} log @returns {Promise<FilmCheck>}
 */
export async function checkFilm(text, manifest, sealed, log) {
  if (text === null) {
    const isAwaited = manifest && ['waiting', 'making'].includes(manifest.film.state);
    return isAwaited ? blamed('missing', 'film_unmade') : {findings: [], listed: [], unjudged: manifest ? [] : [FILM]};
  }
  const statement = await signedStatement(text, 'cloudcourt-film/1');
  if (!statement) return blamed('altered', 'unsigned');
  if (!(await isOf(statement, sealed, log))) return blamed('altered', 'foreign');
  if (statement.state !== 'ready') return {findings: [{file: FILM_FILE, state: 'ok', why: 'film_failed'}], listed: [], unjudged: []};
  const chunks = statement.chunks.map((/** @type {any} */ part) => ({...part, from_s: part.from_ms / 1000}));
  return {findings: [{file: FILM_FILE, state: 'ok', why: 'film_signed'}], listed: [{...statement, chunks}], unjudged: []};
}

/** @param {import('./judge.js').State} state @param {string} why @returns {FilmCheck} */
const blamed = (state, why) => ({findings: [{file: FILM_FILE, state, why}], listed: [], unjudged: [FILM]});

/** Whether it speaks of this record: of its seal or, where that can't be relied on, of the log's hearing. @param {any} statement @param {any} sealed @param {Log} log */
async function isOf(statement, sealed, log) {
  if (sealed) {
    const isSame = sealed.hearing === statement.hearing && sealed.court_key === statement.court_key;
    return isSame && (await sha256(utf8(canonical(sealed)))) === statement.seal;
  }
  const {hearing, court_key: courtKey} = log.opening;
  return hearing === undefined || (hearing === statement.hearing && courtKey === statement.court_key);
}
