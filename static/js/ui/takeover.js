/** One person, one seat: what the second device shows, and the question to the court and to the first device. */
import {personOf} from '../floor.js';
import {html} from '../html.js';
import {t, word} from '../language.js';
import {CaseFacts} from './case-facts.js';
import {Head, Message} from './frame.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */

/** The second device waits to be let in. @param {{court: Court}} props */
export function SeatTaken({court}) {
  const {seat} = court.state.value;
  return html`<div class="page"><${Head} speak=${court.intents.speak} />
    <${Message} title=${t('takeover.title')} testid="seat-taken">
      <p>${t('takeover.words')}</p>
      ${seat && html`<${CaseFacts} caseNumber=${seat.case_number} cause=${seat.cause} scheduledAt=${seat.scheduled_at}
        role=${seat.role} name=${seat.name} />`}
      <div class="skeleton" aria-hidden="true"></div>
      <p class="hint" role="status">${t('takeover.waits')}</p>
    <//></div>`;
}

/** Asked of the court for anyone's seat, and of each person for their own. @param {{court: Court, view: View}} props */
export function TakeoverBanner({court, view}) {
  return html`${view.order.takeovers.map(({participant_id: id}) => {
    const isYours = id === view.you.id;
    const person = personOf(view, id);
    const who = person ? `${word('role', person.role)} ${person.name}` : '';
    return html`<div key=${id} class="banner question" role="alert" data-testid="takeover-${id}">
      <span>${isYours ? t('takeover.banner_you') : t('takeover.banner_court', {who})}</span>
      <span class="banner-answers">
        <button type="button" class="button small" data-testid="btn-takeover-refuse-${id}"
          onClick=${() => court.intents.answerTakeover(id, false)}>${t(isYours ? 'takeover.refuse_you' : 'takeover.refuse')}</button>
        <button type="button" class="button small primary" data-testid="btn-takeover-grant-${id}"
          onClick=${() => court.intents.answerTakeover(id, true)}>${t(isYours ? 'takeover.grant_you' : 'takeover.grant')}</button>
      </span></div>`;
  })}`;
}
