/** How you look and sound, and whether you hear the court. */
import {html, useSignal} from '../../html.js';
import {chime} from '../../chime.js';
import {t} from '../../language.js';
import {may} from '../../stage.js';
import {DeviceHelp} from '../device-help.js';
import {Icon} from '../icons.js';
import {Loudness} from '../picture.js';
import {CameraCheck, Picker, Switch} from '../preview.js';
import {Screen} from './wizard.js';

/** @typedef {import('../../hearing.js').Court} Court */

/** @param {import('./wizard.js').StepProps} props */
export function DevicesStep({court, view}) {
  const state = court.state.value;
  const heard = useSignal(/** @type {boolean|null} */ (null));
  const isBusy = useSignal(false);
  const speaks = may(view, 'speak');
  const isSeen = may(view, 'be_seen');
  const isEarly = !state.areDevicesKnown && (speaks || isSeen);
  const next = async () => {
    isBusy.value = true;
    await court.intents.reportDevices(heard.value, true);
    isBusy.value = false;
  };
  return html`<${Screen} title=${t('checkin.devices_title')} next=${t(isEarly ? 'preview.asking' : 'checkin.next')} onNext=${next}
    isBusy=${isBusy.value || isEarly}>
    ${isSeen && html`<${CameraCheck} court=${court} />`}
    <div class="switches">${speaks && html`<${Switch} court=${court} which="microphone" />`}${isSeen && html`<${Switch} court=${court} which="camera" />`}</div>
    ${speaks && html`<div class="loudness-row"><${Icon} name="microphone" /><${Loudness} track=${state.microphone.track} />
      <span class="hint">${t('preview.say_something')}</span></div>`}
    <${DeviceHelp} court=${court} speaks=${speaks} isSeen=${isSeen} />
    <${SpeakerTest} heard=${heard} />
    ${speaks && html`<${Picker} court=${court} which="microphone" />`}${isSeen && html`<${Picker} court=${court} which="camera" />`}<//>`;
}

/** @param {{heard: import('../../../vendor/signals.js').Signal<boolean|null>}} props */
function SpeakerTest({heard}) {
  const isPlayed = useSignal(false);
  const play = async () => {
    await chime().catch(() => undefined);
    isPlayed.value = true;
  };
  return html`<div class="speaker-test">
    <button type="button" class="button" data-testid="btn-speaker" onClick=${play}><${Icon} name="sound" />${t('checkin.speaker_play')}</button>
    ${isPlayed.value && heard.value === null && html`<p>${t('checkin.speaker_ask')}</p><div class="pair">
      <button type="button" class="button" data-testid="btn-heard" onClick=${() => { heard.value = true; }}>${t('checkin.speaker_yes')}</button>
      <button type="button" class="button" data-testid="btn-not-heard" onClick=${() => { heard.value = false; }}>${t('checkin.speaker_no')}</button></div>`}
    ${heard.value !== null && html`<p class=${heard.value ? 'good-line' : 'hint'} role="status">${t(heard.value ? 'checkin.speaker_good' : 'checkin.speaker_advice')}</p>`}
  </div>`;
}
