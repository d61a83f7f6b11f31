/** The clerk compares a face with its document, tells a one-time code, or vouches for somebody known to the court. */
import {html, useEffect, useSignal} from '../../html.js';
import {sentence} from '../../http.js';
import {t, word} from '../../language.js';
import {keptPicture, oneTimeCode} from '../../snapshot.js';
import {Dialog} from '../frame.js';

/** @typedef {import('../../types.js').Readiness} Readiness */
/** @typedef {'accept'|'refuse'|'vouch'} Way */

/** @param {{court: import('../../hearing.js').Court, line: Readiness, onClose: () => void}} props */
export function IdentityDialog({court, line, onClose}) {
  const {identity} = line.check_in;
  const hasPicture = Boolean(identity.snapshot_sha256);
  const way = useSignal(/** @type {Way|null} */ (hasPicture ? null : 'vouch'));
  const reason = useSignal('');
  const isBusy = useSignal(false);
  const ways = /** @type {Way[]} */ (hasPicture ? ['accept', 'refuse', 'vouch'] : ['vouch']);
  /** @param {boolean} isConfirmed */
  const answer = async (isConfirmed) => {
    if (!isConfirmed) return onClose();
    if (isBusy.value || !way.value || (way.value !== 'accept' && !reason.value.trim())) return;
    isBusy.value = true;
    const id = line.participant_id;
    const isDone = way.value === 'vouch' ? await court.intents.vouchFor(id, reason.value)
      : await court.intents.decideIdentity(id, way.value === 'accept', reason.value);
    isBusy.value = false;
    if (isDone) onClose();
  };
  return html`<${Dialog} title=${t('identity.title', {who: `${word('role', line.role)} ${line.name}`})} confirm=${t(way.value ? `identity.do_${way.value}` : 'identity.do_nothing')}
    tone=${way.value === 'refuse' ? 'danger' : 'primary'} testid="dialog-identity" onAnswer=${answer}>
    ${hasPicture ? html`<${KeptPicture} court=${court} line=${line} />` : html`<p>${t('identity.no_picture')}</p>`}
    <${Code} court=${court} line=${line} />
    <div class="ways" role="radiogroup" aria-label=${t('identity.verdict')}>${ways.map((each) => html`<label key=${each} class="choice-option ${way.value === each ? 'chosen' : ''}">
      <input type="radio" name="way" required checked=${way.value === each} data-testid="way-${each}" onChange=${() => { way.value = each; }} />
      <span>${t(`identity.way_${each}`)}</span></label>`)}</div>
    ${way.value && way.value !== 'accept' && html`<label class="field"><span>${t(way.value === 'vouch' ? 'identity.vouch_reason' : 'identity.refuse_reason')}</span>
      <input type="text" maxlength="200" required data-testid="identity-reason" value=${reason.value}
        onInput=${(/** @type {Event} */ event) => { reason.value = /** @type {HTMLInputElement} */ (event.target).value; }} /></label>`}
  <//>`;
}

/** @param {{court: import('../../hearing.js').Court, line: Readiness}} props */
function KeptPicture({court, line}) {
  const url = useSignal(/** @type {string|null} */ (null));
  const error = useSignal('');
  const {seat} = court.state.value;
  const sha256 = line.check_in.identity.snapshot_sha256;
  useEffect(() => {
    let made = '';
    let isGone = false;
    keptPicture(seat?.hearing_id ?? '', seat?.seat_token ?? null, sha256).then((address) => {
      made = address;
      if (isGone) URL.revokeObjectURL(made);
      else url.value = made;
    }, (failure) => { error.value = sentence(failure); });
    return () => {
      isGone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [sha256]);
  if (error.value) return html`<p class="error" role="alert">${error.value}</p>`;
  return html`<div class="identity-picture">${url.value ? html`<img src=${url.value} alt=${t('identity.picture', {who: line.name})} data-testid="identity-picture" />`
    : html`<div class="skeleton" aria-label=${t('loading')}></div>`}</div><p class="hint">${t('identity.compare', {who: line.name})}</p>`;
}

/** @param {{court: import('../../hearing.js').Court, line: Readiness}} props */
function Code({court, line}) {
  const code = useSignal('');
  const {seat} = court.state.value;
  if (line.check_in.identity.code_matched) return html`<p class="good-line">${t('identity.code_matched')}</p>`;
  const show = () => {
    void oneTimeCode(seat?.hearing_id ?? '', seat?.seat_token ?? null, line.participant_id).then(
      (told) => { code.value = told; }, (failure) => { code.value = sentence(failure); });
  };
  return html`<div class="code-line">${code.value ? html`<p>${t('identity.code_tell')} <output class="code" data-testid="identity-code">${code.value}</output></p>`
    : html`<button type="button" class="button small" data-testid="btn-show-code" onClick=${show}>${t('identity.code_show')}</button>`}
    ${line.check_in.identity.wrong_codes > 0 && html`<p class="hint">${t('identity.wrong_codes', {count: line.check_in.identity.wrong_codes})}</p>`}</div>`;
}
