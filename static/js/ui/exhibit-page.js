/** One page of an exhibit as a picture. The page before stays until the next one is there. */
import {pageOf} from '../exhibits.js';
import {html, useEffect, useSignal} from '../html.js';

/** Pages fetched last, by file and number, as addresses. @type {Map<string, Promise<string>>} */
const KEPT = new Map();
const KEPT_LIMIT = 12;

/** @param {import('../types.js').Seat} seat @param {string} sha256 @param {number} page */
function address(seat, sha256, page) {
  const key = `${sha256}/${page}`;
  const known = KEPT.get(key);
  if (known) return known;
  const fetched = pageOf(seat, sha256, page).then((blob) => URL.createObjectURL(blob));
  KEPT.set(key, fetched);
  fetched.catch(() => KEPT.delete(key));
  for (const [old, kept] of KEPT) {
    if (KEPT.size <= KEPT_LIMIT) break;
    KEPT.delete(old);
    kept.then(URL.revokeObjectURL).catch(() => undefined);
  }
  return fetched;
}

/**
 * @param {{seat: import('../types.js').Seat, file: import('../exhibits.js').ExhibitFile, page: number, alt: string, testid: string}} props
 */
export function ExhibitPage({seat, file, page, alt, testid}) {
  const shown = useSignal(/** @type {{src: string, page: number, ratio: number}|null} */ (null));
  useEffect(() => {
    let isWanted = true;
    address(seat, file.sha256, page).then(async (src) => {
      const picture = new Image();
      picture.src = src;
      await picture.decode();
      if (isWanted) shown.value = {src, page, ratio: picture.naturalWidth / picture.naturalHeight};
      if (page < file.pages) void address(seat, file.sha256, page + 1).catch(() => undefined);
    }).catch(() => undefined);
    return () => {
      isWanted = false;
    };
  }, [file.sha256, page]);
  if (!shown.value) return html`<div class="exhibit-waits" aria-hidden="true"></div>`;
  return html`<img class="exhibit-page" src=${shown.value.src} alt=${alt} data-testid=${testid} data-page=${shown.value.page} draggable=${false} style=${{'--ratio': String(shown.value.ratio)}} />`;
}
