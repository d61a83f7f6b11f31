/** Who played and who took away what of a record, and why: for the judge and the clerk. */
import {html, useSignal} from '../html.js';
import {bytes, t, when} from '../language.js';

/** @typedef {import('../recordings.js').Records} Records */
/** @typedef {import('../recordings.js').Opening} Opening */
/** @typedef {import('../types.js').Manifest} Manifest */

const SHOWN = 20;

/** @param {{records: Records, manifest: Manifest}} props */
export function Openings({records, manifest}) {
  const {openings} = records.state.value;
  const shown = useSignal(SHOWN);
  const newest = openings ? [...openings].reverse() : [];
  return html`<section class="card" data-testid="access-log"><h2>${t('records.access')}</h2>
    <p class="hint">${t('opened.words')}</p>
    ${!openings && html`<button type="button" class="button" data-testid="btn-access" onClick=${records.readOpenings}>${t('records.show_access')}</button>`}
    ${openings?.length === 0 && html`<p class="empty">${t('records.no_access')}</p>`}
    <ul class="rows">${newest.slice(0, shown.value).map((opening, at) => html`<${Row} key=${newest.length - at} opening=${opening} manifest=${manifest} />`)}</ul>
    ${newest.length > shown.value && html`<button type="button" class="button" data-testid="btn-more-access" onClick=${() => { shown.value += SHOWN; }}>${t('opened.more')}</button>`}
  </section>`;
}

/** @param {{opening: Opening, manifest: Manifest}} props */
function Row({opening, manifest}) {
  const act = opening.number !== null ? t('opened.copied', {number: opening.number}) : t('opened.played');
  const why = [opening.purpose && t(`purpose.${opening.purpose}`), opening.reason, opening.recipient && t('opened.for', {recipient: opening.recipient})];
  return html`<li class="row opening" data-testid="opening"><span class="row-main"><strong>${opening.name}</strong>
      <span>${act} · ${fileWords(opening.file, manifest)}</span>
      ${why.some(Boolean) && html`<span class="hint">${why.filter(Boolean).join(' · ')}</span>`}</span>
    <span class="row-side opening-side"><time datetime=${opening.at}>${when(opening.at, {dateStyle: 'medium', timeStyle: 'medium'})}</time>
      <span class="hint">${t('opened.sent', {size: bytes(opening.bytes)})}${opening.is_complete ? `${t('list.comma')}${t('opened.complete')}` : ''}${opening.range_from ? `${t('list.comma')}${t('access.from', {at: bytes(opening.range_from)})}` : ''}</span></span></li>`;
}

/** What a file is, in words. @param {string} file @param {Manifest} manifest */
function fileWords(file, manifest) {
  if (file === 'composite.mp4') return t('opened.film');
  if (file === 'record.zip') return t('opened.bundle');
  const redacted = /^redacted\/(\d+)\.zip$/.exec(file)?.[1];
  if (redacted) return t('opened.redacted', {number: Number(redacted)});
  const track = manifest.tracks.find((one) => one.file === file);
  return track ? `${track.name} · ${t(`track.${track.kind}`)}` : file;
}
