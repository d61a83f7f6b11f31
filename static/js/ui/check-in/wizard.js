/** The check-in, one step a screen: which step comes next is the court's word, so a reload goes on where it was. */
import {html, useEffect, useRef} from '../../html.js';
import {t} from '../../language.js';
import {LinkBanner} from '../banners.js';
import {Head, Toasts} from '../frame.js';
import {HelpButton} from '../help.js';
import {ConnectionStep} from './connection.js';
import {DevicesStep} from './devices.js';
import {IdentityStep} from './identity.js';
import {PlaceStep} from './place.js';
import {RulesStep} from './rules.js';
import {LanguageStep, SelfStep} from './who.js';

/** @typedef {import('../../hearing.js').Court} Court */
/** @typedef {import('../../types.js').View} View */
/** @typedef {{court: Court, view: View}} StepProps */

const STEPS = /** @type {const} */ (['language', 'self', 'identity', 'rules', 'place', 'devices', 'connection']);

const SCREENS = {
  language: LanguageStep,
  self: SelfStep,
  identity: IdentityStep,
  rules: RulesStep,
  place: PlaceStep,
  devices: DevicesStep,
  connection: ConnectionStep,
};

/** @param {StepProps} props */
export function CheckIn({court, view}) {
  const {step} = view.lobby.check_in;
  const shown = step === 'done' ? 'connection' : step;
  const Screen = SCREENS[shown];
  const number = STEPS.indexOf(shown) + 1;
  return html`<div class="page">
    <${Head} speak=${court.intents.speak}><${HelpButton} court=${court} view=${view} place="head" /><//>
    <${LinkBanner} court=${court} />
    <main class="step" data-testid="check-in" data-step=${step}>
      <div class="step-count">
        <p>${t('checkin.count', {number, of: STEPS.length})}</p>
        <progress max=${STEPS.length} value=${number} aria-hidden="true"></progress>
      </div>
      <${Screen} key=${shown} court=${court} view=${view} />
    </main>
    <${Toasts} toasts=${court.state.value.toasts} />
  </div>`;
}

/**
 * One screen: its question, what it shows, and the one obvious button.
 * @param {{title: string, children?: import('../../html.js').Children, next: string, onNext: () => unknown, isBusy?: boolean,
 *   others?: import('../../html.js').Children}} props
 */
export function Screen({title, children, next, onNext, isBusy = false, others}) {
  const heading = useRef(/** @type {HTMLHeadingElement|null} */ (null));
  useEffect(() => heading.current?.focus(), [title]); // a new screen is read from its title on
  return html`
    <h1 ref=${heading} tabindex="-1">${title}</h1>
    <div class="step-body">${children}</div>
    <div class="step-foot">
      <button type="button" class="button primary big" data-testid="btn-next" disabled=${isBusy} onClick=${onNext}>${next}</button>
      ${others}
    </div>`;
}
