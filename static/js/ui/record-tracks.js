/** Each person's own sound and picture: who, when, how long, how it is coded; played alone, one at a time. */
import {html, useSignal} from '../html.js';
import {bytes, duration, t, when, word} from '../language.js';
import {Copy} from './frame.js';
import {Icon} from './icons.js';

/** @typedef {import('../recordings.js').Records} Records */
/** @typedef {import('../types.js').TrackEntry} TrackEntry */

/** @type {Record<string, string>} */
const CODECS = {opus: 'Opus', vp8: 'VP8', h264: 'H.264'};

/** They stand open until there is a film to look at. @param {{records: Records, tracks: TrackEntry[], hasFilm: boolean, onCopy: (file: string) => void}} props */
export function Tracks({records, tracks, hasFilm, onCopy}) {
  const playing = useSignal('');
  /** @type {Map<string, TrackEntry[]>} */
  const people = new Map();
  for (const track of tracks) people.set(track.participant_id, [...(people.get(track.participant_id) ?? []), track]);
  return html`<section class="card" data-testid="tracks"><h2>${t('records.tracks')}</h2>
    <p class="hint">${t('records.tracks_words')}</p>
    ${tracks.length === 0 && html`<p class="empty">${t('records.no_tracks')}</p>`}
    ${[...people].map(([id, own]) => html`<details key=${id} class="speaker" open=${!hasFilm} data-testid="speaker-${id}">
      <summary><span class="seat-label">${word('role', own[0]?.role ?? '')}</span> <strong>${own[0]?.name}</strong> <span class="hint">${t('tracks.count', {count: own.length})}</span></summary>
      <ul class="rows">${own.map((track) => html`<${Track} key=${track.track_id} base=${records.base} track=${track} playing=${playing} onCopy=${onCopy} />`)}</ul></details>`)}
  </section>`;
}

/** @param {{base: string, track: TrackEntry, playing: import('../../vendor/signals.js').Signal<string>, onCopy: (file: string) => void}} props */
function Track({base, track, playing, onCopy}) {
  const name = track.file.split('/').at(-1) ?? '';
  const address = `${base}/tracks/${encodeURIComponent(name)}`;
  const plays = !name.endsWith('.mkv'); // browsers don't open Matroska
  const isOpen = playing.value === track.track_id;
  return html`<li class="row track" data-testid="track-${track.track_id}">
    <span class="row-main"><strong>${t(`track.${track.kind}`)}</strong>
      <span class="hint">${t('track.from', {at: when(track.started_at, {timeStyle: 'medium'}), length: duration(track.duration_s), size: bytes(track.bytes)})}
        · ${t('tracks.codec', {name: CODECS[track.codec] ?? track.codec})}${track.torn ? ` · ${t('track.torn')}` : ''}${track.sha256 ? '' : ` · ${t('track.growing')}`}</span></span>
    <span class="pair">
      ${plays && html`<button type="button" class="button small" aria-expanded=${isOpen} data-testid="btn-listen-${track.track_id}"
        onClick=${() => { playing.value = isOpen ? '' : track.track_id; }}>${t(isOpen ? 'tracks.hide' : 'tracks.listen')}</button>`}
      <button type="button" class="button small" data-testid="btn-copy-${track.track_id}" onClick=${() => onCopy(track.file)}><${Icon} name="download" />${t('records.download')}</button></span>
    ${!plays && html`<p class="hint track-words">${t('tracks.no_browser')}</p>`}
    ${isOpen && (track.kind === 'audio'
    ? html`<audio controls autoplay preload="metadata" src=${address} aria-label=${track.name}></audio>`
    : html`<video controls autoplay preload="metadata" playsinline src=${address} aria-label=${track.name}></video>`)}
    <${CheckValue} value=${track.sha256} testid=${track.track_id} />
  </li>`;
}

/** @param {{value: string|null, testid: string}} props */
export function CheckValue({value, testid}) {
  if (!value) return null;
  return html`<details class="check-value"><summary>${t('records.check_value')} <code>${value.slice(0, 12)}…</code></summary>
    <code class="hash" data-testid="sha256-${testid}">${value}</code>
    <${Copy} text=${value} label=${t('records.copy_value')} testid="btn-copy-sha-${testid}" /></details>`;
}
