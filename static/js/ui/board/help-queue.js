/** Calls for help: oldest first, each with an owner. */
import {html} from '../../html.js';
import {t, when, word} from '../../language.js';

/** @param {{court: import('../../hearing.js').Court, view: import('../../types.js').View}} props */
export function HelpQueue({court, view}) {
  const open = view.lobby.help.filter((task) => task.closed_at === null);
  const nameOf = (/** @type {string|null} */ id) => {
    const person = view.lobby.board.find((line) => line.participant_id === id);
    return person ? `${word('role', person.role)} ${person.name}` : '';
  };
  return html`<section class="panel-part board-queue" aria-labelledby="queue-title" data-testid="help-queue">
    <h3 id="queue-title">${t('board.help', {count: open.length})}</h3>
    ${open.length === 0 && html`<p class="hint">${t('board.no_help')}</p>`}
    <ul class="queue">${open.map((task) => html`<li key=${task.id} class="queue-line ${task.owner ? '' : 'calls'}" data-testid="task-${task.problem}-${task.participant_id}">
      <div><p><strong>${nameOf(task.participant_id)}</strong> · ${t(`help.problem_${task.problem}`)}</p>
        <p class="hint"><time>${when(task.asked_at, {timeStyle: 'short'})}</time> · ${task.owner ? t('board.owner', {who: nameOf(task.owner)}) : t('board.nobody_owns')}</p></div>
      <div class="pair">${task.owner !== view.you.id && html`<button type="button" class="button small" data-testid="btn-take-${task.id}"
        onClick=${() => court.intents.takeHelp(task.id)}>${t('board.take')}</button>`}
        <button type="button" class="button small" data-testid="btn-close-task-${task.id}" onClick=${() => court.intents.closeHelp(task.id)}>${t('board.close_task')}</button></div></li>`)}</ul>
  </section>`;
}
