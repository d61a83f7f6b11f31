/** One page of an exhibit as a picture. The page before stays until the next one is there. */
import {pageOf} from '../exhibits.js';
import {html, useEffect, useSignal} from '../html.js';

/** @typedef {{src: string, ratio: number, image: HTMLImageElement}} Picture decoded; `image` keeps it so */

/** Pages fetched last, by file and number. @type {Map<string, Promise<Picture>>} */
const KEPT = new Map();
const KEPT_LIMIT = 12;

/** @param {import('../types.js').Seat} seat @param {string} sha256 @param {number} page @returns {Promise<Picture>} */
function pictureOf(seat, sha256, page) {
  const key = `${sha256}/${page}`;
  const fetched = KEPT.get(key) ?? pageOf(seat, sha256, page).then(decoded);
  KEPT.delete(key); // the last that was wanted is the last to go
  KEPT.set(key, fetched);
  fetched.catch(() => KEPT.delete(key));
  for (const [old, kept] of KEPT) {
    if (KEPT.size <= KEPT_LIMIT) break;
    KEPT.delete(old);
    kept.then(({src}) => URL.revokeObjectURL(src)).catch(() => undefined);
  }
  return fetched;
}

/** @param {Blob} blob @returns {Promise<Picture>} */
async function decoded(blob) {
  const image = new Image();
  image.src = URL.createObjectURL(blob);
  await image.decode();
  return {src: image.src, ratio: image.naturalWidth / image.naturalHeight, image};
}

/**
 * @param {{seat: import('../types.js').Seat, file: import('../exhibits.js').ExhibitFile, page: number, alt: string, testid: string}} props
 */
export function ExhibitPage({seat, file, page, alt, testid}) {
  const shown = useSignal(/** @type {{src: string, page: number, ratio: number}|null} */ (null));
  useEffect(() => {
    let isWanted = true;
    pictureOf(seat, file.sha256, page).then(({src, ratio}) => {
      if (!isWanted) return;
      shown.value = {src, page, ratio};
      // Whichever way the presenter turns, the next page is there.
      for (const next of [page - 1, page + 1]) if (next >= 1 && next <= file.pages) pictureOf(seat, file.sha256, next).catch(() => undefined);
    }).catch(() => undefined);
    return () => {
      isWanted = false;
    };
  }, [file.sha256, page]);
  if (!shown.value) return html`<div class="exhibit-waits" aria-hidden="true"></div>`;
  return html`<img class="exhibit-page" src=${shown.value.src} alt=${alt} data-testid=${testid} data-page=${shown.value.page} draggable=${false} style=${{'--ratio': String(shown.value.ratio)}} />`;
}
