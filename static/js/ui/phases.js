/** The rail of phases: one tap goes on; going back and merging are marked in the record (ICP 13). */
import {html, useSignal} from '../html.js';
import {t, word} from '../language.js';
import {phaseNames} from '../order-news.js';
import {may} from '../stage.js';
import {Dialog} from './frame.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */
/** @typedef {import('../types.js').Phase} Phase */

/** @type {Phase[]} */
export const ORDER = ['roll_call', 'rights_and_recusal', 'claim_and_defence', 'investigation', 'evidence', 'debate',
  'final_statement', 'mediation', 'pronouncement', 'transcript_check'];

/** @param {{court: Court, view: View}} props */
export function Phases({court, view}) {
  const asked = useSignal(/** @type {Phase|'merge'|null} */ (null));
  const now = ORDER.indexOf(view.phase);
  const presides = may(view, 'start');
  const next = ORDER.find((phase, at) => at > now && !view.merged_phases.includes(phase));
  /** @param {Phase} phase */
  const go = (phase) => {
    if (presides && ORDER.indexOf(phase) >= now) void court.intents.setPhase(phase);
    else if (phase !== view.phase) asked.value = phase;
  };
  return html`<section class="panel-part" aria-labelledby="phases-title"><h3 id="phases-title">${t('phases.title')}</h3>
    ${next && html`<button type="button" class="button primary" data-testid="btn-next-phase" onClick=${() => go(next)}>${t('phases.next', {phase: word('phase', next)})}</button>`}
    <ol class="phases">
      ${ORDER.map((phase, at) => {
    const isCurrent = phase === view.phase;
    const isMerged = view.merged_phases.includes(phase);
    return html`<li key=${phase}><button type="button" class="phase ${isCurrent || isMerged ? 'current' : at < now ? 'done' : ''}" data-testid="phase-${phase}"
      aria-current=${isCurrent ? 'step' : null} onClick=${() => go(phase)}>
      <span data-testid=${isCurrent ? `phase-${phase}-current` : isMerged ? `phase-${phase}-merged` : null}>${at + 1}. ${word('phase', phase)}</span></button></li>`;
  })}
    </ol>
    ${presides && html`<button type="button" class="button" data-testid="btn-merge" onClick=${() => { asked.value = 'merge'; }}>${t('phases.merge')}</button>`}
    ${asked.value === 'merge' && html`<${Merge} court=${court} view=${view} onDone=${() => { asked.value = null; }} />`}
    ${asked.value && asked.value !== 'merge' && html`<${Sure} court=${court} view=${view} phase=${asked.value} onDone=${() => { asked.value = null; }} />`}
  </section>`;
}

/** Back, or the clerk on the judge's word. @param {{court: Court, view: View, phase: Phase, onDone: () => void}} props */
function Sure({court, view, phase, onDone}) {
  const fields = {phase: word('phase', phase)};
  const isBack = may(view, 'start');
  return html`<${Dialog} title=${t(isBack ? 'phases.return_title' : 'phases.on_word_title', fields)} testid="dialog-phase"
    confirm=${isBack ? fields.phase : t('phases.on_word')} onAnswer=${(/** @type {boolean} */ isConfirmed) => {
    onDone();
    if (isConfirmed) void court.intents.setPhase(phase);
  }}><p>${t(isBack ? 'phases.return_words' : 'phases.on_word_words')}</p><//>`;
}

/** @param {{court: Court, view: View, onDone: () => void}} props */
function Merge({court, view, onDone}) {
  const chosen = useSignal(/** @type {Phase[]} */ (view.merged_phases));
  const isAgreed = useSignal(false);
  /** @param {Phase} phase */
  const turn = (phase) => {
    chosen.value = chosen.value.includes(phase) ? chosen.value.filter((each) => each !== phase) : [...chosen.value, phase];
  };
  return html`<${Dialog} title=${t('phases.merge_title')} confirm=${t('phases.merge')} testid="dialog-merge" canConfirm=${isAgreed.value && chosen.value.length > 0}
    onAnswer=${(/** @type {boolean} */ isConfirmed) => {
    onDone();
    if (isConfirmed) void court.intents.mergePhases(view.phase, chosen.value);
  }}><p>${t('phases.merge_words')}</p>
    ${ORDER.filter((phase) => phase !== view.phase).map((phase) => html`<label key=${phase} class="check"><input type="checkbox" data-testid="merge-${phase}"
      checked=${chosen.value.includes(phase)} onChange=${() => turn(phase)} /><span>${word('phase', phase)}</span></label>`)}
    <label class="check consent"><input type="checkbox" data-testid="merge-consent" checked=${isAgreed.value}
      onChange=${() => { isAgreed.value = !isAgreed.value; }} /><strong>${t('phases.consent')}</strong></label><//>`;
}

/** Where the hearing stands, for all. @param {{view: View}} props */
export function PhaseSign({view}) {
  const number = ORDER.indexOf(view.phase) + 1;
  return html` · <span data-testid="phase-sign">${phaseNames(view)}</span> <span class="phase-place" title=${t('phases.position', {number, count: ORDER.length})}
    aria-label=${t('phases.position', {number, count: ORDER.length})}>${number}/${ORDER.length}</span>`;
}
