/** The record of one hearing: the film with its marks, each person's tracks, copies to take away, who opened it. */
import {html, useSignal} from '../html.js';
import {bytes, duration, t, when} from '../language.js';
import {FormError} from './fields.js';
import {Head} from './frame.js';
import {Icon} from './icons.js';
import {Copies, CopyDialog} from './record-copies.js';
import {Marks} from './record-marks.js';
import {Openings} from './record-openings.js';
import {Orders, SealBench} from './record-orders.js';
import {Player} from './record-player.js';
import {Redactions} from './record-redactions.js';
import {Retention, isGone} from './record-retention.js';
import {CheckValue, Tracks} from './record-tracks.js';
import {SignIn} from './sign-in.js';
import {Timeline} from './timeline.js';

/** @typedef {import('../recordings.js').Records} Records */
/** @typedef {import('../types.js').Manifest} Manifest */
/** @typedef {import('./record-copies.js').Taken} Taken */

/** @param {{records: Records}} props */
export function RecordsApp({records}) {
  const {manifest, asksForSignIn, error} = records.state.value;
  return html`<div class="page desk">
    <${Head}><a class="head-link" href="/recordings" data-testid="link-archive">${t('archive.link')}</a><//>
    <main class="desk-main record-main" data-testid="recordings">
      <${FormError} text=${error} />
      ${asksForSignIn && html`<${SignIn} onSignIn=${records.signIn} lead=${t('signin.record_lead')} />`}
      ${!manifest && !asksForSignIn && !error && html`<div class="card"><div class="skeleton" aria-label=${t('loading')}></div></div>`}
      ${manifest && !asksForSignIn && html`<${Whole} records=${records} manifest=${manifest} />`}
    </main>
  </div>`;
}

/** @param {{records: Records, manifest: Manifest}} props */
function Whole({records, manifest}) {
  const taken = useSignal(/** @type {Taken|null} */ (null));
  const take = (/** @type {Taken} */ wanted) => { taken.value = wanted; };
  return html`
    <section class="card"><h1>${t('records.title')}</h1>
      <p><strong>${manifest.case_number}</strong> ${manifest.cause}</p>
      <p>${manifest.opened_at ? `${when(manifest.opened_at)} – ${manifest.ended_at ? when(manifest.ended_at, {timeStyle: 'short'}) : t('records.running')}` : t('records.not_opened')}
        <span class="chip ${manifest.sealed ? 'done' : 'live'}" data-testid="record-sealed">${t(manifest.sealed ? 'records.sealed' : 'records.unsealed')}</span></p>
      <${Film} records=${records} manifest=${manifest} onTake=${take} />
      <${Copies} records=${records} />
    </section>
    <${Orders} records=${records} />
    <${Redactions} records=${records} manifest=${manifest} onTake=${take} />
    ${!isGone(records.state.value.retention, 'record') && html`<${Tracks} records=${records} tracks=${manifest.tracks} hasFilm=${manifest.film.state === 'ready'} onCopy=${(/** @type {string} */ file) => take({subject: 'track', file})} />`}
    <${Retention} retention=${records.state.value.retention} />
    <section class="card"><h2>${t('records.timeline')}</h2><${Timeline} manifest=${manifest} /></section>
    <section class="card"><h2>${t('records.check_value')}</h2><p>${t('records.check_value_words')}</p></section>
    <${Openings} records=${records} manifest=${manifest} />
    ${taken.value && html`<${CopyDialog} records=${records} manifest=${manifest} taken=${taken.value} onDone=${() => { taken.value = null; }} />`}`;
}

/** @param {{records: Records, manifest: Manifest, onTake: (taken: Taken) => void}} props */
function Film({records, manifest, onTake}) {
  const {film} = manifest;
  const told = records.state.value.marks;
  const isWhole = records.state.value.orders?.may_order || told.sealed.length === 0; // with holes there is no zip
  const bundle = manifest.sealed && isWhole && html`<button type="button" class="button" data-testid="btn-take-bundle" onClick=${() => onTake({subject: 'bundle'})}>
    <${Icon} name="download" />${t('copy.bundle')}</button>`;
  if (film.state === 'ready') {
    const {orders} = records.state.value;
    const making = !orders?.may_order && orders?.copies.find(({file}) => file === film.file);
    if (making) return html`<div class="film-wait" role="status" data-testid="film-withheld"><p>${t('orders.wait', {percent: Math.floor(making.progress * 100)})}</p><progress max="1" value=${making.progress} aria-label=${t('records.film')}></progress></div>`;
    const below = (/** @type {number} */ second, /** @type {(second: number) => void} */ onSeek) => manifest.sealed && html`<${SealBench} records=${records} told=${told} second=${second} onSeek=${onSeek} />`;
    return html`<div class="film"><${Player} key=${orders?.may_order ? '' : holeKey(told)} address="${records.base}/composite.mp4" told=${told} below=${below} />
      <div class="pair"><button type="button" class="button primary" data-testid="btn-take-film" onClick=${() => onTake({subject: 'film'})}>
        <${Icon} name="download" />${t('copy.film')}</button>${bundle}
        <span class="hint">${duration(film.duration_s)} · ${bytes(film.bytes)}</span></div>
      <${CheckValue} value=${film.sha256} testid="film" />
      ${!isWhole && html`<p class="hint" data-testid="value-of-whole">${t('orders.value_of_whole')}</p>`}
    </div>`;
  }
  const percent = Math.round(film.progress * 100);
  return html`<div class="film-wait" role="status" data-testid="film-${film.state}">
      <p>${isGone(records.state.value.retention, 'film') ? t('retention.film_gone') : t(`film.${film.state}`, {percent})}</p>
      ${film.state === 'making' && html`<progress max="1" value=${film.progress} aria-label=${t('records.film')}></progress>`}
      ${film.state === 'waiting' && html`<progress aria-label=${t('records.film')}></progress>`}
      ${manifest.tracks.length > 0 && html`<p class="hint">${t('play.no_film')}</p>`}
    </div>
    ${bundle && html`<div class="pair">${bundle}</div>`}
    ${told.marks.length > 0 && html`<${Marks} marks=${told.marks.map((mark) => ({...mark, film_s: null}))} second=${-1} onSeek=${() => undefined} />`}`;
}

/** Another film is played when other spans are sealed. @param {import('../film-clock.js').MarkList} told */
const holeKey = (told) => told.sealed.map(({order}) => order).join();
