/** Taking part by sound only: the choice, the line that says it is so, and the offer where the connection is weak. */
import {html} from '../html.js';
import {t} from '../language.js';
import {Icon} from './icons.js';

/** @typedef {{court: import('../hearing.js').Court, view: import('../types.js').View}} Props */

/** In the dialog behind "more", and before one goes in. @param {Props} props */
export function SoundOnlyChoice({court, view}) {
  return html`<div class="sound-only"><label class="check"><input type="checkbox" data-testid="check-sound-only" checked=${view.you.sound_only}
    onChange=${(/** @type {Event} */ event) => court.intents.listenOnly(/** @type {HTMLInputElement} */ (event.target).checked)} />
    <span>${t('listening.title')}</span></label>
    <p class="hint">${t('listening.words')}</p></div>`;
}

/** Across the page while it is so. @param {Props} props */
export function SoundOnlyBanner({court, view}) {
  if (!view.you.sound_only) return null;
  return html`<div class="banner sound-only-line" role="status" data-testid="banner-sound-only"><span>${t('listening.on')}</span>
    <button type="button" class="button small" data-testid="btn-show-pictures" onClick=${() => court.intents.listenOnly(false)}>${t('listening.end')}</button></div>`;
}

/** Where the connection is weak. @param {{court: import('../hearing.js').Court}} props */
export function SoundOnlyOffer({court}) {
  const {view} = court.state.value;
  if (!view || view.you.sound_only) return null;
  return html`<button type="button" class="button small" data-testid="btn-sound-only" onClick=${() => court.intents.listenOnly(true)}>${t('listening.offer')}</button>`;
}

/** On the tile of somebody who sees nobody. @param {{person: import('../types.js').Person}} props */
export function SoundOnlyBadge({person}) {
  if (!person.sound_only) return null;
  return html`<span class="badge ears" data-testid="badge-sound-only-${person.id}" title=${t('listening.sees_nobody')}>
    <${Icon} name="sound" /><span class="badge-words">${t('listening.badge')}</span></span>`;
}
