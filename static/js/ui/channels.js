/** Interpreters' channels: a listener chooses whom to hear in full, an interpreter where to speak to. */
import {html} from '../html.js';
import {t} from '../language.js';

/** @typedef {{court: import('../hearing.js').Court, view: import('../types.js').View}} Props */

/** @param {Props} props */
export function Channels({court, view}) {
  const {channels, listens_to: chosen} = view.rooms;
  const own = channels.find(({interpreter_id: id}) => id === view.you.id);
  if (own) return html`<${OwnChannel} court=${court} isOpen=${own.is_open} />`;
  if (!channels.length) return null;
  return html`<label class="channels" data-testid="channels"><span>${t('channel.title')}</span>
    <select data-testid="channel" value=${chosen ?? ''} title=${t('channel.words')} onChange=${(/** @type {Event} */ event) =>
    court.intents.chooseChannel(/** @type {HTMLSelectElement} */ (event.target).value || null)}>
      <option value="" selected=${!chosen}>${t('channel.floor')}</option>
      ${channels.map(({interpreter_id: id, name}) => html`<option key=${id} value=${id} selected=${id === chosen}>${t('channel.of', {name})}</option>`)}
    </select></label>`;
}

/** @param {{court: import('../hearing.js').Court, isOpen: boolean}} props */
function OwnChannel({court, isOpen}) {
  return html`<div class="channels" role="group" aria-label=${t('channel.speak_to')} data-testid="own-channel"><span>${t('channel.speak_to')}</span>
    <button type="button" class="button small" data-testid="btn-to-court" aria-pressed=${!isOpen} onClick=${() => court.intents.interpret(false)}>${t('channel.to_court')}</button>
    <button type="button" class="button small" data-testid="btn-to-channel" aria-pressed=${isOpen} onClick=${() => court.intents.interpret(true)}>${t('channel.to_channel')}</button></div>`;
}
