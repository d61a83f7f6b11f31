/** What covers the courtroom: the countdown, the recess, an interruption, and the time before the opening. */
import {html} from '../html.js';
import {t} from '../language.js';
import {useNow} from './court-clock.js';
import {noticeOf} from './notice.js';

/** @typedef {import('../types.js').View} View */

/** @param {{view: View, offsetMs: number}} props */
export function Overlay({view, offsetMs}) {
  if (view.countdown) return html`<${CountdownOverlay} countdown=${view.countdown} offsetMs=${offsetMs} />`;
  if (view.session === 'recess') {
    return html`<${Covering} testid="recess-overlay" title=${t('recess.title')} words=${t('recess.words')} notice=${noticeOf(view)} />`;
  }
  if (view.session === 'suspended') {
    return html`<${Covering} testid="suspended-overlay" title=${t('suspended.title')} words=${t('suspended.words')} notice=${noticeOf(view)} />`;
  }
  if (view.session === 'lobby_open' || view.session === 'scheduled') {
    return html`<div class="strip" data-testid="not-open">${t(view.may.includes('start') ? 'before.judge' : 'before.others')}</div>`;
  }
  return null;
}

/** @param {{countdown: import('../types.js').Countdown, offsetMs: number}} props */
function CountdownOverlay({countdown, offsetMs}) {
  const left = Math.max(0, Math.ceil((Date.parse(countdown.ends_at) - useNow(100) - offsetMs) / 1000));
  return html`<div class="overlay countdown" data-testid="countdown" role="timer">
    <p>${t(countdown.purpose === 'open' ? 'countdown.open' : 'countdown.resume')}</p>
    <p class="countdown-number" aria-hidden="true">${left}</p>
    <p>${t('countdown.shut')}</p>
  </div>`;
}

/** @param {{testid: string, title: string, words: string, notice: string}} props */
function Covering({testid, title, words, notice}) {
  return html`<div class="overlay opaque" data-testid=${testid}>
    <p class="overlay-title">${title}</p>
    <p class="overlay-off">${t('rec.off_record_big')}</p>
    <p>${words}</p>
    ${notice && html`<p class="overlay-notice">${notice}</p>`}
  </div>`;
}
