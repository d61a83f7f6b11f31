/** Lines across the page when something is wrong with the connection, the sound or the seat. */
import {html} from '../html.js';
import {t} from '../language.js';
import {Icon} from './icons.js';

/** @typedef {import('../hearing.js').Court} Court */

/** @param {{court: Court}} props */
export function LinkBanner({court}) {
  const {link, media, isWeak} = court.state.value;
  if (link === 'reconnecting') return html`<p class="banner alarm" role="alert" data-testid="banner-reconnecting">${t('banner.reconnecting')}</p>`;
  if (media === 'lost') return html`<p class="banner alarm" role="status" data-testid="banner-media">${t('banner.media_lost')}</p>`;
  if (isWeak && media === 'connected') return html`<p class="banner" role="status" data-testid="banner-weak">${t('banner.weak')}</p>`;
  return null;
}

/** The browser plays no sound before a touch. @param {{court: Court}} props */
export function SoundBanner({court}) {
  if (!court.state.value.isSoundBlocked) return null;
  const hear = () => {
    for (const video of document.querySelectorAll('video')) {
      if (video.classList.contains('mirrored')) continue;
      video.muted = false;
      void video.play().catch(() => undefined);
    }
    court.intents.soundIsBlocked(false);
  };
  return html`<button type="button" class="banner sound" data-testid="btn-hear" onClick=${hear}>
    <${Icon} name="sound" />${t('banner.tap_to_hear')}</button>`;
}
