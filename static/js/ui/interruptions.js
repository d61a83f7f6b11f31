/** The rarer acts, behind "more": suspend, adjourn, go on in the courthouse, cancel. */
import {isWide} from '../appearance.js';
import {html, useSignal} from '../html.js';
import {t} from '../language.js';
import {courtSits, may} from '../stage.js';
import {NoteField} from './bench.js';
import {FaultStatement} from './fault-statement.js';
import {Dialog} from './frame.js';

/** @typedef {import('../types.js').View} View */
/** @typedef {'suspend'|'adjourn'|'convert_offline'|'cancel_hearing'} Kind */

/** @param {View} view @returns {Kind[]} */
function possible(view) {
  /** @type {Kind[]} */
  const kinds = [];
  const isBefore = view.session === 'scheduled' || view.session === 'lobby_open';
  if (may(view, 'suspend') && (courtSits(view) || view.session === 'countdown')) kinds.push('suspend');
  if (may(view, 'adjourn')) kinds.push('adjourn', 'convert_offline');
  if (may(view, 'cancel') && isBefore) kinds.push('cancel_hearing');
  return kinds;
}

/** What ends an opened hearing waits for the statement about its faults. @param {View} view @param {Kind} kind */
function lacksStatement(view, kind) {
  return kind !== 'suspend' && Boolean(view.record?.fault_draft);
}

/** @param {{court: import('../hearing.js').Court, view: View}} props */
export function Interruptions({court, view}) {
  const asked = useSignal(/** @type {Kind|null} */ (null));
  const note = useSignal('');
  const kinds = possible(view);
  if (!kinds.length) return null;
  /** @param {Kind} kind */
  const choose = (kind) => {
    note.value = '';
    asked.value = kind;
  };
  const kind = asked.value;
  return html`<details class="more" open=${!isWide.value} data-testid="more-acts"><summary>${t('more.title')}</summary>
    <div class="more-acts">
      ${kinds.map((each) => html`<button key=${each} type="button" class="button" data-testid="btn-${each}"
        onClick=${() => choose(each)}>${t(`more.${each}`)}</button>`)}
    </div>
    ${kind && lacksStatement(view, kind) && html`<${FaultStatement} court=${court} view=${view}
      onDone=${(/** @type {boolean} */ isStated) => { if (!isStated) asked.value = null; }} />`}
    ${kind && !lacksStatement(view, kind) && html`<${Dialog} title=${t(`more.${kind}`)} confirm=${t(`more.${kind}`)} tone="danger"
      onAnswer=${(/** @type {boolean} */ isConfirmed) => {
    asked.value = null;
    if (isConfirmed) void court.intents.interrupt(kind, note.value);
  }}><p>${t(`more.${kind}_words`)}</p><${NoteField} note=${note} label=${t('more.note')} /><//>`}
  </details>`;
}
