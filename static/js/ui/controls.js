/** A person's own buttons: microphone, camera, leave. Large, with words, at the foot of the page. */
import {isLockedForYou, waitsForWord} from '../floor.js';
import {html, useSignal} from '../html.js';
import {t} from '../language.js';
import {may} from '../stage.js';
import {Dialog} from './frame.js';
import {DeviceHelp} from './device-help.js';
import {HelpButton} from './help.js';
import {AskTheCourt, HandButton} from './hand.js';
import {Icon} from './icons.js';
import {Picker} from './preview.js';
import {SoundOnlyChoice} from './sound-only.js';
import {ViewMenu} from './view-menu.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../devices.js').Which} Which */
/** @typedef {import('../types.js').View} View */

/** @param {{court: Court, view: View, children?: import('../html.js').Children}} props */
export function OwnButtons({court, view, children}) {
  const isLeaving = useSignal(false);
  const isChoosing = useSignal(false);
  const hasDevices = may(view, 'speak') || may(view, 'be_seen');
  return html`<footer class="foot">
    ${may(view, 'speak') && html`<${Microphone} court=${court} view=${view} onHelp=${() => { isChoosing.value = true; }} />`}
    ${may(view, 'be_seen') && html`<${Camera} court=${court} view=${view} onHelp=${() => { isChoosing.value = true; }} />`}
    <${HandButton} court=${court} view=${view} />
    ${hasDevices && html`<button type="button" class="foot-button" data-testid="btn-devices" aria-haspopup="dialog"
      onClick=${() => { isChoosing.value = true; }}><${Icon} name="more" /><span>${t('foot.devices')}</span></button>`}
    ${children}
    <${HelpButton} court=${court} view=${view} place="foot" />
    <button type="button" class="foot-button leave" data-testid="btn-leave" aria-haspopup="dialog" onClick=${() => { isLeaving.value = true; }}>
      <${Icon} name="leave" /><span>${t('foot.leave')}</span></button>
    ${isLeaving.value && html`<${Dialog} title=${t('leave.title')} confirm=${t('leave.confirm')} tone="danger"
      onAnswer=${(/** @type {boolean} */ isConfirmed) => {
    isLeaving.value = false;
    if (isConfirmed) void court.intents.leave();
  }}><p>${t('leave.words')}</p><//>`}
    ${isChoosing.value && html`<${Dialog} title=${t('look.dialog')} confirm=${t('dialog.done')} asks=${false}
      onAnswer=${() => { isChoosing.value = false; }}>
      <${DeviceHelp} court=${court} speaks=${may(view, 'speak')} isSeen=${may(view, 'be_seen')} />
      <${Picker} court=${court} which="microphone" /><${Picker} court=${court} which="camera" />
      <${SoundOnlyChoice} court=${court} view=${view} />
      <${AskTheCourt} court=${court} view=${view} />
      ${view.you.state === 'in_court' && html`<${ViewMenu} />`}
      ${hasNoChoice(court) && html`<p>${t('foot.no_choice')}</p>`}<//>`}
  </footer>`;
}

/** @param {Court} court */
function hasNoChoice(court) {
  const {microphone, camera} = court.state.value;
  return microphone.choices.length < 2 && camera.choices.length < 2 && !microphone.problem && !camera.problem;
}

/** @param {{court: Court, view: View, onHelp: () => void}} props */
function Microphone({court, view, onHelp}) {
  const {microphone, wish} = court.state.value;
  const isHeld = waitsForWord(view);
  const isLocked = isLockedForYou(view) && !view.you.microphone_on && view.you.state === 'in_court';
  const isOn = microphone.track !== null && wish.microphone && !view.you.muted_by_court && !isHeld && !isLocked;
  const words = view.you.muted_by_court ? 'mic.muted_by_court' : isLocked ? 'mic.locked' : isHeld ? 'mic.waits' : isOn ? 'mic.on' : microphone.track ? 'mic.off' : 'mic.none';
  return html`<button type="button" class="foot-button ${isOn ? 'on' : 'off'}" data-testid="btn-mic" aria-keyshortcuts="M" aria-pressed=${isOn}
    disabled=${isLocked || (view.you.muted_by_court && !wish.microphone)}
    onClick=${() => (microphone.track ? court.intents.toggle('microphone') : onHelp())}>
    <${Icon} name=${isLocked ? 'lock' : isOn ? 'microphone' : 'microphone_off'} /><span>${t(words)}</span></button>`;
}

/** @param {{court: Court, view: View, onHelp: () => void}} props */
function Camera({court, onHelp}) {
  const {camera, wish} = court.state.value;
  const isOn = camera.track !== null && wish.camera;
  return html`<button type="button" class="foot-button ${isOn ? 'on' : 'off'}" data-testid="btn-camera" aria-keyshortcuts="V" aria-pressed=${isOn}
    onClick=${() => (camera.track ? court.intents.toggle('camera') : onHelp())}>
    <${Icon} name=${isOn ? 'camera' : 'camera_off'} /><span>${t(isOn ? 'camera.on' : camera.track ? 'camera.off' : 'camera.none')}</span></button>`;
}
