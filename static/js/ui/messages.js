/** Messages between one person and the court; nobody else reads them, but they stay with the hearing. */
import {html, signal, useEffect, useRef, useSignal} from '../html.js';
import {t, when, word} from '../language.js';
import {may} from '../stage.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */
/** @typedef {import('../types.js').Message} Message */

const seenUpTo = signal(0);

/** Messages of the court that this page has not shown yet. @param {View} view */
export function unread(view) {
  return view.lobby.messages.filter((message) => message.by_court && message.seq > seenUpTo.value).length;
}

/** Your own messages, and a line to write one. @param {{court: Court, view: View}} props */
export function Conversation({court, view}) {
  return html`<section class="conversation" aria-label=${t('messages.title')} data-testid="conversation">
    <h3>${t('messages.title')}</h3><p class="hint">${t('messages.words')}</p>
    <${Lines} view=${view} messages=${view.lobby.messages} />
    <${WriteLine} onSend=${(/** @type {string} */ text) => court.intents.sendMessage(text)} />
  </section>`;
}

/** @param {{view: View, messages: Message[]}} props */
export function Lines({view, messages}) {
  const list = useRef(/** @type {HTMLElement|null} */ (null));
  const last = messages.at(-1)?.seq ?? 0;
  useEffect(() => {
    if (last > seenUpTo.peek()) seenUpTo.value = last;
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [last]);
  return html`<div class="lines" ref=${list} role="log" aria-live="polite" tabindex="0">${messages.map((message) => html`<div key=${message.seq}
    class="line ${isOwn(view, message) ? 'own' : ''}" data-testid="message">
    <p class="line-who">${writerOf(view, message)} <time>${when(message.at, {timeStyle: 'short'})}</time></p><p class="line-text">${message.text}</p></div>`)}</div>`;
}

/** @param {View} view @param {Message} message */
function isOwn(view, message) {
  return may(view, 'run_check_in') ? message.by_court : message.participant_id === view.you.id;
}

/** @param {View} view @param {Message} message */
function writerOf(view, message) {
  if (!may(view, 'run_check_in')) return t(message.by_court ? (message.to ? 'messages.court' : 'messages.court_to_all') : 'messages.you');
  const name = (/** @type {string|null} */ id) => {
    const person = view.lobby.board.find((line) => line.participant_id === id);
    return person ? `${word('role', person.role)} ${person.name}` : '';
  };
  return message.by_court ? `${name(message.participant_id)} → ${message.to ? name(message.to) : t('messages.everyone')}` : name(message.participant_id);
}

/** @param {{onSend: (text: string) => Promise<boolean>, label?: string}} props */
export function WriteLine({onSend, label = t('messages.write')}) {
  const text = useSignal('');
  const isBusy = useSignal(false);
  const send = async () => {
    if (!text.value.trim() || isBusy.value) return;
    isBusy.value = true;
    if (await onSend(text.value.trim())) text.value = '';
    isBusy.value = false;
  };
  // Not a form: it may stand inside a dialog's own.
  return html`<div class="write-line"><input type="text" maxlength="500" aria-label=${label} placeholder=${label} data-testid="message-text" value=${text.value}
      onInput=${(/** @type {Event} */ event) => { text.value = /** @type {HTMLInputElement} */ (event.target).value; }}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    void send();
  }} />
    <button type="button" class="button primary" data-testid="btn-send" disabled=${isBusy.value || !text.value.trim()} onClick=${send}>${t('messages.send')}</button></div>`;
}
