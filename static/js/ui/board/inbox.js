/** The desk's messages: everyone's, or one person's; answers go to one person, or to all who are here. */
import {html} from '../../html.js';
import {t, word} from '../../language.js';
import {Lines, WriteLine} from '../messages.js';

/** @typedef {import('../../../vendor/signals.js').Signal<string|null>} Chosen */

/** @param {{court: import('../../hearing.js').Court, view: import('../../types.js').View, to: Chosen}} props */
export function Inbox({court, view, to}) {
  const {board, messages} = view.lobby;
  const people = board.filter(({role}) => role !== 'judge' && role !== 'clerk');
  const shown = to.value === null ? messages
    : messages.filter((message) => (message.by_court ? message.to === to.value || message.to === null : message.participant_id === to.value));
  return html`<section class="panel-part inbox" aria-labelledby="inbox-title" data-testid="inbox">
    <h3 id="inbox-title">${t('board.messages')}</h3>
    <${Lines} view=${view} messages=${shown} />
    <label class="field"><span>${t('board.message_to')}</span>
      <select data-testid="message-to" value=${to.value ?? ''} onChange=${(/** @type {Event} */ event) => {
    to.value = /** @type {HTMLSelectElement} */ (event.target).value || null;
  }}><option value="" selected=${to.value === null}>${t('messages.everyone')}</option>
        ${people.map((line) => html`<option key=${line.participant_id} value=${line.participant_id} selected=${to.value === line.participant_id}>
          ${word('role', line.role)} ${line.name}</option>`)}</select></label>
    <${WriteLine} label=${t('board.write_here')} onSend=${(/** @type {string} */ text) => court.intents.sendMessage(text, to.value)} />
    ${to.value === null && html`<p class="hint">${t('board.to_everyone_words')}</p>`}
  </section>`;
}
