/** The judge's written statement about faults of the recording: a draft from the log, to be changed and confirmed. */
import {html, useSignal} from '../html.js';
import {language, t} from '../language.js';
import {courtSits, openFault} from '../stage.js';
import {Dialog} from './frame.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */

/**
 * @param {{court: Court, view: View, onDone: (isStated: boolean) => void}} props
 */
export function FaultStatement({court, view, onDone}) {
  const draft = view.record?.fault_draft;
  const text = useSignal(draft ? (language.value === 'zh-CN' ? draft.zh_cn : draft.en) : '');
  return html`<${Dialog} title=${t('fault.state_title')} confirm=${t('fault.state')} testid="dialog-statement"
    onAnswer=${async (/** @type {boolean} */ isConfirmed) => {
    if (!isConfirmed) return onDone(false);
    if (text.value.trim()) onDone(await court.intents.stateFault(text.value.trim()));
  }}><p>${t('fault.state_words')}</p>
    <label class="field"><span>${t('fault.state_label')}</span>
      <textarea rows="8" maxlength="2000" required data-testid="statement-text" value=${text.value}
        onInput=${(/** @type {Event} */ event) => { text.value = /** @type {HTMLTextAreaElement} */ (event.target).value; }}></textarea></label>
  <//>`;
}

/** On the judge's desk, while a statement is lacking. @param {{court: Court, view: View}} props */
export function UnstatedFaults({court, view}) {
  const isStating = useSignal(false);
  const draft = view.record?.fault_draft;
  if ((!draft || (courtSits(view) && openFault(view))) && !isStating.value) return null;
  return html`<section class="notice" data-testid="unstated">
    ${draft && html`<p>${t('fault.unstated', {faults: draft.faults})}</p>`}
    <button type="button" class="button" data-testid="btn-state-fault" onClick=${() => { isStating.value = true; }}>${t('fault.state')}</button>
    ${isStating.value && html`<${FaultStatement} court=${court} view=${view} onDone=${() => { isStating.value = false; }} />`}
  </section>`;
}
