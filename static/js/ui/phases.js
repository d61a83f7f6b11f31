/** The rail of phases: the order is advised, the judge may merge or return. */
import {html} from '../html.js';
import {t, word} from '../language.js';

/** @type {import('../types.js').Phase[]} */
const ORDER = ['roll_call', 'rights_and_recusal', 'claim_and_defence', 'investigation', 'evidence', 'debate',
  'final_statement', 'mediation', 'pronouncement', 'transcript_check'];

/** @param {{court: import('../hearing.js').Court, view: import('../types.js').View}} props */
export function Phases({court, view}) {
  return html`<section class="panel-part" aria-labelledby="phases-title"><h3 id="phases-title">${t('phases.title')}</h3>
    <ol class="phases">
      ${ORDER.map((phase) => {
    const isCurrent = phase === view.phase;
    return html`<li key=${phase}><button type="button" class="phase ${isCurrent ? 'current' : ''}" data-testid="phase-${phase}"
      aria-current=${isCurrent ? 'step' : null} onClick=${() => court.intents.setPhase(phase)}>
      <span data-testid=${isCurrent ? `phase-${phase}-current` : null}>${word('phase', phase)}</span></button></li>`;
  })}
    </ol></section>`;
}
