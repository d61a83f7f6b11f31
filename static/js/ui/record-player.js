/** The film of a hearing with the court's clock, its marks on the line, and keys for all of it. */
import {nextMark, sectionAt, wallMs} from '../film-clock.js';
import {html, useEffect, useRef, useSignal} from '../html.js';
import {clockTime, duration, t, when, word} from '../language.js';
import {FormError} from './fields.js';
import {Icon} from './icons.js';
import {Marks, markWords} from './record-marks.js';
import {Holes, spanWords} from './record-orders.js';

/** @typedef {import('../film-clock.js').MarkList} MarkList */
/** @typedef {{current: HTMLVideoElement|null}} Video */

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
const STEP_S = 5;
const LEAP_S = 10;

/** `below` stands under the acts, and is told where the film is. @param {{address: string, told: MarkList, below?: (second: number, onSeek: (second: number) => void) => import('../html.js').Children}} props */
export function Player({address, told, below}) {
  const video = useRef(/** @type {HTMLVideoElement|null} */ (null));
  const region = useRef(/** @type {HTMLElement|null} */ (null));
  const now = useSignal({second: 0, length: 0, isPlaying: false, isMuted: false, speed: 1, isBroken: false});
  const look = () => {
    const film = video.current;
    if (!film) return;
    const length = Number.isFinite(film.duration) ? film.duration : 0;
    now.value = {second: film.currentTime, length, isPlaying: !film.paused, isMuted: film.muted, speed: film.playbackRate, isBroken: film.error !== null};
  };
  const acts = actsOn(video, told);
  useEffect(() => {
    const listening = new AbortController();
    const press = (/** @type {KeyboardEvent} */ event) => { if (isForPlayer(event)) acts.key(event); };
    addEventListener('keydown', press, {signal: listening.signal});
    document.addEventListener('fullscreenchange', () => {
      if (video.current) video.current.controls = document.fullscreenElement === video.current;
    }, {signal: listening.signal});
    return () => listening.abort();
  }, [told]);
  const {second, length, isPlaying, isBroken} = now.value;
  return html`<section class="player" ref=${region} aria-label=${t('play.region')} data-testid="player">
    <div class="player-film">
      <video ref=${video} preload="metadata" playsinline src=${address} data-testid="film" aria-label=${t('records.film')}
        onClick=${acts.toggle} onTimeUpdate=${look} onSeeking=${look} onLoadedMetadata=${look} onPlay=${look} onPause=${look} onRateChange=${look} onVolumeChange=${look} onError=${look}></video>
      <${FormError} text=${isBroken ? t('play.broken') : ''} />
      <${CourtTime} told=${told} second=${second} />
      <${Line} told=${told} second=${second} length=${length} onSeek=${acts.seek} />
      <div class="player-acts">
        <button type="button" class="button quiet" data-testid="btn-back" aria-label=${t('play.back')} title=${t('play.back')} onClick=${() => acts.move(-LEAP_S)}><${Icon} name="rewind" /><span>10</span></button>
        <button type="button" class="button primary play" data-testid="btn-play" aria-pressed=${isPlaying} onClick=${acts.toggle}>
          <${Icon} name=${isPlaying ? 'pause' : 'play'} /><span>${t(isPlaying ? 'play.pause' : 'play.play')}</span></button>
        <button type="button" class="button quiet" data-testid="btn-forward" aria-label=${t('play.forward')} title=${t('play.forward')} onClick=${() => acts.move(LEAP_S)}><span>10</span><${Icon} name="forward" /></button>
        <label class="speed"><span class="wide-only">${t('play.speed')}</span>
          <select data-testid="speed" aria-label=${t('play.speed')} onChange=${(/** @type {Event} */ event) => acts.speed(Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
            ${SPEEDS.map((speed) => html`<option key=${speed} value=${speed} selected=${speed === now.value.speed}>${speed}×</option>`)}</select></label>
        <button type="button" class="button quiet" data-testid="btn-mute" aria-pressed=${now.value.isMuted} aria-label=${t(now.value.isMuted ? 'play.unmute' : 'play.mute')} title=${t(now.value.isMuted ? 'play.unmute' : 'play.mute')} onClick=${acts.mute}>
          <${Icon} name=${now.value.isMuted ? 'sound_off' : 'sound'} /></button>
        <button type="button" class="button quiet" data-testid="btn-fullscreen" aria-label=${t('play.fullscreen')} title=${t('play.fullscreen')} onClick=${acts.fullscreen}><${Icon} name="fullscreen" /></button>
      </div>
      <${Holes} told=${told} onSeek=${acts.seek} />
      ${below?.(second, acts.seek)}
      <p class="hint wide-only">${t('play.keys')}</p>
    </div>
    <${Marks} marks=${told.marks} second=${second} onSeek=${acts.seek} />
  </section>`;
}

/** What can be done with the film. @param {Video} video @param {MarkList} told */
function actsOn(video, told) {
  const film = () => /** @type {HTMLVideoElement} */ (video.current);
  const seek = (/** @type {number} */ second) => { film().currentTime = Math.max(0, Math.min(second, film().duration || second)); };
  const move = (/** @type {number} */ seconds) => seek(film().currentTime + seconds);
  const toggle = () => { if (film().paused) void film().play().catch(() => undefined); else film().pause(); };
  const mute = () => { film().muted = !film().muted; };
  const fullscreen = () => { void film().requestFullscreen?.().catch(() => undefined); };
  const toMark = (/** @type {1|-1} */ direction) => {
    const place = nextMark(told.marks, film().currentTime, direction);
    if (place !== undefined) seek(place);
  };
  /** @type {Record<string, () => void>} */
  const keys = {
    ' ': toggle, k: toggle, j: () => move(-LEAP_S), l: () => move(LEAP_S), ArrowLeft: () => move(-STEP_S), ArrowRight: () => move(STEP_S),
    Home: () => seek(0), End: () => seek(film().duration), '[': () => toMark(-1), ']': () => toMark(1), m: mute, f: fullscreen,
  };
  return {
    seek, move, toggle, mute, fullscreen,
    /** @param {number} speed */
    speed(speed) { film().playbackRate = speed; },
    /** @param {KeyboardEvent} event */
    key(event) {
      const act = video.current && keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!act) return;
      event.preventDefault();
      act();
    },
  };
}

/** Keys are the player's unless somebody writes, chooses, or presses a button with them. @param {KeyboardEvent} event */
function isForPlayer(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.closest('input:not([type=range]), select, textarea, dialog, audio, video[controls]')) return false;
  if (target.closest('input[type=range]') && event.key.length > 1) return false;
  return !(target.closest('button, a, summary') && event.key === ' ');
}

/** The clock on the courtroom's wall at this second; in a gap, from when to when nothing was recorded. @param {{told: MarkList, second: number}} props */
function CourtTime({told, second}) {
  const at = wallMs(told.sections, second);
  const section = sectionAt(told.sections, second);
  if (at === null || !section) return null;
  const hole = told.sealed.find(({from_s: from, to_s: to}) => from <= second && second < to);
  const day = when(new Date(at).toISOString(), {dateStyle: 'medium'});
  return html`<p class="court-time ${section.reason ? 'gap' : ''}" data-testid="court-time"><span class="hint">${t('play.wall_clock')}</span>
    ${section.reason ? html`<strong>${t('play.in_gap', {reason: word('gap', section.reason), from: clockTime(Date.parse(section.began_at)), to: clockTime(Date.parse(section.ended_at))})}</strong>`
    : html`<span>${day}</span> <strong>${clockTime(at)}</strong>`}
    ${hole && html`<span class="chip live" data-testid="in-hole">${t('orders.in_hole', {n: hole.order})}</span>`}</p>`;
}

/** Where the film is, with gaps and marks on the line. @param {{told: MarkList, second: number, length: number, onSeek: (second: number) => void}} props */
function Line({told, second, length, onSeek}) {
  const whole = length || told.sections.reduce((sum, section) => Math.max(sum, section.from_s + section.length_s), 0) || 1;
  const share = (/** @type {number} */ at) => `${Math.min(100, (at / whole) * 100)}%`;
  const at = wallMs(told.sections, second);
  return html`<div class="line">
    <div class="line-bar" aria-hidden="true">
      ${told.sections.map((section) => html`<span key=${section.from_s} class="line-part ${section.reason ?? 'recorded'}" style=${{left: share(section.from_s), width: share(section.length_s)}}></span>`)}
      ${told.sealed.map((hole) => html`<span key=${`hole ${hole.order}`} class="line-part sealed-hole" data-testid="hole-${hole.order}" title=${t('orders.sealed', {span: spanWords(hole)})} style=${{left: share(hole.from_s), width: share(Math.max(hole.to_s - hole.from_s, whole / 400))}}></span>`)}
      ${told.marks.map((mark) => mark.film_s !== null && html`<span key=${mark.seq} class="line-mark ${mark.kind}" title=${markWords(mark)} style=${{left: share(mark.film_s)}}></span>`)}
    </div>
    <input type="range" class="line-seek" min="0" max=${whole} step="0.1" value=${second} aria-label=${t('play.position')} data-testid="seek"
      aria-valuetext=${t('play.position_words', {clock: at === null ? '' : clockTime(at), film: duration(second)})}
      onInput=${(/** @type {Event} */ event) => onSeek(Number(/** @type {HTMLInputElement} */ (event.target).value))} />
    <p class="line-times"><span data-testid="film-time">${duration(second)}</span><span>${duration(whole)}</span></p>
  </div>`;
}
