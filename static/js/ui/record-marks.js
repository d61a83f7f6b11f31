/** The list of marks beside the film: what happened when; a click goes there. */
import {FAMILIES, markAt} from '../film-clock.js';
import {html, useEffect, useRef, useSignal} from '../html.js';
import {clockTime, duration, t, word} from '../language.js';
import {noticeText} from './notice.js';

/** @typedef {import('../film-clock.js').Mark} Mark */
/** @typedef {import('../film-clock.js').MarkFamily} MarkFamily */

/** @type {MarkFamily[]} */
const FILTERS = ['all', 'course', 'people', 'notes', 'faults'];

/** A mark in a few words. @param {Mark} mark */
export function markWords(mark) {
  const who = mark.person ? `${word('role', mark.person.role)} ${mark.person.name}` : '';
  return t(`mark.${mark.kind}`, {who, phase: mark.phase ? word('phase', mark.phase) : ''});
}

/** @param {{marks: Mark[], second: number, onSeek: (second: number) => void}} props */
export function Marks({marks, second, onSeek}) {
  const chosen = useSignal(/** @type {MarkFamily} */ ('all'));
  const list = useRef(/** @type {HTMLOListElement|null} */ (null));
  const shown = marks.filter((mark) => chosen.value === 'all' || FAMILIES[mark.kind] === chosen.value);
  const current = shown[markAt(shown, second)]?.seq;
  useEffect(() => {
    const box = list.current;
    const item = box?.querySelector('[aria-current="true"]');
    if (box && item instanceof HTMLElement && box.scrollHeight > box.clientHeight) box.scrollTop = item.offsetTop - box.offsetTop - box.clientHeight / 3;
  }, [current]);
  return html`<div class="marks" data-testid="marks"><h2>${t('marks.title')}</h2>
    <div class="mark-filters" role="group" aria-label=${t('marks.title')}>${FILTERS.map((family) => html`<button key=${family} type="button" class="mark-filter"
      aria-pressed=${family === chosen.value} data-testid="marks-${family}" onClick=${() => { chosen.value = family; }}>${t(`marks.${family}`)}</button>`)}</div>
    ${shown.length === 0 && html`<p class="empty">${t('marks.none')}</p>`}
    <ol class="mark-list" ref=${list}>${shown.map((mark) => html`<li key=${`${mark.seq}-${mark.at}`}>
      <button type="button" class="mark" data-testid="mark-${mark.kind}" aria-current=${mark.seq === current ? 'true' : null} disabled=${mark.film_s === null}
        onClick=${() => { if (mark.film_s !== null) onSeek(mark.film_s); }}>
        <span class="mark-sign ${FAMILIES[mark.kind]}" aria-hidden="true"></span>
        <span class="mark-words"><span>${markWords(mark)}</span>${mark.is_sealed && html`<span class="mark-text">${t('orders.note_sealed')}</span>`}${mark.text && html`<span class="mark-text">${mark.kind === 'note' || mark.kind === 'statement' ? mark.text : noticeText(mark.text)}</span>`}</span>
        <span class="mark-times"><time datetime=${mark.at}>${clockTime(Date.parse(mark.at))}</time>${mark.film_s !== null && html`<span class="hint">${duration(mark.film_s)}</span>`}</span>
      </button></li>`)}</ol>
  </div>`;
}
