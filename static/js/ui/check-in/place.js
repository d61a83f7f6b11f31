/** Parked, quiet, alone: whoever drives is stopped kindly, and the clerk knows. */
import {html, useSignal} from '../../html.js';
import {t} from '../../language.js';
import {Screen} from './wizard.js';

/** @param {import('./wizard.js').StepProps} props */
export function PlaceStep({court, view}) {
  const place = view.lobby.check_in.done.place;
  const quiet = useSignal(true);
  const alone = useSignal(true);
  const answer = (/** @type {boolean} */ driving) => court.intents.answerPlace({driving, quiet: quiet.value, alone: alone.value});
  if (place?.driving) {
    return html`<${Screen} title=${t('checkin.stopped_title')} next=${t('checkin.parked_now')} onNext=${() => answer(false)}>
      <p data-testid="stopped">${t('checkin.stopped_words')}</p><p>${t('checkin.stopped_told')}</p><//>`;
  }
  const allWell = quiet.value && alone.value;
  return html`<${Screen} title=${t('checkin.place_title')} next=${t(allWell ? 'checkin.place_good' : 'checkin.place_go')} onNext=${() => answer(false)}
    others=${html`<button type="button" class="button big danger-quiet" data-testid="btn-driving" onClick=${() => answer(true)}>${t('checkin.driving')}</button>`}>
    <ul class="step-list"><li>${t('checkin.place_parked')}</li></ul>
    <${Choice} word="quiet" testid="choice-quiet" value=${quiet.value} onValue=${(/** @type {boolean} */ is) => { quiet.value = is; }} />
    <${Choice} word="alone" testid="choice-alone" value=${alone.value} onValue=${(/** @type {boolean} */ is) => { alone.value = is; }} /><//>`;
}

/** @param {{word: 'quiet'|'alone', testid: string, value: boolean, onValue: (is: boolean) => void}} props */
function Choice({word, testid, value, onValue}) {
  return html`<fieldset class="choice" data-testid=${testid}><legend>${t(`checkin.${word}_ask`)}</legend>
    ${[true, false].map((is) => html`<label key=${is} class="choice-option ${value === is ? 'chosen' : ''}">
      <input type="radio" name=${word} checked=${value === is} onChange=${() => onValue(is)} />
      <span>${t(is ? `checkin.${word}_yes` : `checkin.${word}_no`)}</span></label>`)}
    ${!value && html`<p class="hint">${t(`checkin.${word}_advice`)}</p>`}</fieldset>`;
}
