/** One press: what this device finds, in plain words, and a number that the person reads to the clerk. */
import {meaning} from '../diagnosis.js';
import {html, useSignal} from '../html.js';
import {t} from '../language.js';

/** @typedef {import('../language.js').Word} Word */

/** @param {{court: import('../hearing.js').Court}} props */
export function DiagnosisButton({court}) {
  const found = useSignal(/** @type {import('../diagnosis.js').Diagnosis|null} */ (null));
  const number = useSignal('');
  const isBusy = useSignal(false);
  const look = async () => {
    isBusy.value = true;
    found.value = await court.diagnose();
    number.value = await court.sendDiagnosis(found.value).catch(() => '');
    isBusy.value = false;
  };
  return html`<section class="panel-part" aria-labelledby="diagnosis-title"><h3 id="diagnosis-title">${t('diagnosis.title')}</h3>
    <button type="button" class="button" data-testid="btn-diagnose" disabled=${isBusy.value} onClick=${look}>${t(isBusy.value ? 'diagnosis.busy' : 'diagnosis.go')}</button>
    <div role="status">${found.value && !isBusy.value && html`<ul class="findings" data-testid="diagnosis">${meaning(found.value, court.state.value).map(({good, word}) => html`<li
        key=${word} class=${good ? 'good' : 'bad'}>${t(/** @type {Word} */ (`diagnosis.${word}`))}</li>`)}</ul>
      ${number.value ? html`<p>${t('diagnosis.number')} <strong class="incident" data-testid="incident-number">${spaced(number.value)}</strong></p>`
    : html`<p class="hint">${t('diagnosis.unsent')}</p>`}`}</div>
    <p class="hint">${t('diagnosis.private')}</p></section>`;
}

/** Two groups of three are read out more easily. @param {string} number */
export const spaced = (number) => `${number.slice(0, 3)} ${number.slice(3)}`;
