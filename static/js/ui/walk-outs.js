/** Someone left after warnings: the draft note with its evidence, for the judge to decide (OLR 25). */
import {personOf} from '../floor.js';
import {html} from '../html.js';
import {clockTime, t, word} from '../language.js';
import {may} from '../stage.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */
/** @typedef {import('../types.js').WalkOut} WalkOut */

/** @param {{court: Court, view: View}} props */
export function WalkOuts({court, view}) {
  const {walk_outs: drafts} = view.order;
  if (!drafts.length) return null;
  return html`<section class="panel-part" aria-labelledby="walk-title" data-testid="walk-outs"><h3 id="walk-title">${t('walk.title')}</h3>
    ${drafts.map((draft) => html`<${Draft} key=${draft.number} court=${court} view=${view} draft=${draft} />`)}</section>`;
}

/** @param {{court: Court, view: View, draft: WalkOut}} props */
function Draft({court, view, draft}) {
  const person = personOf(view, draft.participant_id);
  const who = person ? `${word('role', person.role)} ${person.name}` : '';
  return html`<article class="walk-out" data-testid="walk-out-${draft.participant_id}">
    <p>${t('walk.draft', {who, at: time(draft.left_at), count: draft.warnings.length})}</p>
    ${draft.leaving && html`<${How} leaving=${draft.leaving} />`}
    <ul class="evidence">${draft.warnings.map(({number, step, at, reason, seen_at: seenAt}) => html`<li key=${number}>${t('walk.evidence', {
    step: t(step === 'notice' ? 'warn.act_notice' : 'warn.act_warning'),
    at: time(at),
    reason,
    seen: seenAt ? t('walk.seen_at', {at: time(seenAt)}) : t('walk.unseen'),
  })}</li>`)}</ul>
    ${draft.finding
    ? html`<p><strong>${t(draft.finding === 'excused' ? 'walk.found_excused' : 'walk.found_walked_out')}</strong></p>`
    : may(view, 'close') && html`<div class="pair">
        <button type="button" class="button small" data-testid="btn-excuse" onClick=${() => court.intents.ruleOnWalkOut(draft.number, 'excused')}>${t('walk.excuse')}</button>
        <button type="button" class="button small danger" data-testid="btn-walked-out" onClick=${() => court.intents.ruleOnWalkOut(draft.number, 'walked_out')}>${t('walk.find')}</button></div>`}
  </article>`;
}

/** How they went, as their connection told it. @param {{leaving: NonNullable<WalkOut['leaving']>}} props */
function How({leaving}) {
  const {how, confidence, rtt_ms: delay, loss_percent: percent} = leaving;
  return html`<p data-testid="walk-how" data-how=${how}>${how === 'said_so' ? t('walk.how_said_so') : t('walk.how_closed_page', {sure: t(`weather.${confidence}`)})}
    ${delay !== null && percent !== null && html` ${t('walk.before', {delay, percent})}`}${leaving.was_hidden && html` ${t('walk.was_hidden')}`}</p>`;
}

/** @param {string} iso */
const time = (iso) => clockTime(Date.parse(iso));
