/** Which case this is, and who you are in it. */
import {html} from '../html.js';
import {t, when, word} from '../language.js';

/** @param {{caseNumber: string, cause: string, scheduledAt: string, role: string, name: string}} props */
export function CaseFacts({caseNumber, cause, scheduledAt, role, name}) {
  return html`<dl class="facts">
    <div class="fact-you"><dt>${t('facts.you')}</dt><dd><span class="seat-label">${word('role', role)}</span> ${name}</dd></div>
    <div><dt>${t('facts.case_number')}</dt><dd>${caseNumber}</dd></div>
    <div><dt>${t('facts.cause')}</dt><dd>${cause}</dd></div>
    <div><dt>${t('facts.time')}</dt><dd>${when(scheduledAt)}</dd></div>
  </dl>`;
}

/** @param {{view: import('../types.js').View}} props */
export function FactsOfView({view}) {
  return html`<${CaseFacts} caseNumber=${view.case_number} cause=${view.cause} scheduledAt=${view.scheduled_at}
    role=${view.you.role} name=${view.you.name} />`;
}
