/** The public gallery as the court sees it: the judge opens and cuts it, everyone is told while the public watches. */
import {html, useEffect, useSignal} from '../html.js';
import {call} from '../http.js';
import {t} from '../language.js';
import {may} from '../stage.js';
import {Copy, Dialog} from './frame.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */

const COUNT_EVERY_MS = 10_000;

/** @param {{court: Court, view: View}} props */
export function GallerySwitch({court, view}) {
  const isAsking = useSignal(false);
  const {is_public: isPublic, is_open: isOpen, is_on_air: isOnAir} = view.gallery;
  if (!may(view, 'listen_to_record')) return null;
  const rules = may(view, 'rule_gallery');
  const state = isOnAir ? 'on_air' : isOpen ? 'paused' : 'closed';
  return html`<section class="panel-part gallery-switch" aria-labelledby="gallery-title" data-testid="gallery-switch" data-state=${state}>
    <div class="part-head"><h3 id="gallery-title">${t('title.gallery')}</h3>
      ${isPublic && html`<span class="chip ${isOnAir ? 'live' : ''}">${t(`gallery.sign_${state}`)}</span>`}</div>
    ${!isPublic && html`<p class="hint">${t('gallery.not_public')}</p>`}
    ${isPublic && isOpen && html`<${Watching} hearingId=${view.hearing_id} />`}
    ${isPublic && rules && (isOpen
    ? html`<button type="button" class="button danger" data-testid="btn-cut-gallery" onClick=${court.intents.cutGallery}>${t('gallery.cut')}</button>`
    : html`<button type="button" class="button" data-testid="btn-open-gallery" aria-haspopup="dialog" onClick=${() => { isAsking.value = true; }}>${t('gallery.open')}</button>`)}
    ${isPublic && html`<${Copy} text=${`${location.origin}/gallery/${view.hearing_id}`} label=${t('gallery.copy')} testid="btn-copy-gallery" />`}
    ${isAsking.value && html`<${Dialog} title=${t('gallery.open_title')} confirm=${t('gallery.open')} testid="dialog-gallery"
      onAnswer=${(/** @type {boolean} */ isConfirmed) => {
    isAsking.value = false;
    if (isConfirmed) void court.intents.openGallery();
  }}><p>${t('gallery.open_words')}</p><p>${t('gallery.open_cut')}</p><//>`}
  </section>`;
}

/** How many watch. @param {{hearingId: string}} props */
function Watching({hearingId}) {
  const news = useSignal(/** @type {import('../gallery.js').GalleryNews|null} */ (null));
  useEffect(() => {
    const count = () => {
      const told = /** @type {Promise<import('../gallery.js').GalleryNews>} */ (call('GET', `/api/hearings/${encodeURIComponent(hearingId)}/gallery`));
      told.then((answer) => { news.value = answer; }, () => undefined);
    };
    count();
    const counting = setInterval(count, COUNT_EVERY_MS);
    return () => clearInterval(counting);
  }, []);
  if (!news.value) return null;
  const {taken, seats, delay_s: delayS} = news.value;
  return html`<p class="hint" data-testid="gallery-count">${t('gallery.watching', {taken, seats, seconds: Math.round(delayS)})}</p>`;
}

/** @param {{view: View}} props */
export function GallerySign({view}) {
  if (!view.gallery.is_on_air) return null;
  return html` · <span class="on-air" data-testid="on-air">${t('gallery.sign_on_air')}</span>`;
}
