/** The board as the clerk's desk shows it, to look at: acting is for whoever sits in the hearing. */
import {html, useEffect, useSignal} from '../../html.js';
import {call} from '../../http.js';
import {t} from '../../language.js';
import {CardHead, Facts} from './person-card.js';

const LOOK_EVERY_MS = 1000;
const COURTS_OWN = new Set(['judge', 'bench_member', 'clerk']);

/** @param {{hearingId: string}} props */
export function DeskBoard({hearingId}) {
  const people = useSignal(/** @type {import('../../types.js').Readiness[]} */ ([]));
  useEffect(() => {
    const look = async () => {
      if (document.hidden) return;
      const answer = await call('GET', `/api/hearings/${encodeURIComponent(hearingId)}/board`).catch(() => null);
      if (answer) people.value = /** @type {{people: import('../../types.js').Readiness[]}} */ (answer).people;
    };
    void look();
    const looking = setInterval(() => void look(), LOOK_EVERY_MS);
    return () => clearInterval(looking);
  }, [hearingId]);
  if (!people.value.length) return null;
  return html`<section class="card no-print" data-testid="desk-board"><h2>${t('board.title')}</h2><p class="hint">${t('board.desk_words')}</p>
    <ul class="board-cards">${people.value.map((line) => html`<li key=${line.participant_id} class="board-card" data-testid="board-${line.participant_id}"
      data-lacks=${line.lacks.join(' ')}><${CardHead} line=${line} />${!COURTS_OWN.has(line.role) && html`<${Facts} line=${line} />`}</li>`)}</ul></section>`;
}
