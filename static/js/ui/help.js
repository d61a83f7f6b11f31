/** Help and a word with the court, two touches from anywhere: one task per problem, and messages to the court alone. */
import {html, useSignal} from '../html.js';
import {t} from '../language.js';
import {may} from '../stage.js';
import {DiagnosisButton} from './diagnosis.js';
import {Dialog} from './frame.js';
import {Icon} from './icons.js';
import {Conversation, unread} from './messages.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */
/** @typedef {import('../types.js').HelpProblem} HelpProblem */

const PROBLEMS = /** @type {HelpProblem[]} */ (['sound', 'microphone', 'camera', 'connection', 'identity', 'other']);

/** Not for the court's own people: they answer. @param {{court: Court, view: View, place: 'head'|'foot'}} props */
export function HelpButton({court, view, place}) {
  const isOpen = useSignal(false);
  if (may(view, 'run_check_in')) return null;
  const count = unread(view);
  return html`<button type="button" class=${place === 'foot' ? 'foot-button' : 'button quiet help-head'} data-testid="btn-help" aria-haspopup="dialog" aria-keyshortcuts="C"
    onClick=${() => { isOpen.value = true; }}><${Icon} name="help" /><span>${t('help.button')}</span>
    ${count > 0 && html`<b class="count" aria-label=${t('messages.unread', {count})}>${count}</b>`}</button>
    ${isOpen.value && html`<${Dialog} title=${t('help.title')} confirm=${t('dialog.done')} asks=${false} testid="help-dialog"
      onAnswer=${() => { isOpen.value = false; }}><${HelpDesk} court=${court} view=${view} /><//>`}`;
}

/** @param {{court: Court, view: View}} props */
export function HelpDesk({court, view}) {
  const open = view.lobby.help.filter((task) => task.closed_at === null && task.participant_id === view.you.id);
  const asked = new Set(open.map(({problem}) => problem));
  return html`
    ${open.length > 0 && html`<ul class="help-open">${open.map((task) => html`<li key=${task.id} class="help-line" data-testid="own-help-${task.problem}">
      <div><p><strong>${t(`help.problem_${task.problem}`)}</strong></p><p class="hint" role="status">${t(task.owner ? 'help.taken' : 'help.waiting')}</p></div>
      <button type="button" class="button small" data-testid="btn-solved-${task.id}" onClick=${() => court.intents.closeHelp(task.id)}>${t('help.solved')}</button></li>`)}</ul>`}
    <p>${t('help.what')}</p>
    <div class="help-choices">${PROBLEMS.filter((problem) => !asked.has(problem)).map((problem) => html`<button type="button" key=${problem} class="button"
      data-testid="btn-help-${problem}" onClick=${() => court.intents.askHelp(problem)}>${t(`help.problem_${problem}`)}</button>`)}</div>
    <${Conversation} court=${court} view=${view} />
    <${DiagnosisButton} court=${court} />`;
}
