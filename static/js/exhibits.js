/** Exhibits: what the court knows of them, what can be asked, and how files and pages are fetched. */
import {signal} from './html.js';
import {Refused} from './http.js';
import {language, t} from './language.js';

/** @typedef {import('./types.js').View} View */
/** @typedef {import('./types.js').Seat} Seat */
/** @typedef {{kind: 'pdf'|'image'|'audio'|'video', media_type: string, suffix: string, bytes: number, sha256: string, pages: number}} ExhibitFile */
/** @typedef {{number: number, file: ExhibitFile, by: string, at: string, is_original: boolean, stated_sha256: string|null}} ExhibitVersion */
/** @typedef {{participant_id: string, at: string, authenticity: boolean, legality: boolean, relevance: boolean, demands_original: boolean, reason: string}} Opinion */
/** @typedef {{number: number, owner: string, title: string, versions: ExhibitVersion[], opinions: Opinion[], original_required: boolean}} Exhibit */
/** @typedef {{exhibit: number, version: number, page: number, by: string, is_playing: boolean, position_ms: number, moved_at: string}} Showing */
/** @typedef {{all: Exhibit[], presenters: string[], showing: Showing|null, screen: string|null, exchange_ends_at: string|null, may_present: boolean}} Exhibits */
/** @typedef {{x: number|null, y: number|null, zoom: number, left: number, top: number}} Pointing */

/** Where the presenter points and looks, as it was told last. */
export const pointed = signal(/** @type {Pointing|null} */ (null));
/** The files that stand in their own person's hands now, being sent. */
export const isSending = signal(false);

export const ASPECTS = /** @type {const} */ (['authenticity', 'legality', 'relevance']);
const PATIENCE_MS = 30_000;
const UPLOAD_PATIENCE_MS = 15 * 60_000;

/**
 * What stands before the court: the exhibit, and which of its files.
 * @param {View} view @returns {{exhibit: Exhibit, version: ExhibitVersion, showing: Showing}|null}
 */
export function shownNow(view) {
  const {showing, all} = view.exhibits;
  const exhibit = showing && all.find(({number}) => number === showing.exhibit);
  const version = exhibit?.versions.find(({number}) => number === showing?.version);
  return showing && exhibit && version ? {exhibit, version, showing} : null;
}

/** @param {ExhibitFile} file */
export const isPlayed = (file) => file.kind === 'audio' || file.kind === 'video';

/** The newest file of an exhibit. @param {Exhibit} exhibit @returns {ExhibitVersion} */
export function latest(exhibit) {
  return /** @type {ExhibitVersion} */ (exhibit.versions[exhibit.versions.length - 1]);
}

/** @param {View} view @param {string} id */
export function nameOf(view, id) {
  return view.people.find((person) => person.id === id) ?? null;
}

/** Where a sound or film stands now, in seconds. @param {Showing} showing @param {number} nowMs the court's time */
export function positionOf(showing, nowMs) {
  const ranMs = showing.is_playing ? Math.max(0, nowMs - Date.parse(showing.moved_at)) : 0;
  return (showing.position_ms + ranMs) / 1000;
}

/** An exhibit's file as it was received. @param {Seat} seat @param {string} sha256 @returns {Promise<Blob>} Rejects with Refused. */
export async function fileOf(seat, sha256) {
  return (await asked(seat, `/${sha256}`, {method: 'GET', patienceMs: UPLOAD_PATIENCE_MS})).blob();
}

/** A page's picture. @param {Seat} seat @param {string} sha256 @param {number} page @returns {Promise<Blob>} Rejects with Refused. */
export async function pageOf(seat, sha256, page) {
  return (await asked(seat, `/${sha256}/pages/${page}`, {method: 'GET', patienceMs: PATIENCE_MS})).blob();
}

/** Fetch the file anew and reckon its fingerprint here. @param {Seat} seat @param {ExhibitFile} file @returns {Promise<boolean>} true when it is the one received */
export async function isAsReceived(seat, file) {
  const digest = await crypto.subtle.digest('SHA-256', await (await fileOf(seat, file.sha256)).arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('') === file.sha256;
}

/**
 * What a person can ask for about exhibits.
 * @param {import('./store.js').Store} store
 * @param {(kind: string, fields?: Record<string, unknown>) => Promise<boolean>} ask
 * @param {(failure: unknown) => void} refuse says what went wrong
 * @param {(place: Pointing) => void} point
 */
export function exhibitIntents(store, ask, refuse, point) {
  return {
    /**
     * @param {Blob} file @param {{title?: string, exhibit?: number, isOriginal?: boolean, stated?: string}} what
     * @returns {Promise<boolean>} true when the court has it
     */
    async handInExhibit(file, {title = '', exhibit, isOriginal = false, stated = ''}) {
      const {seat} = store.state.peek();
      if (!seat || isSending.peek()) return false;
      isSending.value = true;
      try {
        const query = new URLSearchParams({...(exhibit ? {exhibit: String(exhibit)} : {}), ...(isOriginal ? {original: '1'} : {}), ...(stated ? {sha256: stated} : {})});
        await asked(seat, `?${query}`, {method: 'POST', body: file, title, patienceMs: UPLOAD_PATIENCE_MS});
        store.toast(t('exhibit.received'));
        return true;
      } catch (failure) {
        refuse(failure);
        return false;
      } finally {
        isSending.value = false;
      }
    },
    /** @param {number} exhibit @param {number} version @param {number} [page] */
    showExhibit: (exhibit, version, page = 1) => ask('show_exhibit', {exhibit, version, page}),
    /** @param {boolean} isPlaying @param {number} seconds */
    playExhibit: (isPlaying, seconds) => ask('play_exhibit', {is_playing: isPlaying, position_ms: Math.round(seconds * 1000)}),
    /** @param {string|null} endsAt ISO 8601, or null for no end */
    setExchange: (endsAt) => ask('set_exchange', {ends_at: endsAt}),
    putAway: () => ask('put_away'),
    /** @param {string} id @param {boolean} isAllowed */
    letPresent: (id, isAllowed) => ask('let_present', {participant_id: id, is_allowed: isAllowed}),
    /** @param {number} exhibit @param {Record<string, boolean|string>} opinion */
    giveOpinion: (exhibit, opinion) => ask('give_opinion', {exhibit, ...opinion}),
    point,
  };
}

/** @param {Seat} seat @param {string} rest @param {{method: string, body?: Blob, title?: string, patienceMs: number}} what */
async function asked(seat, rest, {method, body, title, patienceMs}) {
  let answer;
  try {
    answer = await fetch(`/api/hearings/${encodeURIComponent(seat.hearing_id)}/exhibits${rest}`, {
      method,
      headers: {
        'Accept-Language': language.peek(),
        Authorization: `Bearer ${seat.seat_token}`,
        ...(title ? {'X-Exhibit-Title': encodeURIComponent(title)} : {}),
        ...(body ? {'Content-Type': 'application/octet-stream'} : {}),
      },
      body: body ?? null,
      signal: AbortSignal.timeout(patienceMs),
    });
  } catch {
    throw new Refused({code: 'offline', message: t('error.offline'), fields: {}, incident_id: null}, 0);
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => null);
  throw new Refused(told?.error ?? {code: 'internal', message: t('error.unreadable'), fields: {}, incident_id: null}, answer.status);
}
