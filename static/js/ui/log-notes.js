/** Log notes in the courtroom: one line to write down this moment, and the last ones written. Bench and clerk only. */
import {html, useEffect, useRef, useSignal} from '../html.js';
import {clockTime, t, word} from '../language.js';
import {may} from '../stage.js';

/** @typedef {import('../types.js').View} View */

const TEXT_LIMIT = 500;
const SHOWN = 3;

/** @param {{court: import('../hearing.js').Court, view: View}} props */
export function LogNotes({court, view}) {
  if (!may(view, 'read_notes') || !view.opened_at) return null;
  const newest = [...view.notes].reverse().slice(0, SHOWN);
  return html`<section class="panel-part log-notes" aria-labelledby="notes-title"><h3 id="notes-title">${t('note.title')}</h3>
    ${may(view, 'write_notes') && !view.ended_at && html`<${Line} court=${court} />`}
    <ol class="log-note-list" data-testid="log-notes" aria-live="polite">${newest.map((note) => html`<li key=${note.seq}>
      <time class="hint" datetime=${note.at}>${clockTime(Date.parse(note.at))}</time> <span>${note.text}</span> <span class="hint">${writer(view, note.participant_id)}</span></li>`)}</ol>
  </section>`;
}

/** @param {View} view @param {string} id */
function writer(view, id) {
  const person = view.people.find((one) => one.id === id);
  return person ? word('role', person.role) : '';
}

/** @param {{court: import('../hearing.js').Court}} props */
function Line({court}) {
  const field = useRef(/** @type {HTMLInputElement|null} */ (null));
  const text = useSignal('');
  const isBusy = useSignal(false);
  useEffect(() => {
    const listening = new AbortController();
    addEventListener('keydown', (event) => {
      if (event.key.toLowerCase() !== 'n' || !isFree(event) || !field.current?.offsetParent) return;
      event.preventDefault();
      field.current.focus();
    }, {signal: listening.signal});
    return () => listening.abort();
  }, []);
  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault();
    if (!text.value.trim() || isBusy.value) return;
    isBusy.value = true;
    if (await court.intents.addNote(text.value)) text.value = '';
    isBusy.value = false;
  };
  return html`<form class="log-note-line" onSubmit=${submit}>
    <label class="field"><span>${t('note.label')}</span>
      <input ref=${field} type="text" maxlength=${TEXT_LIMIT} autocomplete="off" aria-keyshortcuts="n" aria-describedby="note-hint" data-testid="note-text" value=${text.value}
        onInput=${(/** @type {Event} */ event) => { text.value = /** @type {HTMLInputElement} */ (event.target).value; }}
        onKeyDown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape') field.current?.blur(); }} /></label>
    <button type="submit" class="button" data-testid="btn-add-note" disabled=${!text.value.trim() || isBusy.value}>${t('note.add')}</button>
    <p class="hint wide-only" id="note-hint">${t('note.hint')}</p></form>`;
}

/** True while nobody writes, chooses or answers a dialog. @param {KeyboardEvent} event */
function isFree(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  return !(/** @type {HTMLElement} */ (event.target).closest('input, select, textarea, dialog'));
}
