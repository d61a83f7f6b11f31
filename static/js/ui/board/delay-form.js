/** Why the court is late: told to everyone who waits. */
import {html, useSignal} from '../../html.js';
import {t, when} from '../../language.js';
import {courtSits} from '../../stage.js';
import {Dialog} from '../frame.js';

const MINUTES = [0, 5, 10, 15, 30, 60];

/** @param {{court: import('../../hearing.js').Court, view: import('../../types.js').View}} props */
export function DelayForm({court, view}) {
  const isAsking = useSignal(false);
  const reason = useSignal('');
  const minutes = useSignal(10);
  const {delay} = view.lobby;
  if (courtSits(view)) return null;
  const answer = async (/** @type {boolean} */ isConfirmed) => {
    if (isConfirmed && !reason.value.trim()) return;
    isAsking.value = false;
    if (isConfirmed) await court.intents.announceDelay(reason.value, minutes.value);
  };
  return html`<div class="delay-line">
    ${delay ? html`<p class="notice" data-testid="delay-now">${delayWords(delay)}</p>
      <button type="button" class="button small" data-testid="btn-delay-lift" onClick=${() => court.intents.announceDelay('', 0)}>${t('delay.lift')}</button>`
    : html`<button type="button" class="button small" data-testid="btn-delay" onClick=${() => { isAsking.value = true; }}>${t('delay.announce')}</button>`}
    ${isAsking.value && html`<${Dialog} title=${t('delay.announce')} confirm=${t('delay.go')} testid="dialog-delay" onAnswer=${answer}>
      <label class="field"><span>${t('delay.reason')}</span><input type="text" maxlength="200" required data-testid="delay-reason" value=${reason.value}
        onInput=${(/** @type {Event} */ event) => { reason.value = /** @type {HTMLInputElement} */ (event.target).value; }} /></label>
      <label class="field"><span>${t('delay.minutes')}</span><select data-testid="delay-minutes" value=${minutes.value}
        onChange=${(/** @type {Event} */ event) => { minutes.value = Number(/** @type {HTMLSelectElement} */ (event.target).value); }}>
        ${MINUTES.map((each) => html`<option key=${each} value=${each} selected=${each === minutes.value}>${each ? t('delay.some', {count: each}) : t('delay.unknown')}</option>`)}</select></label>
    <//>`}</div>`;
}

/** @param {import('../../types.js').Delay} delay */
export function delayWords({reason, until}) {
  return until ? t('delay.until', {reason, at: when(until, {timeStyle: 'short'})}) : t('delay.open', {reason});
}
