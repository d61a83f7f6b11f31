/** Help in plain words when there is no camera or microphone, and when this browser can't do it at all. */
import {hasDevices} from '../devices.js';
import {html} from '../html.js';
import {t} from '../language.js';
import {Copy} from './frame.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../devices.js').Which} Which */

/** Where there are no devices at all: say why. */
export function OpenElsewhere() {
  if (hasDevices) return null;
  const reason = !isSecureContext ? 'elsewhere.insecure' : 'elsewhere.old';
  return html`<div class="notice" data-testid="no-devices">
    <p>${t(reason)}</p>
    <${Copy} text=${location.href} label=${t('elsewhere.copy')} testid="btn-copy-link" />
  </div>`;
}

/** Which browser's settings to describe. @returns {'ios'|'android'|'firefox'|'desktop'} */
function browserHere() {
  const {userAgent, maxTouchPoints} = navigator;
  if (/iPhone|iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1)) return 'ios';
  if (/Android/.test(userAgent)) return 'android';
  return /Firefox\//.test(userAgent) ? 'firefox' : 'desktop';
}

/** @param {{court: Court, speaks: boolean, isSeen: boolean}} props */
export function DeviceHelp({court, speaks, isSeen}) {
  const {microphone, camera} = court.state.value;
  const sound = speaks ? microphone.problem : null;
  const picture = isSeen ? camera.problem : null;
  if (!sound && !picture) return null;
  if (sound === picture && sound) {
    return html`<${Advice} court=${court} problem=${sound} concerned="both" all=${['microphone', 'camera']} />`;
  }
  return html`
    ${sound && html`<${Advice} court=${court} problem=${sound} concerned="microphone" all=${['microphone']} />`}
    ${picture && html`<${Advice} court=${court} problem=${picture} concerned="camera" all=${['camera']} />`}`;
}

/** @param {{court: Court, problem: NonNullable<import('../store.js').Problem>, concerned: 'both'|Which, all: Which[]}} props */
function Advice({court, problem, concerned, all}) {
  const what = {what: t(`help.what_${concerned}`)};
  const again = async () => {
    for (const which of all) await court.intents.retryDevice(which);
  };
  return html`<div class="notice" data-testid="device-help-${concerned}">
    <p><strong>${t(`help.${problem}.title`, what)}</strong></p>
    ${problem === 'denied' ? html`<p>${t(`help.denied_${browserHere()}`, what)}</p><p class="hint">${t('help.denied_system', what)}</p>` : html`<p>${t(`help.${problem}.advice`, what)}</p>`}
    <p class="hint">${t(concerned === 'microphone' ? 'help.go_on_seen' : concerned === 'camera'
    ? 'help.go_on_heard' : 'help.go_on_listening')}</p>
    ${problem !== 'unsupported' && html`<button type="button" class="button" onClick=${again}>${t('help.again')}</button>`}
  </div>`;
}
