/** The record of one hearing: the film, each person's tracks, the timeline, the check values, who opened it. */
import {html} from '../html.js';
import {bytes, duration, t, when, word} from '../language.js';
import {Copy, Head} from './frame.js';
import {FormError} from './fields.js';
import {Icon} from './icons.js';
import {SignIn} from './sign-in.js';
import {Timeline} from './timeline.js';

/** @typedef {import('../recordings.js').Records} Records */
/** @typedef {import('../types.js').Manifest} Manifest */
/** @typedef {import('../types.js').TrackEntry} TrackEntry */

/** @param {{records: Records}} props */
export function RecordsApp({records}) {
  const {manifest, asksForSignIn, error} = records.state.value;
  return html`<div class="page desk">
    <${Head}><a class="head-link" href="/desk">${t('records.desk')}</a><//>
    <main class="desk-main" data-testid="recordings">
      <${FormError} text=${error} />
      ${asksForSignIn && html`<${SignIn} onSignIn=${records.signIn} lead=${t('signin.record_lead')} />`}
      ${!manifest && !asksForSignIn && !error && html`<div class="card"><div class="skeleton" aria-label=${t('loading')}></div></div>`}
      ${manifest && !asksForSignIn && html`<${Whole} records=${records} manifest=${manifest} />`}
    </main>
  </div>`;
}

/** @param {{records: Records, manifest: Manifest}} props */
function Whole({records, manifest}) {
  return html`
    <section class="card"><h1>${t('records.title')}</h1>
      <p><strong>${manifest.case_number}</strong> ${manifest.cause}</p>
      <p>${manifest.opened_at ? `${when(manifest.opened_at)} – ${manifest.ended_at ? when(manifest.ended_at, {timeStyle: 'short'}) : t('records.running')}` : t('records.not_opened')}
        <span class="chip ${manifest.sealed ? 'done' : 'live'}" data-testid="record-sealed">${t(manifest.sealed ? 'records.sealed' : 'records.unsealed')}</span></p>
      <${Film} base=${records.base} manifest=${manifest} />
    </section>
    <section class="card"><h2>${t('records.timeline')}</h2><${Timeline} manifest=${manifest} /></section>
    <section class="card" data-testid="tracks"><h2>${t('records.tracks')}</h2>
      <p class="hint">${t('records.tracks_words')}</p>
      ${manifest.tracks.length === 0 && html`<p class="empty">${t('records.no_tracks')}</p>`}
      <ul class="rows">${manifest.tracks.map((track) => html`<${Track} key=${track.track_id} base=${records.base} track=${track} />`)}</ul>
    </section>
    <section class="card"><h2>${t('records.check_value')}</h2><p>${t('records.check_value_words')}</p></section>
    <${Access} records=${records} />`;
}

/** @param {{base: string, manifest: Manifest}} props */
function Film({base, manifest}) {
  const {film} = manifest;
  const address = `${base}/composite.mp4`;
  if (film.state === 'ready') {
    return html`<div class="film">
      <video controls preload="metadata" playsinline src=${address} data-testid="film" aria-label=${t('records.film')}></video>
      <div class="pair"><a class="button primary" href="${address}?download=1" data-testid="btn-download-film"><${Icon} name="download" />
        ${t('records.download_film', {size: bytes(film.bytes), length: duration(film.duration_s)})}</a></div>
      <${CheckValue} value=${film.sha256} testid="film" />
    </div>`;
  }
  const percent = Math.round(film.progress * 100);
  return html`<div class="film-wait" role="status" data-testid="film-${film.state}">
    <p>${t(`film.${film.state}`, {percent})}</p>
    ${film.state === 'making' && html`<progress max="1" value=${film.progress} aria-label=${t('records.film')}></progress>`}
    ${film.state === 'waiting' && html`<progress aria-label=${t('records.film')}></progress>`}
  </div>`;
}

/** @param {{base: string, track: TrackEntry}} props */
function Track({base, track}) {
  const name = track.file.split('/').at(-1) ?? '';
  const address = `${base}/tracks/${encodeURIComponent(name)}`;
  const plays = !name.endsWith('.mkv'); // browsers don't open Matroska
  return html`<li class="row track" data-testid="track-${track.track_id}">
    <span class="row-main"><strong><span class="seat-label">${word('role', track.role)}</span> ${track.name} · ${t(`track.${track.kind}`)}</strong>
      <span class="hint">${t('track.from', {at: when(track.started_at, {timeStyle: 'medium'}), length: duration(track.duration_s), size: bytes(track.bytes)})}
        ${track.torn ? ` · ${t('track.torn')}` : ''}${track.sha256 ? '' : ` · ${t('track.growing')}`}</span></span>
    ${plays && (track.kind === 'audio'
    ? html`<audio controls preload="none" src=${address} aria-label=${track.name}></audio>`
    : html`<video controls preload="none" playsinline src=${address} aria-label=${track.name}></video>`)}
    <span class="pair"><a class="button small" href="${address}?download=1" download=${name}><${Icon} name="download" />${t('records.download')}</a></span>
    <${CheckValue} value=${track.sha256} testid=${track.track_id} />
  </li>`;
}

/** @param {{value: string|null, testid: string}} props */
function CheckValue({value, testid}) {
  if (!value) return null;
  return html`<details class="check-value"><summary>${t('records.check_value')} <code>${value.slice(0, 12)}…</code></summary>
    <code class="hash" data-testid="sha256-${testid}">${value}</code>
    <${Copy} text=${value} label=${t('records.copy_value')} testid="btn-copy-sha-${testid}" /></details>`;
}

/** @param {{records: Records}} props */
function Access({records}) {
  const {access} = records.state.value;
  return html`<section class="card" data-testid="access-log"><h2>${t('records.access')}</h2>
    ${!access && html`<button type="button" class="button" data-testid="btn-access" onClick=${records.readAccess}>${t('records.show_access')}</button>`}
    ${access?.length === 0 && html`<p class="empty">${t('records.no_access')}</p>`}
    ${access && access.length > 0 && html`<div class="table-box"><table>
      <thead><tr><th>${t('access.at')}</th><th>${t('access.who')}</th><th>${t('access.file')}</th></tr></thead>
      <tbody>${access.map((entry, at) => html`<tr key=${at}><td>${when(entry.at, {dateStyle: 'short', timeStyle: 'medium'})}</td>
        <td>${entry.name}</td><td><code>${entry.file}</code>${entry.range_from ? ` ${t('access.from', {at: bytes(entry.range_from)})}` : ''}</td></tr>`)}</tbody>
    </table></div>`}
  </section>`;
}
