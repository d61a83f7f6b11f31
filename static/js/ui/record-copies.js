/** Taking a copy away: the question what it is for, and how far the copies of this page have come. */
import {html, useEffect, useRef, useSignal} from '../html.js';
import {bytes, t, when} from '../language.js';
import {PURPOSES} from '../recordings.js';
import {Field, FormError, fieldErrors} from './fields.js';
import {Dialog} from './frame.js';
import {Icon} from './icons.js';

/** @typedef {import('../recordings.js').Records} Records */
/** @typedef {import('../recordings.js').Ticket} Ticket */
/** @typedef {import('../types.js').Manifest} Manifest */
/** What the dialog begins with: the film, everything, or one track. @typedef {{subject: 'film'|'bundle'} | {subject: 'track'|'redacted', file: string}} Taken */

const REASON_LIMIT = 200;
const RECIPIENT_LIMIT = 60;

/** @param {{records: Records, manifest: Manifest, taken: Taken, onDone: () => void}} props */
export function CopyDialog({records, manifest, taken, onDone}) {
  const what = useSignal('file' in taken ? taken.file : taken.subject);
  const purpose = useSignal('');
  const reason = useSignal('');
  const isMarked = useSignal(false);
  const recipient = useSignal('');
  const errors = useSignal(/** @type {import('./fields.js').FieldErrors} */ ({}));
  const isFilm = what.value === 'film';
  const isRedacted = what.value.startsWith('redacted/');
  /** @param {boolean} isConfirmed */
  const answer = async (isConfirmed) => {
    if (!isConfirmed) return onDone();
    const subject = isFilm ? 'film' : what.value === 'bundle' ? 'bundle' : isRedacted ? 'redacted' : 'track';
    const chosen = /** @type {import('../recordings.js').Purpose} */ (purpose.value);
    const marked = isFilm && isMarked.value;
    try {
      const ticket = await records.takeCopy({subject, file: subject === 'track' || subject === 'redacted' ? what.value : '', purpose: chosen, reason: reason.value,
        is_marked: marked, recipient: recipient.value});
      onDone();
      if (ticket.state === 'ready') save(ticket);
    } catch (failure) {
      errors.value = fieldErrors(failure);
    }
  };
  return html`<${Dialog} title=${t('copy.title')} confirm=${t('copy.go')} testid="dialog-copy" onAnswer=${answer}>
    <p class="hint">${t('copy.lead')}</p>
    <${Choice} label=${t('copy.what')} testid="copy-what" value=${what}>
      ${manifest.film.state === 'ready' && html`<option value="film" selected=${isFilm}>${t('copy.what_film')}</option>`}
      ${manifest.sealed && html`<option value="bundle" selected=${what.value === 'bundle'}>${t('copy.what_bundle')}</option>`}
      ${isRedacted && html`<option value=${what.value} selected>${t('redact.number', {number: Number(/\d+/.exec(what.value)?.[0])})}</option>`}
      ${manifest.tracks.map((track) => html`<option key=${track.file} value=${track.file} selected=${what.value === track.file}>${track.name} · ${t(`track.${track.kind}`)} · ${when(track.started_at, {timeStyle: 'medium'})}</option>`)}
    <//>
    ${what.value === 'bundle' && html`<p class="hint">${t('copy.bundle_words')}</p>`}
    <${Choice} label=${t('copy.purpose')} testid="copy-purpose" value=${purpose} required>
      <option value="" selected=${purpose.value === ''}>${t('copy.choose')}</option>
      ${PURPOSES.map((one) => html`<option key=${one} value=${one} selected=${one === purpose.value}>${t(`purpose.${one}`)}</option>`)}
    <//>
    <label class="field ${errors.value['reason'] ? 'wrong' : ''}"><span>${t('copy.reason')}</span>
      <textarea rows="2" maxlength=${REASON_LIMIT} required=${purpose.value === 'other'} data-testid="copy-reason" aria-describedby="copy-reason-words"
        value=${reason.value} onInput=${(/** @type {Event} */ event) => { reason.value = /** @type {HTMLTextAreaElement} */ (event.target).value; }}></textarea>
      <span class="hint" id="copy-reason-words">${t('copy.reason_words')}</span></label>
    ${isFilm && html`<label class="check"><input type="checkbox" data-testid="copy-marked" checked=${isMarked.value}
        onChange=${(/** @type {Event} */ event) => { isMarked.value = /** @type {HTMLInputElement} */ (event.target).checked; }} /><span>${t('copy.marked')}</span></label>
      ${isMarked.value && html`<p class="hint">${t('copy.marked_words')}</p>`}`}
    ${(!isFilm || !isMarked.value) ? null : html`<${Field} label=${t('copy.recipient')} name="recipient" max=${RECIPIENT_LIMIT} value=${recipient.value}
      error=${errors.value['recipient']} onValue=${(/** @type {string} */ v) => { recipient.value = v; }} />`}
    <${FormError} text=${errors.value['']} /><//>`;
}

/** @param {{label: string, testid: string, value: import('../../vendor/signals.js').Signal<string>, required?: boolean, children?: import('../html.js').Children}} props */
function Choice({label, testid, value, required = false, children}) {
  return html`<label class="field"><span>${label}</span>
    <select required=${required} data-testid=${testid} onChange=${(/** @type {Event} */ event) => { value.value = /** @type {HTMLSelectElement} */ (event.target).value; }}>${children}</select></label>`;
}

/** Hand it to the browser, which saves, shows and resumes it as any download. @param {Ticket} ticket */
function save(ticket) {
  const link = document.createElement('a');
  link.href = ticket.url;
  link.download = ticket.name;
  document.body.append(link);
  link.click();
  link.remove();
}

/** @param {{records: Records}} props */
export function Copies({records}) {
  const {copies} = records.state.value;
  if (!copies.length) return null;
  return html`<section class="copies" aria-live="polite" data-testid="copies"><h3>${t('copy.yours')}</h3>
    <ul class="rows">${copies.map((ticket) => html`<${CopyRow} key=${ticket.id} ticket=${ticket} />`)}</ul></section>`;
}

/** A copy that had to be made is saved by itself when it is ready. @param {{ticket: Ticket}} props */
function CopyRow({ticket}) {
  const wasMaking = useRef(ticket.state === 'making');
  useEffect(() => {
    if (wasMaking.current && ticket.state === 'ready') save(ticket);
    wasMaking.current = ticket.state === 'making';
  }, [ticket.state]);
  const sent = ticket.bytes ? ticket.bytes_sent / ticket.bytes : 0;
  const percent = Math.floor((ticket.state === 'making' ? ticket.progress : sent) * 100);
  return html`<li class="row copy-row" data-testid="copy-${ticket.number}" data-state=${ticket.state}>
    <span class="row-main"><strong>${t('copy.number', {number: ticket.number})}</strong><span class="copy-name">${ticket.name}</span>
      ${ticket.state === 'failed' ? html`<span class="error" role="alert">${t(`copy.failed_${ticket.reason || 'failed'}`)}</span>` : html`<span class="hint">${copyWords(ticket, percent)}</span>`}
      ${(ticket.state === 'making' || (sent > 0 && sent < 1)) && html`<progress max="100" value=${percent} aria-label=${t('copy.number', {number: ticket.number})}></progress>`}
    </span>
    ${ticket.state === 'ready' && html`<a class="button ${sent ? '' : 'primary'}" href=${ticket.url} download=${ticket.name} data-testid="btn-save-${ticket.number}"><${Icon} name="download" />${t(sent ? 'copy.resume' : 'copy.save')}</a>`}
  </li>`;
}

/** @param {Ticket} ticket @param {number} percent */
function copyWords(ticket, percent) {
  if (ticket.state === 'making') return t('copy.making', {percent});
  const now = ticket.bytes_sent === 0 ? t('copy.ready', {size: bytes(ticket.bytes)}) : percent < 100 ? t('copy.saving', {percent}) : t('copy.saved');
  return `${now}${t('list.comma')}${t('copy.until', {at: when(ticket.expires_at)})}`;
}
