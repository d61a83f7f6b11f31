/** Lines across the page when something is wrong with the connection, the sound or the seat. */
import {html} from '../html.js';
import {t} from '../language.js';
import {gradeOf} from '../stage.js';
import {useNow} from './court-clock.js';
import {Icon} from './icons.js';
import {SoundOnlyOffer} from './sound-only.js';

/** @typedef {import('../hearing.js').Court} Court */

/** @param {{court: Court}} props */
export function LinkBanner({court}) {
  const {link, media, isWeak, ownLink, lostAtMs, seatHeldS, paused} = court.state.value;
  if (link === 'reconnecting') {
    return html`<p class="banner alarm" role="alert" data-testid="banner-reconnecting">${t('banner.reconnecting')}
      ${' '}<${LostFor} lostAtMs=${lostAtMs} seatHeldS=${seatHeldS} /></p>`;
  }
  if (media === 'lost') return html`<p class="banner alarm" role="status" data-testid="banner-media">${t('banner.media_lost')}</p>`;
  if ((isWeak || (ownLink && gradeOf(ownLink) === 'weak')) && media === 'connected') return html`<div class="banner sound-only-line" role="status" data-testid="banner-weak"><span>${t(Object.values(paused).includes('weak_link') ? 'trouble.weak_sound_only' : 'banner.weak')}</span>
    <${SoundOnlyOffer} court=${court} /></div>`;
  return null;
}

/** The seconds are for the eye: read out, they would never end. @param {{lostAtMs: number|null, seatHeldS: number}} props */
function LostFor({lostAtMs, seatHeldS}) {
  const seconds = Math.max(0, Math.floor((useNow(500) - (lostAtMs ?? Date.now())) / 1000));
  const left = Math.ceil(seatHeldS - seconds);
  const words = left > 0 ? t('banner.lost_for', {seconds, left}) : t('banner.lost_long', {seconds});
  return html`<span class="lost-for" aria-hidden="true">${words}</span>`;
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
