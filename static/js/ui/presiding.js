/** Presiding: handed over by the judge, or taken up by a member of the panel when the judge's link is lost. */
import {mayStepIn} from '../floor.js';
import {html} from '../html.js';
import {t} from '../language.js';
import {Dialog} from './frame.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */
/** @typedef {import('../types.js').Person} Person */

/** @param {{court: Court, view: View}} props */
export function StepInBanner({court, view}) {
  if (!mayStepIn(view) || view.opened_at === null) return null;
  return html`<div class="banner question" role="alert" data-testid="banner-step-in"><span>${t('preside.lost')}</span>
    <span class="banner-answers"><button type="button" class="button small primary" data-testid="btn-take-presiding"
      onClick=${court.intents.takePresiding}>${t('preside.take')}</button></span></div>`;
}

/** @param {{court: Court, person: Person, onDone: () => void}} props */
export function HandOverDialog({court, person, onDone}) {
  return html`<${Dialog} title=${t('preside.title', {who: person.name})} confirm=${t('preside.hand_over')} testid="dialog-preside"
    onAnswer=${(/** @type {boolean} */ isConfirmed) => {
    onDone();
    if (isConfirmed) void court.intents.handOverPresiding(person.id);
  }}><p>${t('preside.words')}</p><//>`;
}
