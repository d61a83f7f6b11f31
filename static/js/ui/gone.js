/** After the hearing, and when a person isn't in it any more: one calm page that says why and what next. */
import {headsFile, keptHeads} from '../heads.js';
import {html} from '../html.js';
import {t, when, word} from '../language.js';
import {may} from '../stage.js';
import {CaseFacts} from './case-facts.js';
import {Head, Message} from './frame.js';
import {noticeText} from './notice.js';
import {SealCard} from './seal-card.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */

/** The hearing has ended. @param {{court: Court, view: View}} props */
export function Over({court, view}) {
  const {seat} = court.state.value;
  const session = /** @type {'closed'|'adjourned'|'converted_offline'|'cancelled'} */ (view.session);
  return html`<div class="page"><${Head} speak=${court.intents.speak} />
    <${Message} title=${t(`over.${session}`)} testid="closed-page">
      <p>${t(`over.${session}_words`)}</p>
      ${view.notice && html`<p class="notice">${noticeText(view.notice)}</p>`}
      <dl class="facts">
        <div><dt>${t('facts.case_number')}</dt><dd>${view.case_number}</dd></div>
        ${view.opened_at && html`<div><dt>${t('over.opened_at')}</dt><dd>${when(view.opened_at)}</dd></div>`}
        ${view.ended_at && html`<div><dt>${t('over.ended_at')}</dt><dd>${when(view.ended_at)}</dd></div>`}
      </dl>
      ${may(view, 'listen_to_record') && view.opened_at && html`<a class="button primary" data-testid="link-recording"
        href="/recordings/${encodeURIComponent(view.hearing_id)}">${t('over.recording')}</a>`}
      ${view.opened_at && seat && html`<${SealCard} view=${view} seat=${seat} />`}
      ${keptHeads(view.hearing_id).length > 0 && html`<button type="button" class="button" data-testid="btn-keep-heads"
        onClick=${() => saveHeads(view.hearing_id)}>${t('over.keep_heads')}</button><p class="hint">${t('over.keep_heads_words')}</p>`}
      <p class="hint">${t('over.may_close_page')}</p>
    <//></div>`;
}

/** Hand the kept check values over as a file. @param {string} hearingId */
function saveHeads(hearingId) {
  const address = URL.createObjectURL(new Blob([headsFile(hearingId)], {type: 'application/json'}));
  const link = Object.assign(document.createElement('a'), {href: address, download: `${hearingId}.heads.json`});
  link.click();
  URL.revokeObjectURL(address);
}

/** You left, were removed, or sit elsewhere. @param {{court: Court}} props */
export function Gone({court}) {
  const {goodbye, view, seat, removedFor} = court.state.value;
  const reason = view?.you.state === 'removed' ? 'removed' : goodbye ?? 'left';
  const canReturn = reason === 'left' || reason === 'superseded' || reason === 'too_fast' || reason === 'seat_refused';
  return html`<div class="page"><${Head} speak=${court.intents.speak} />
    <${Message} title=${word('gone', reason)} testid="gone-page">
      <p data-reason=${reason}>${word('gone_words', reason)}</p>
      ${reason === 'removed' && removedFor && html`<p class="notice" data-testid="removed-for">${t('remove.why', {reason: removedFor})}</p>`}
      ${seat && html`<${CaseFacts} caseNumber=${seat.case_number} cause=${seat.cause} scheduledAt=${seat.scheduled_at}
        role=${seat.role} name=${seat.name} />`}
      ${canReturn && html`<button type="button" class="button primary" data-testid="btn-return"
        onClick=${() => location.reload()}>${t(reason === 'superseded' ? 'gone.use_this_page' : 'gone.come_back')}</button>`}
    <//></div>`;
}

/** The link doesn't open the door. @param {{court: Court}} props */
export function Refusal({court}) {
  const {refusal} = court.state.value;
  const code = refusal?.code ?? 'internal';
  const isFull = code === 'court_full'; // asked for again by itself
  const isKnown = isFull || code === 'no_link' || code === 'link_not_valid' || code === 'offline';
  const words = isKnown ? word('refused_words', code) : refusal?.message;
  return html`<div class="page"><${Head} speak=${court.intents.speak} />
    <${Message} title=${word('refused', isKnown ? code : 'internal')} testid="link-refused">
      <p data-code=${code}>${words}</p>
      ${isFull && html`<p class="hint" role="status">${t('refused.full_waits')}</p>`}
      ${code !== 'no_link' && !isFull && html`<button type="button" class="button primary" onClick=${() => location.reload()}>${t('refused.again')}</button>`}
      <a class="button" href="/">${t('refused.home')}</a>
    <//></div>`;
}

/** While the door opens. @param {{court: Court}} props */
export function Opening({court}) {
  return html`<div class="page"><${Head} speak=${court.intents.speak} />
    <${Message} title=${t('opening.title')}><div class="skeleton" aria-hidden="true"></div><//></div>`;
}
