/** The list of exhibits: numbers, files, fingerprints, opinions; handing in, looking, presenting. */
import {isSending, latest} from '../exhibits.js';
import {saidOf} from '../exhibit-news.js';
import {html, useSignal} from '../html.js';
import {t} from '../language.js';
import {courtSits, may, sitsInCourt} from '../stage.js';
import {Exchange, isExchangeOver} from './exhibit-exchange.js';
import {ExhibitFileLine} from './exhibit-file.js';
import {OpinionForm, Opinions} from './exhibit-opinions.js';
import {OriginalCamera} from './exhibit-original.js';
import {Field} from './fields.js';
import {Dialog} from './frame.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */
/** @typedef {import('../exhibits.js').Exhibit} Exhibit */

const ACCEPTED = '.pdf,application/pdf,image/jpeg,image/png,image/webp,audio/*,video/*';

/** @param {{court: Court, view: View}} props */
export function ExhibitsButton({court, view}) {
  const isOpen = useSignal(false);
  const showing = useSignal(/** @type {Exhibit|null} */ (null));
  if (!may(view, 'read_exhibits')) return null;
  const count = view.exhibits.all.length;
  return html`<button type="button" class="exhibits-button" data-testid="btn-exhibits" aria-haspopup="dialog" onClick=${() => { isOpen.value = true; }}>${t('exhibit.button', {count})}</button>
    ${isOpen.value && html`<${Sheet} court=${court} view=${view} onClose=${() => { isOpen.value = false; }}
      onOriginal=${(/** @type {Exhibit} */ exhibit) => { isOpen.value = false; showing.value = exhibit; }} />`}
    ${showing.value && html`<${OriginalCamera} court=${court} exhibit=${showing.value} onDone=${() => { showing.value = null; }} />`}`;
}

/** @param {{court: Court, view: View, onClose: () => void, onOriginal: (exhibit: Exhibit) => void}} props */
function Sheet({court, view, onClose, onOriginal}) {
  return html`<${Dialog} title=${t('exhibit.title')} confirm=${t('dialog.done')} asks=${false} testid="dialog-exhibits" onAnswer=${onClose}>
    ${!view.exhibits.all.length && html`<p>${t('exhibit.none')}</p>`}
    ${view.exhibits.all.map((exhibit) => html`<${ExhibitCard} key=${exhibit.number} court=${court} view=${view} exhibit=${exhibit} onShown=${onClose} onOriginal=${onOriginal} />`)}
    <${Exchange} court=${court} view=${view} />
    ${mayAdd(court, view) && html`<${HandIn} court=${court} />`}
    ${may(view, 'answer_requests') && courtSits(view) && html`<${Presenters} court=${court} view=${view} />`}
  <//>`;
}

/** @param {Court} court @param {View} view */
const mayAdd = (court, view) => may(view, 'submit_exhibits') && (may(view, 'present') || !isExchangeOver(court, view));

/** @param {{court: Court, view: View, exhibit: Exhibit, onShown: () => void, onOriginal: (exhibit: Exhibit) => void}} props */
function ExhibitCard({court, view, exhibit, onShown, onOriginal}) {
  const isOwn = exhibit.owner === view.you.id;
  const isShown = view.exhibits.showing?.exhibit === exhibit.number;
  const newest = latest(exhibit);
  const show = async () => {
    if (await court.intents.showExhibit(exhibit.number, newest.number)) onShown();
  };
  return html`<article class="exhibit-card" data-testid="exhibit-${exhibit.number}">
    <h3>${t('exhibit.name', {number: exhibit.number, title: exhibit.title})}</h3>
    <p class="exhibit-facts"><span>${t(`exhibit.kind_${newest.file.kind}`)}</span><span>${t('exhibit.owner', {who: saidOf(view, exhibit.owner)})}</span>
      ${exhibit.original_required && html`<strong class="exhibit-required" data-testid="original-required-${exhibit.number}">${t('exhibit.original_required')}</strong>`}</p>
    ${exhibit.versions.map((version) => html`<${ExhibitFileLine} key=${version.number} court=${court} exhibit=${exhibit} version=${version} />`)}
    <${Opinions} view=${view} exhibit=${exhibit} />
    ${may(view, 'give_opinion') && !isOwn && html`<${OpinionForm} court=${court} view=${view} exhibit=${exhibit} />`}
    <div class="exhibit-acts">
      ${view.exhibits.may_present && courtSits(view) && html`<button type="button" class="button primary" data-testid="btn-present-${exhibit.number}"
        disabled=${isShown} onClick=${show}>${t(isShown ? 'exhibit.shown_now' : 'exhibit.present')}</button>`}
      ${isOwn && (mayAdd(court, view) || exhibit.original_required) && html`<button type="button" class="button" data-testid="btn-original-${exhibit.number}" onClick=${() => onOriginal(exhibit)}>${t('exhibit.show_original')}</button>`}
      ${(isOwn || may(view, 'present')) && mayAdd(court, view) && html`<${FileButton} label=${t('exhibit.new_version')} testid="file-version-${exhibit.number}"
        onFile=${(/** @type {File} */ file) => court.intents.handInExhibit(file, {exhibit: exhibit.number})} />`}
    </div></article>`;
}

/** @param {{court: Court}} props */
function HandIn({court}) {
  const title = useSignal('');
  const stated = useSignal('');
  /** @param {File} file */
  const handIn = async (file) => {
    const name = title.value.trim() || file.name.replace(/\.[^.]*$/, '').slice(0, 80);
    if (await court.intents.handInExhibit(file, {title: name, stated: stated.value.trim().toLowerCase()})) title.value = stated.value = '';
  };
  return html`<section class="exhibit-card hand-in"><h3>${t('exhibit.hand_in')}</h3>
    <p class="hint">${t('exhibit.hand_in_words')}</p>
    <${Field} label=${t('exhibit.title_field')} name="exhibit-title" max=${80} required=${false} value=${title.value}
      onValue=${(/** @type {string} */ value) => { title.value = value; }} />
    <${Field} label=${t('exhibit.stated_field')} name="exhibit-stated" max=${64} required=${false} value=${stated.value}
      onValue=${(/** @type {string} */ value) => { stated.value = value; }} />
    <${FileButton} label=${t('exhibit.file_field')} testid="file-exhibit" onFile=${handIn} /></section>`;
}

/** @param {{label: string, testid: string, onFile: (file: File) => unknown}} props */
function FileButton({label, testid, onFile}) {
  /** @param {Event} event */
  const chosen = async (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const file = field.files?.[0];
    if (file) await onFile(file);
    field.value = '';
  };
  return html`<label class="button file-button ${isSending.value ? 'busy' : ''}"><span>${isSending.value ? t('exhibit.sending') : label}</span>
    <input type="file" accept=${ACCEPTED} data-testid=${testid} disabled=${isSending.value} onChange=${chosen} /></label>`;
}

/** @param {{court: Court, view: View}} props */
function Presenters({court, view}) {
  const people = view.people.filter((person) => sitsInCourt(person) && ['plaintiff', 'defendant', 'representative', 'witness'].includes(person.role));
  if (!people.length) return null;
  return html`<section class="exhibit-card"><h3>${t('exhibit.presenters')}</h3><p class="hint">${t('exhibit.presenters_words')}</p>
    ${people.map((person) => html`<label key=${person.id} class="check"><input type="checkbox" data-testid="may-present-${person.id}"
      checked=${view.exhibits.presenters.includes(person.id)}
      onChange=${(/** @type {Event} */ event) => court.intents.letPresent(person.id, /** @type {HTMLInputElement} */ (event.target).checked)} />
      <span>${saidOf(view, person.id)}</span></label>`)}</section>`;
}
