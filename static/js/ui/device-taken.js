/** Over the courtroom: a phone call or another program has the microphone or the camera; one touch brings it back. */
import {html} from '../html.js';
import {t} from '../language.js';
import {may} from '../stage.js';
import {Icon} from './icons.js';

/** @typedef {import('../devices.js').Which} Which */

/** @param {{court: import('../hearing.js').Court, view: import('../types.js').View}} props */
export function DeviceTaken({court, view}) {
  return html`${/** @type {Which[]} */ (['microphone', 'camera']).map((which) => {
    const {problem} = court.state.value[which];
    const isUsed = may(view, which === 'microphone' ? 'speak' : 'be_seen');
    if (!isUsed || (problem !== 'taken' && problem !== 'lost' && problem !== 'busy')) return null;
    const what = t(`help.what_${which}`);
    return html`<div key=${which} class="banner question trouble" role="alert" data-testid="taken-${which}" data-problem=${problem}>
      <p><${Icon} name=${which === 'microphone' ? 'microphone_off' : 'camera_off'} /><span>${t(`trouble.${problem}`, {what})}</span></p>
      <div class="banner-answers"><button type="button" class="button primary" data-testid="btn-take-back-${which}"
        onClick=${() => court.intents.retryDevice(which)}>${t('trouble.take_back')}</button></div></div>`;
  })}`;
}
