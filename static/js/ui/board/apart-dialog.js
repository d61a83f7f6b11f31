/** Whom the court keeps a person apart from. */
import {html, useSignal} from '../../html.js';
import {t, word} from '../../language.js';
import {COURTS_OWN} from '../../people.js';
import {Dialog} from '../frame.js';

/** @typedef {import('../../types.js').Readiness} Readiness */

/** @param {{court: import('../../hearing.js').Court, board: Readiness[], line: Readiness, onClose: () => void}} props */
export function ApartDialog({court, board, line, onClose}) {
  const chosen = useSignal(new Set(line.kept_from));
  const others = board.filter((each) => each !== line && !COURTS_OWN.has(each.role) && (each.state !== 'removed' || chosen.value.has(each.participant_id)));
  /** @param {boolean} isConfirmed */
  const answer = async (isConfirmed) => {
    onClose();
    if (!isConfirmed) return;
    for (const {participant_id: id} of others) {
      const areApart = chosen.value.has(id);
      if (areApart !== line.kept_from.includes(id)) await court.intents.keepApart(line.participant_id, id, areApart);
    }
  };
  /** @param {string} id */
  const turn = (id) => {
    const next = new Set(chosen.value);
    if (!next.delete(id)) next.add(id);
    chosen.value = next;
  };
  return html`<${Dialog} title=${t('apart.title', {who: `${word('role', line.role)} ${line.name}`})} confirm=${t('apart.save')} testid="dialog-apart" onAnswer=${answer}>
    <p>${t('apart.words')}</p>
    <div class="ways">${others.map(({participant_id: id, role, name}) => html`<label key=${id} class="choice-option ${chosen.value.has(id) ? 'chosen' : ''}">
      <input type="checkbox" data-testid="apart-${id}" checked=${chosen.value.has(id)} onChange=${() => turn(id)} />
      <span>${word('role', role)} ${name}</span></label>`)}</div>
  <//>`;
}
