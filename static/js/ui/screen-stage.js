/** The screen that is shared with the court, large, with the people beside it; and the button that shares one's own. */
import {saidOf} from '../exhibit-news.js';
import {shownNow} from '../exhibits.js';
import {html, useEffect, useRef, useSignal} from '../html.js';
import {t} from '../language.js';
import {mayShareScreen} from '../screen-share.js';
import {may} from '../stage.js';
import {Paper} from './exhibit-stage.js';
import {Icon} from './icons.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */

/** A page that the court presents goes first. @param {{court: Court, view: View}} props */
export function ScreenStage({court, view}) {
  const {screen} = view.exhibits;
  if (screen === null || shownNow(view)) return null;
  const isOwn = screen === view.you.id;
  const who = saidOf(view, screen);
  return html`<section class="exhibit-stage" data-testid="screen-stage" aria-label=${t('screen.on_stage')}>
    <header class="exhibit-head">
      <p class="exhibit-name" data-testid="screen-name" aria-live="polite"><strong>${isOwn ? t('screen.yours') : t('screen.of', {who})}</strong></p>
      ${(isOwn || may(view, 'answer_requests')) && html`<div class="exhibit-acts"><${EndButton} court=${court} /></div>`}
    </header>
    ${isOwn || view.you.sound_only
    ? html`<p class="screen-own" data-testid="screen-own">${t(isOwn ? 'screen.yours_words' : 'screen.sound_only')}</p>`
    : html`<${Shown} court=${court} who=${who} />`}
  </section>`;
}

/** @param {{court: Court}} props */
function EndButton({court}) {
  return html`<button type="button" class="button quiet put-away" data-testid="btn-end-screen" aria-label=${t('screen.end')} onClick=${() => court.intents.endScreen()}>
    <${Icon} name="close" /><span>${t('screen.end')}</span></button>`;
}

/** @param {{court: Court, who: string}} props */
function Shown({court, who}) {
  const {courtScreen} = court.state.value;
  const element = useRef(/** @type {HTMLVideoElement|null} */ (null));
  const ratio = useSignal(0);
  useEffect(() => {
    const video = element.current;
    if (!video || !courtScreen) return;
    video.srcObject = courtScreen;
    void video.play().catch(() => undefined); // without sound every browser plays; a connection that goes away needs none
  }, [courtScreen]);
  const measure = () => {
    const {videoWidth = 0, videoHeight = 0} = element.current ?? {};
    if (videoWidth && videoHeight) ratio.value = videoWidth / videoHeight;
  };
  return html`<${Paper} court=${court} presents=${false} isLed=${false}>
    <video ref=${element} class="exhibit-page ${ratio.value ? '' : 'unseen'}" muted playsinline autoplay data-testid="screen-picture"
      style=${{'--ratio': String(ratio.value || 16 / 9)}} aria-label=${t('screen.of', {who})} onResize=${measure} onLoadedMetadata=${measure}></video>
    ${!ratio.value && html`<p class="screen-own waits" role="status">${t('screen.waits')}</p>`}
  <//>`;
}

/** At the foot of the page, where the browser can and the court lets. @param {{court: Court, view: View}} props */
export function ScreenButton({court, view}) {
  if (!mayShareScreen(view)) return null;
  const isOn = view.exhibits.screen === view.you.id;
  return html`<button type="button" class="foot-button ${isOn ? 'on' : ''}" data-testid="btn-screen" aria-pressed=${isOn}
    onClick=${() => (isOn ? court.intents.endScreen() : court.intents.shareScreen())}>
    <${Icon} name="screen" /><span>${t(isOn ? 'screen.end' : 'screen.share')}</span></button>`;
}
