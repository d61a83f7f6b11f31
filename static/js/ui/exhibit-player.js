/** A sound or a film before the court: it runs for everyone as the presenter runs it. */
import {fileOf, positionOf} from '../exhibits.js';
import {html, useEffect, useRef, useSignal} from '../html.js';
import {duration, t} from '../language.js';
import {Icon} from './icons.js';

const DRIFT_S = 0.7;

/**
 * @param {{court: import('../hearing.js').Court, seat: import('../types.js').Seat, file: import('../exhibits.js').ExhibitFile,
 *   showing: import('../exhibits.js').Showing, presents: boolean}} props
 */
export function ExhibitPlayer({court, seat, file, showing, presents}) {
  const element = useRef(/** @type {HTMLMediaElement|null} */ (null));
  const src = useSignal('');
  const at = useSignal(0);
  const length = useSignal(0);
  const {isSoundBlocked, clockOffsetMs} = court.state.value;
  useEffect(() => {
    let kept = '';
    fileOf(seat, file.sha256).then((blob) => { src.value = kept = URL.createObjectURL(blob); }).catch(() => undefined);
    return () => URL.revokeObjectURL(kept);
  }, [file.sha256]);
  useEffect(() => {
    const media = element.current;
    if (!media || !src.value) return;
    const wanted = positionOf(showing, Date.now() + clockOffsetMs);
    if (Math.abs(media.currentTime - wanted) > DRIFT_S || !showing.is_playing) media.currentTime = wanted;
    if (!showing.is_playing) return media.pause();
    media.play().catch((failure) => { if (failure.name === 'NotAllowedError') court.intents.soundIsBlocked(true); });
  }, [src.value, showing.is_playing, showing.position_ms, showing.moved_at, isSoundBlocked]);
  const events = {
    onTimeUpdate: () => { at.value = element.current?.currentTime ?? 0; },
    onLoadedMetadata: () => { length.value = element.current?.duration ?? 0; },
  };
  return html`<div class="exhibit-player" data-testid="exhibit-player">
    ${file.kind === 'video'
    ? html`<video ref=${element} src=${src.value || undefined} playsinline ...${events}></video>`
    : html`<audio ref=${element} src=${src.value || undefined} ...${events}></audio><${Icon} name="sound" />`}
    <div class="exhibit-runs">
      ${presents && html`<button type="button" class="tool" data-testid="btn-play" aria-label=${t(showing.is_playing ? 'exhibit.pause' : 'exhibit.play')}
        onClick=${() => court.intents.playExhibit(!showing.is_playing, element.current?.currentTime ?? 0)}><${Icon} name=${showing.is_playing ? 'pause' : 'play'} /></button>
      <input type="range" min="0" max=${Math.ceil(length.value) || 1} step="0.5" value=${at.value} aria-label=${t('exhibit.position')}
        onChange=${(/** @type {Event} */ event) => court.intents.playExhibit(showing.is_playing, Number(/** @type {HTMLInputElement} */ (event.target).value))} />`}
      <span class="exhibit-time">${duration(at.value)} / ${duration(length.value)}</span></div>
  </div>`;
}
