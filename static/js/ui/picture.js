/** Moving pictures: one person's stream, or your own as in a mirror. */
import {html, useEffect, useLayoutEffect, useRef} from '../html.js';
import {measureLoudness} from '../devices.js';
import {t} from '../language.js';

/** Yourself, as in a mirror; never with sound. @param {{track: MediaStreamTrack|null}} props */
export function SelfPicture({track}) {
  const element = useRef(/** @type {HTMLVideoElement|null} */ (null));
  useLayoutEffect(() => {
    if (!element.current) return;
    element.current.srcObject = track ? new MediaStream([track]) : null;
    if (track) void element.current.play().catch(() => undefined); // starts at the next touch
  }, [track]);
  return html`<video ref=${element} class="picture mirrored" muted playsinline autoplay
    aria-label=${t('picture.self')}></video>`;
}

/**
 * One person's sound and picture.
 * One person's sound, louder or lower, stands on its own track: `volume` from 0 to 1.
 * @param {{stream: MediaStream|undefined, name: string, isSoundBlocked: boolean, onSoundBlocked: (isBlocked: boolean) => void, volume?: number}} props
 */
export function PersonPicture({stream, name, isSoundBlocked, onSoundBlocked, volume = 1}) {
  const element = useRef(/** @type {HTMLVideoElement|null} */ (null));
  useEffect(() => {
    const video = element.current;
    if (!video || !stream) return;
    if (video.srcObject !== stream) video.srcObject = stream;
    video.muted = isSoundBlocked;
    video.volume = volume;
    void video.play().catch((failure) => {
      if (failure instanceof DOMException && failure.name === 'NotAllowedError') onSoundBlocked(true);
    });
  }, [stream, isSoundBlocked, volume]);
  return html`<video ref=${element} class="picture" playsinline autoplay aria-label=${name}></video>`;
}

/** A bar that shows how loud the microphone is. @param {{track: MediaStreamTrack|null}} props */
export function Loudness({track}) {
  const bar = useRef(/** @type {HTMLMeterElement|null} */ (null));
  useEffect(() => {
    if (!track) return undefined;
    const life = new AbortController();
    measureLoudness(track, (level) => {
      if (bar.current) bar.current.value = level;
    }, life.signal);
    return () => life.abort();
  }, [track]);
  return html`<meter ref=${bar} class="loudness" data-testid="mic-level" min="0" max="1" value="0"
    aria-label=${t('preview.loudness')}></meter>`;
}
