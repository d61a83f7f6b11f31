/** Before the hearing: who you are, how you look and sound, and the door to the waiting room. */
import {html, useSignal} from '../html.js';
import {t} from '../language.js';
import {may} from '../stage.js';
import {FactsOfView} from './case-facts.js';
import {Clauses, useRules} from './check-in/rules.js';
import {DeviceHelp, OpenElsewhere} from './device-help.js';
import {Head, Toasts} from './frame.js';
import {Icon} from './icons.js';
import {Loudness, SelfPicture} from './picture.js';
import {SoundOnlyChoice} from './sound-only.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../devices.js').Which} Which */
/** @typedef {import('../types.js').View} View */

/** @param {{court: Court, view: View}} props */
export function Preview({court, view}) {
  const state = court.state.value;
  const isGoing = useSignal(false);
  const speaks = may(view, 'speak');
  const isSeen = may(view, 'be_seen');
  const signs = !may(view, 'enter_court_uncalled');
  const isEarly = state.areDevicesKnown || !(speaks || isSeen);
  const enter = async () => {
    isGoing.value = true;
    if (signs) await court.intents.signRules();
    await court.intents.reportReady();
    isGoing.value = false;
  };
  return html`<div class="page">
    <${Head} speak=${court.intents.speak} />
    <main class="preview" data-testid="preview">
      <section class="preview-words">
        <h1>${t('preview.title')}</h1>
        <${FactsOfView} view=${view} />
        <${OpenElsewhere} />
      </section>
      ${(speaks || isSeen) && html`<section class="preview-devices" aria-label=${t('preview.devices')}>
        ${isSeen && html`<${CameraCheck} court=${court} />`}
        <div class="switches">
          ${speaks && html`<${Switch} court=${court} which="microphone" />`}
          ${isSeen && html`<${Switch} court=${court} which="camera" />`}
        </div>
        ${speaks && html`<div class="loudness-row"><${Icon} name="microphone" />
          <${Loudness} track=${state.microphone.track} /><span class="hint">${t('preview.say_something')}</span></div>`}
        <${DeviceHelp} court=${court} speaks=${speaks} isSeen=${isSeen} />
        ${speaks && html`<${Picker} court=${court} which="microphone" />`}
        ${isSeen && html`<${Picker} court=${court} which="camera" />`}
        <${SoundOnlyChoice} court=${court} view=${view} />
      </section>`}
      <section class="preview-door">
        <p class="hint">${t(may(view, 'enter_court_uncalled') ? 'preview.next_court' : 'preview.next_lobby')}</p>
        <button type="button" class="button primary big" data-testid="join-enter" onClick=${enter}
          disabled=${isGoing.value || !isEarly}>
          ${t(signs ? 'preview.sign_and_enter' : 'preview.enter_court')}</button>
        ${signs ? html`<${RulesToRead} />` : html`<p class="rule">${t('preview.no_recording')}</p>`}
      </section>
    </main>
    <${Toasts} toasts=${state.toasts} />
  </div>`;
}

/** What is signed by going in. */
function RulesToRead() {
  const text = useRules();
  return html`<details class="rules-fold" data-testid="rules-fold"><summary>${t('preview.rules')}</summary><${Clauses} text=${text} /></details>`;
}

/** @param {{court: Court}} props */
export function CameraCheck({court}) {
  const {camera, wish, areDevicesKnown} = court.state.value;
  const isShown = camera.track !== null && wish.camera;
  return html`<div class="mirror">
    <${SelfPicture} track=${isShown ? camera.track : null} />
    ${!isShown && html`<p class="mirror-words"><${Icon} name="camera_off" />
      ${t(!areDevicesKnown ? 'preview.asking' : camera.track ? 'preview.camera_off' : 'preview.no_camera')}</p>`}
  </div>`;
}

/** @param {{court: Court, which: Which}} props */
export function Switch({court, which}) {
  const state = court.state.value;
  const isOn = state.wish[which] && state[which].track !== null;
  const word = isOn ? 'on' : state[which].track ? 'off' : 'none';
  const words = which === 'microphone' ? t(`mic.${word}`) : t(`camera.${word}`);
  return html`<button type="button" class="button switch ${isOn ? 'on' : 'off'}" aria-pressed=${isOn}
    data-testid=${which === 'microphone' ? 'btn-mic' : 'btn-camera'} disabled=${!state[which].track}
    onClick=${() => court.intents.toggle(which)}>
    <${Icon} name=${isOn ? which : `${which}_off`} />${words}</button>`;
}

/** @param {{court: Court, which: Which}} props */
export function Picker({court, which}) {
  const device = court.state.value[which];
  if (device.choices.length < 2) return null;
  const current = device.track?.getSettings().deviceId;
  return html`<label class="field">
    <span>${t(which === 'microphone' ? 'picker.microphone' : 'picker.camera')}</span>
    <select data-testid="pick-${which}" value=${current}
      onChange=${(/** @type {Event} */ event) =>
    court.intents.chooseDevice(which, /** @type {HTMLSelectElement} */ (event.target).value)}>
      ${device.choices.map(({id, label}) => html`<option key=${id} value=${id} selected=${id === current}>
        ${/^\d+$/.test(label) ? t('picker.number', {number: label}) : label}</option>`)}
    </select>
  </label>`;
}
