/** The public gallery: what it is, a seat in it, and the hearing some time behind. */
import {html, useEffect, useRef, useSignal} from '../html.js';
import {t} from '../language.js';
import {playProgram} from '../program-player.js';
import {Head, Message} from './frame.js';
import {Icon} from './icons.js';

/** @typedef {import('../gallery.js').Gallery} Gallery */
/** @typedef {import('../program-player.js').PlayerState} PlayerState */

const WISH = {startBehindS: 9, mostBehindS: 26};

/** @param {{gallery: Gallery}} props */
export function GalleryApp({gallery}) {
  const {news, isKnown, isOffline, seat} = gallery.state.value;
  return html`<div class="page gallery"><${Head} />
    ${isOffline && html`<p class="banner alarm" role="status">${t('error.offline')}</p>`}
    ${!isKnown && html`<main class="desk-main"><div class="skeleton" aria-label=${t('loading')}></div></main>`}
    ${isKnown && !news && html`<${Message} title=${t('gallery.nothing')} testid="gallery-nothing"><p>${t('gallery.nothing_words')}</p><//>`}
    ${news && html`<main class="gallery-main ${seat ? '' : 'at-door'}" data-testid="gallery" data-state=${news.state}>
      <div class="gallery-case"><p class="gallery-place">${t('title.gallery')}</p><h1>${news.case_number}</h1><p>${news.cause}</p></div>
      ${seat ? html`<${Screen} gallery=${gallery} news=${news} seat=${seat} />` : html`<${Door} gallery=${gallery} news=${news} />`}
    </main>`}
  </div>`;
}

/** @param {{gallery: Gallery, news: import('../gallery.js').GalleryNews}} props */
function Door({gallery, news}) {
  const {isFull, isBusy} = gallery.state.value;
  return html`<section class="card gallery-door">
    <p class="lead" role="status">${t(`gallery.${news.state}`)}</p>
    <h2>${t('gallery.rules_title')}</h2>
    <ul class="gallery-rules">
      <li><strong>${t('gallery.rule_recording')}</strong></li>
      <li>${t('gallery.rule_order')}</li>
      <li>${t('gallery.rule_delay', {seconds: Math.round(news.delay_s)})}</li>
      <li>${t('gallery.rule_mark')}</li>
    </ul>
    ${isFull && html`<p class="notice" role="alert" data-testid="gallery-full">${t('gallery.full', {seats: news.seats})}</p>`}
    <button type="button" class="button primary big" data-testid="btn-take-seat" disabled=${isBusy} onClick=${gallery.takeSeat}>${t('gallery.enter')}</button>
    <p class="hint">${t('gallery.seats', {free: Math.max(0, news.seats - news.taken), seats: news.seats})}</p>
  </section>`;
}

/** @param {{gallery: Gallery, news: import('../gallery.js').GalleryNews, seat: import('../gallery.js').GallerySeat}} props */
function Screen({gallery, news, seat}) {
  const video = useRef(/** @type {HTMLVideoElement|null} */ (null));
  const shown = useSignal(/** @type {PlayerState} */ ({phase: 'waiting', behindS: null, code: ''}));
  const isMuted = useSignal(true);
  useEffect(() => {
    const life = new AbortController();
    if (video.current) {
      const player = playProgram(video.current, gallery.program, WISH, life.signal);
      const stop = player.state.subscribe((state) => {
        shown.value = state;
        if (state.phase === 'refused') gallery.programRefused(state.code);
      });
      life.signal.addEventListener('abort', stop);
    }
    return () => life.abort();
  }, [seat.ticket]);
  const {phase, behindS} = shown.value;
  const isShown = phase === 'playing' && news.state !== 'closed';
  const hear = () => {
    isMuted.value = !isMuted.value;
    if (video.current) {
      video.current.muted = isMuted.value;
      void video.current.play().catch(() => undefined);
    }
  };
  return html`<section class="gallery-screen" data-testid="gallery-screen" data-phase=${isShown ? 'playing' : phase}>
    <div class="program-picture">
      <video ref=${video} class=${isShown ? '' : 'dark'} muted=${isMuted.value} autoplay playsinline disablepictureinpicture
        data-testid="gallery-video" aria-label=${t('gallery.picture')} onContextMenu=${(/** @type {Event} */ event) => event.preventDefault()}></video>
      ${isShown ? html`<span class="visitor-mark" data-testid="visitor-mark">${t('gallery.mark', {mark: seat.mark})}</span>`
    : html`<p class="program-wait" role="status">${t(waitWords(news.state, phase))}</p>`}
    </div>
    <div class="program-foot">
      <p class="program-age" data-testid="gallery-age">${isShown && behindS !== null ? t('gallery.behind', {seconds: Math.round(behindS)}) : ''}</p>
      <div class="program-acts">
        <button type="button" class="button ${isMuted.value ? 'primary' : ''}" data-testid="btn-gallery-sound" aria-pressed=${!isMuted.value} onClick=${hear}>
          <${Icon} name="sound" />${t(isMuted.value ? 'gallery.sound_on' : 'gallery.sound_off')}</button>
        <button type="button" class="button" data-testid="btn-leave-seat" onClick=${gallery.leave}>${t('gallery.leave')}</button>
      </div>
    </div>
    <p class="notice">${t('gallery.rule_recording')}</p>
  </section>`;
}

/**
 * @param {import('../gallery.js').GalleryNews['state']} news @param {PlayerState['phase']} phase
 * @returns {import('../language.js').Word}
 */
function waitWords(news, phase) {
  if (phase === 'unsupported') return 'program.unsupported';
  return news === 'on_air' ? 'gallery.soon' : `gallery.${news}`;
}
