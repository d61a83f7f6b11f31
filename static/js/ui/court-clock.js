/** The court's own time, whatever this device thinks. */
import {html, useEffect, useSignal} from '../html.js';
import {clockTime, duration, t} from '../language.js';

/** @param {number} everyMs how often to look */
export function useNow(everyMs) {
  const now = useSignal(Date.now());
  useEffect(() => {
    const ticking = setInterval(() => {
      now.value = Date.now();
    }, everyMs);
    return () => clearInterval(ticking);
  }, [everyMs]);
  return now.value;
}

/** @param {{offsetMs: number}} props */
export function CourtClock({offsetMs}) {
  const now = useNow(1000) + offsetMs;
  return html`<time class="clock" data-testid="court-clock" aria-label=${t('clock.label')}>${clockTime(now)}</time>`;
}

/** How long the hearing has run. @param {{openedAt: string, offsetMs: number}} props */
export function Elapsed({openedAt, offsetMs}) {
  const now = useNow(1000) + offsetMs;
  return html`<span class="elapsed" title=${t('clock.elapsed')}>${duration((now - Date.parse(openedAt)) / 1000)}</span>`;
}
