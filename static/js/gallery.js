/** The public gallery's page: whether there is something to see, a seat, and the program behind it. */
import {signal} from './html.js';
import {call, Refused} from './http.js';
import {programSource} from './program-source.js';

/** @typedef {{case_number: string, cause: string, state: 'closed'|'paused'|'on_air', delay_s: number, seats: number, taken: number}} GalleryNews */
/** @typedef {{ticket: string, mark: string, delay_s: number}} GallerySeat */
/** @typedef {ReturnType<typeof visitGallery>} Gallery */

/**
 * @typedef {object} GalleryState
 * @property {GalleryNews|null} news null while unknown, or while there is nothing for the public
 * @property {boolean} isKnown the court has answered at least once
 * @property {boolean} isOffline
 * @property {GallerySeat|null} seat
 * @property {boolean} isFull
 * @property {boolean} isBusy a seat is being asked for
 */

const LOOK_EVERY_MS = 3000;

/** The hearing in the page's address. */
export function hearingInAddress() {
  return decodeURIComponent(location.pathname.split('/')[2] ?? '');
}

/** @param {string} hearingId @param {AbortSignal} ended */
export function visitGallery(hearingId, ended) {
  const base = `/api/hearings/${encodeURIComponent(hearingId)}/gallery`;
  const state = signal(/** @type {GalleryState} */ ({news: null, isKnown: false, isOffline: false, seat: null, isFull: false, isBusy: false}));
  /** @param {Partial<GalleryState>} news */
  const tell = (news) => { state.value = {...state.peek(), ...news}; };

  async function look() {
    try {
      tell({news: await call('GET', base), isKnown: true, isOffline: false});
    } catch (failure) {
      const isOffline = failure instanceof Refused && failure.code === 'offline';
      tell(isOffline ? {isOffline} : {news: null, isKnown: true, isOffline});
    }
  }

  async function takeSeat() {
    tell({isBusy: true});
    try {
      tell({seat: await call('POST', `${base}/seat`), isFull: false});
    } catch (failure) {
      tell({isFull: failure instanceof Refused && failure.code === 'gallery_full'});
    }
    tell({isBusy: false});
  }

  /** @param {string} code why the program was refused */
  function programRefused(code) {
    if (code === 'not_signed_in') tell({seat: null}); // away for too long: somebody else may have the seat
  }

  void look();
  const looking = setInterval(() => void look(), LOOK_EVERY_MS);
  ended.addEventListener('abort', () => clearInterval(looking));
  const program = programSource(`${base}/program`, () => state.peek().seat?.ticket ?? '');
  return {state, takeSeat, leave: () => tell({seat: null}), programRefused, program};
}
