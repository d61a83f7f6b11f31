/** Redacted copies of a film: what there is and how to take it away; judge and clerk say what is to be taken out. */
import {wallMs} from '../film-clock.js';
import {html, useEffect, useRef, useSignal} from '../html.js';
import {bytes, duration, t, when, word} from '../language.js';
import {createRedactions, filmSecond, MEANS, MOST_REDACTIONS, REDACTION_PURPOSES} from '../redactions.js';
import {Field, FormError, fieldErrors} from './fields.js';
import {Dialog} from './frame.js';
import {Icon} from './icons.js';

/** @typedef {import('../recordings.js').Records} Records */
/** @typedef {import('../types.js').Manifest} Manifest */
/** @typedef {import('../redactions.js').RedactedCopy} RedactedCopy */
/** @typedef {import('../redactions.js').RedactionDesk} RedactionDesk */
/** As it is typed: times of the film. @typedef {{from: string, to: string, means: import('../redactions.js').Means, participant: string, reason: string}} Draft */

const REASON_LIMIT = 200;

/** @param {{records: Records, manifest: Manifest, onTake: (taken: import('./record-copies.js').Taken) => void}} props */
export function Redactions({records, manifest, onTake}) {
  const desk = useRef(/** @type {RedactionDesk|null} */ (null));
  const isAsking = useSignal(false);
  const isThere = useSignal(false);
  useEffect(() => {
    const life = new AbortController();
    desk.current = createRedactions(records.base, life.signal);
    isThere.value = true;
    return () => life.abort();
  }, [records.base]);
  const list = isThere.value ? desk.current?.list.value : null;
  const mayMake = list?.may_redact && manifest.film.state === 'ready';
  if (!desk.current || !list || (!list.may_redact && !list.copies.length)) return null;
  return html`<section class="card" data-testid="redactions"><h2>${t('redact.title')}</h2><p>${t('redact.lead')}</p>
    ${list.copies.length > 0 && html`<ul class="rows">${list.copies.map((copy) => html`<${Row} key=${copy.number} copy=${copy} manifest=${manifest} onTake=${onTake} />`)}</ul>`}
    ${mayMake && html`<button type="button" class="button" data-testid="btn-redact" onClick=${() => { isAsking.value = true; }}>${t('redact.make')}</button>`}
    ${isAsking.value && html`<${RedactDialog} desk=${desk.current} records=${records} manifest=${manifest} onDone=${() => { isAsking.value = false; }} />`}</section>`;
}

/** @param {{copy: RedactedCopy, manifest: Manifest, onTake: (taken: import('./record-copies.js').Taken) => void}} props */
function Row({copy, manifest, onTake}) {
  const {number, purpose, note, state, progress, redactions, is_withheld: isWithheld} = copy;
  const percent = Math.floor(progress * 100);
  const by = seatWords(manifest, copy.ordered_by);
  return html`<li class="row" data-testid="redaction-${number}" data-state=${state}>
    <span class="row-main"><strong>${t('redact.number', {number})}</strong>
      <span>${t(`redact.purpose_${purpose}`)}${note && `${t('list.colon')}${note}`}</span>
      <span class="hint">${t('redact.ordered', {who: by, at: when(copy.ordered_at)})}${state === 'ready' ? `${t('list.comma')}${bytes(copy.bytes)}` : ''}</span>
      ${state === 'making' && html`<span class="hint" role="status">${t('redact.making', {percent})}</span><progress max="100" value=${percent} aria-label=${t('redact.number', {number})}></progress>`}
      ${state === 'failed' && html`<span class="error" role="alert">${t('redact.failed')}</span>`}
      ${isWithheld && html`<span class="error">${t('redact.withheld')}</span>`}
      <details><summary>${t('redact.what', {count: redactions.length})}</summary><ul class="plain">${redactions.map((one) => html`<li>${duration(one.from_ms / 1000)} – ${duration(one.to_ms / 1000)}${t('list.colon')}${t(`redact.means_${one.means}`)}${one.participant ? ` (${seatWords(manifest, one.participant)})` : ''}${t('list.comma')}${one.reason}</li>`)}</ul></details>
    </span>
    ${state === 'ready' && html`<button type="button" class="button" data-testid="btn-take-redacted-${number}" onClick=${() => onTake({subject: 'redacted', file: `redacted/${String(number).padStart(4, '0')}.zip`})}>
      <${Icon} name="download" />${t('redact.take')}</button>`}</li>`;
}

/** @param {Manifest} manifest @param {string} id */
function seatWords({seats}, id) {
  const seat = seats.find(({participant_id: person}) => person === id);
  return seat ? `${word('role', seat.role)} ${seat.name}` : id;
}

/** @returns {Draft} */
const draft = () => ({from: '', to: '', means: 'bleep', participant: '', reason: ''});

/** @param {{desk: RedactionDesk, records: Records, manifest: Manifest, onDone: () => void}} props */
function RedactDialog({desk, records, manifest, onDone}) {
  const purpose = useSignal(/** @type {import('../redactions.js').RedactionPurpose} */ ('publication'));
  const note = useSignal('');
  const drafts = useSignal([draft()]);
  const errors = useSignal(/** @type {import('./fields.js').FieldErrors} */ ({}));
  /** @param {boolean} isConfirmed */
  const answer = async (isConfirmed) => {
    if (!isConfirmed) return onDone();
    const {sections} = records.state.value.marks;
    const wrong = drafts.value.findIndex((one) => !isInFilm(one, manifest.film.duration_s));
    if (wrong >= 0) {
      errors.value = {'': t('redact.wrong_times', {number: wrong + 1, length: duration(manifest.film.duration_s)})};
      return;
    }
    try {
      await desk.make({purpose: purpose.value, note: note.value, redactions: drafts.value.map((one) => ({
        began_at: momentOf(sections, one.from), ended_at: momentOf(sections, one.to), means: one.means, reason: one.reason,
        participant: takesPerson(one.means) && one.participant ? one.participant : null}))});
      onDone();
    } catch (failure) {
      errors.value = fieldErrors(failure);
    }
  };
  /** @param {number} at @param {Partial<Draft>} change */
  const change = (at, change) => { drafts.value = drafts.value.map((one, place) => (place === at ? {...one, ...change} : one)); };
  return html`<${Dialog} title=${t('redact.make')} confirm=${t('redact.go')} testid="dialog-redact" onAnswer=${answer}>
    <p class="hint">${t('redact.words')}</p>
    <${Choice} label=${t('redact.purpose')} testid="redact-purpose" value=${purpose.value} onValue=${(/** @type {any} */ value) => { purpose.value = value; }}
      options=${REDACTION_PURPOSES.map((one) => [one, t(`redact.purpose_${one}`)])} />
    <${Field} label=${t('redact.note')} name="note" max=${REASON_LIMIT} required=${purpose.value === 'other'} value=${note.value} onValue=${(/** @type {string} */ value) => { note.value = value; }} />
    ${drafts.value.map((one, at) => html`<${OneRedaction} key=${at} one=${one} at=${at} manifest=${manifest} onChange=${change}
      onDrop=${drafts.value.length > 1 ? () => { drafts.value = drafts.value.filter((_, place) => place !== at); } : null} />`)}
    <button type="button" class="button small" data-testid="btn-more-redactions" disabled=${drafts.value.length >= MOST_REDACTIONS} onClick=${() => { drafts.value = [...drafts.value, draft()]; }}>${t('redact.more')}</button>
    <${FormError} text=${errors.value['']} /><//>`;
}

/** @param {{one: Draft, at: number, manifest: Manifest, onChange: (at: number, change: Partial<Draft>) => void, onDrop: (() => void)|null}} props */
function OneRedaction({one, at, manifest, onChange, onDrop}) {
  const people = manifest.seats.map((seat) => [seat.participant_id, seatWords(manifest, seat.participant_id)]);
  const nobody = [['', t(one.means === 'cover' ? 'copy.choose' : 'redact.everyone')]];
  return html`<fieldset class="redaction" data-testid="redaction-draft-${at + 1}"><legend>${t('redact.one', {number: at + 1})}</legend>
    <div class="redaction-times">
      <${Field} label=${t('redact.from')} name="from" placeholder="0:12:30" max=${12} value=${one.from} onValue=${(/** @type {string} */ from) => onChange(at, {from})} />
      <${Field} label=${t('redact.to')} name="to" placeholder="0:12:45" max=${12} value=${one.to} onValue=${(/** @type {string} */ to) => onChange(at, {to})} /></div>
    <${Choice} label=${t('redact.means')} testid="redact-means" value=${one.means} onValue=${(/** @type {any} */ means) => onChange(at, {means})} options=${MEANS.map((each) => [each, t(`redact.means_${each}`)])} />
    ${takesPerson(one.means) && html`<${Choice} label=${t('redact.person')} testid="redact-person" value=${one.participant} required=${one.means === 'cover'}
      onValue=${(/** @type {string} */ participant) => onChange(at, {participant})} options=${[...nobody, ...people]} />`}
    <${Field} label=${t('redact.reason')} name="reason" max=${REASON_LIMIT} value=${one.reason} onValue=${(/** @type {string} */ reason) => onChange(at, {reason})} />
    ${onDrop && html`<button type="button" class="button small quiet" onClick=${onDrop}>${t('redact.drop')}</button>`}</fieldset>`;
}

/** @param {{label: string, testid: string, value: string, options: string[][], required?: boolean, onValue: (value: string) => void}} props */
function Choice({label, testid, value, options, required = false, onValue}) {
  return html`<label class="field"><span>${label}</span><select data-testid=${testid} required=${required} onChange=${(/** @type {Event} */ event) => onValue(/** @type {HTMLSelectElement} */ (event.target).value)}>
    ${options.map(([key, words]) => html`<option key=${key} value=${key} selected=${key === value}>${words}</option>`)}</select></label>`;
}

/** @param {import('../redactions.js').Means} means */
const takesPerson = (means) => means === 'cover' || means === 'bleep';

/** @param {Draft} one @param {number} length_s */
function isInFilm({from, to}, length_s) {
  const [began, ended] = [filmSecond(from), filmSecond(to)];
  return began !== null && ended !== null && began < ended && ended <= Math.ceil(length_s);
}

/** The moment of the hearing that a time of the film shows. @param {import('../film-clock.js').FilmSection[]} sections @param {string} text */
const momentOf = (sections, text) => new Date(wallMs(sections, filmSecond(text) ?? 0) ?? 0).toISOString();
