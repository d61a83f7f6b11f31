/** One file of an exhibit: what and when, its fingerprint, whether it still is what was received, and a look at it. */
import {isAsReceived, isPlayed} from '../exhibits.js';
import {html, useSignal} from '../html.js';
import {bytes, t, when} from '../language.js';
import {ExhibitPage} from './exhibit-page.js';

/** @typedef {'idle'|'checking'|'same'|'altered'|'unread'} Checked */

/**
 * @param {{court: import('../hearing.js').Court, exhibit: import('../exhibits.js').Exhibit, version: import('../exhibits.js').ExhibitVersion}} props
 */
export function ExhibitFileLine({court, exhibit, version}) {
  const checked = useSignal(/** @type {Checked} */ ('idle'));
  const page = useSignal(0);
  const {seat} = court.state.value;
  const {file} = version;
  const check = async () => {
    if (!seat) return;
    checked.value = 'checking';
    checked.value = await isAsReceived(seat, file).then((is) => (is ? 'same' : 'altered'), () => /** @type {Checked} */ ('unread'));
  };
  return html`<div class="exhibit-file">
    <p class="exhibit-facts"><strong>${t('exhibit.version', {number: version.number})}</strong>
      ${version.is_original && html`<span class="exhibit-original">${t('exhibit.is_original')}</span>`}
      <span>${when(version.at, {dateStyle: 'short', timeStyle: 'medium'})}</span><span>${bytes(file.bytes)}</span></p>
    <p class="exhibit-print"><span>${t('exhibit.fingerprint')}</span><code>${file.sha256}</code></p>
    ${version.stated_sha256 && html`<${Stated} exhibit=${exhibit} version=${version} stated=${version.stated_sha256} />`}
    <div class="exhibit-acts">
      <button type="button" class="button small" data-testid="btn-check-${exhibit.number}-${version.number}" disabled=${checked.value === 'checking'}
        aria-label=${t('exhibit.check_one', {number: version.number})} onClick=${check}>${t('exhibit.check')}</button>
      ${!isPlayed(file) && html`<button type="button" class="button small" data-testid="btn-look-${exhibit.number}-${version.number}" aria-expanded=${page.value > 0}
        onClick=${() => { page.value = page.value ? 0 : 1; }}>${t(page.value ? 'exhibit.look_close' : 'exhibit.look')}</button>`}
      ${checked.value !== 'idle' && html`<span class="exhibit-checked ${checked.value}" role="status" data-testid="checked-${exhibit.number}-${version.number}">${t(`exhibit.${checked.value}`)}</span>`}
    </div>
    ${page.value > 0 && seat && html`<div class="exhibit-look">
      <${ExhibitPage} seat=${seat} file=${file} page=${page.value} testid="look-page" alt=${t('exhibit.alt', {number: exhibit.number, title: exhibit.title, page: page.value})} />
      ${file.pages > 1 && html`<div class="exhibit-acts">
        <button type="button" class="button small" disabled=${page.value <= 1} onClick=${() => { page.value -= 1; }}>${t('exhibit.previous')}</button>
        <span>${t('exhibit.page', {page: page.value, pages: file.pages})}</span>
        <button type="button" class="button small" disabled=${page.value >= file.pages} onClick=${() => { page.value += 1; }}>${t('exhibit.next')}</button></div>`}
    </div>`}
  </div>`;
}

/**
 * What the file was said to be when it was handed in, and whether it is that: the court reckoned its own from the bytes.
 * @param {{exhibit: import('../exhibits.js').Exhibit, version: import('../exhibits.js').ExhibitVersion, stated: string}} props
 */
function Stated({exhibit, version, stated}) {
  const isSame = stated === version.file.sha256;
  return html`<div class="exhibit-stated" data-testid="stated-${exhibit.number}-${version.number}">
    <span class="exhibit-checked ${isSame ? 'same' : 'altered'}">${t(isSame ? 'exhibit.stated_same' : 'exhibit.stated_other')}</span>
    ${!isSame && html`<p class="exhibit-print"><span>${t('exhibit.stated')}</span><code>${stated}</code></p>`}</div>`;
}
