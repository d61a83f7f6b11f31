/** One hearing at the clerk's desk: its people and their links, as copy, as code to scan, and on paper. */
import {html, useSignal} from '../html.js';
import {t, when, word} from '../language.js';
import {DeskBoard} from './board/desk-board.js';
import {SeatDialog} from './board/seat-dialog.js';
import {Copy, Dialog} from './frame.js';

/** @typedef {import('../desk.js').Desk} Desk */
/** @typedef {import('../types.js').HearingDetail} HearingDetail */
/** @typedef {import('../types.js').JoinLink} JoinLink */
/** @typedef {HearingDetail['people'][number]} Invited */

/** @param {{desk: Desk}} props */
export function DeskHearing({desk}) {
  const {hearing, links} = desk.state.value;
  if (!hearing) return html`<div class="card"><div class="skeleton" aria-label=${t('loading')}></div></div>`;
  const hasLinks = hearing.people.some((person) => links[person.participant_id]);
  return html`
    <section class="card no-print" data-testid="hearing-detail">
      <p><a href="#/">${t('desk.back')}</a></p>
      <h1>${hearing.case_number}</h1>
      <p>${hearing.cause} · <time>${when(hearing.scheduled_at)}</time>
        <span class="chip session-${hearing.session}" data-testid="hearing-session">${word('session', hearing.session)}</span></p>
      <div class="pair">
        <a class="button" data-testid="link-recording" href="/recordings/${encodeURIComponent(hearing.id)}">${t('desk.recording')}</a>
        <${Seating} desk=${desk} hearing=${hearing} />
        <button type="button" class="button" data-testid="btn-print" disabled=${!hasLinks} onClick=${() => print()}>${t('desk.print')}</button>
      </div>
      <p class="hint">${t(hasLinks ? 'desk.links_once' : 'desk.links_gone')}</p>
    </section>
    <${DeskBoard} hearingId=${hearing.id} />
    <ul class="invited">${hearing.people.map((person) => html`<${InvitedPerson} key=${person.participant_id} desk=${desk}
      hearing=${hearing} person=${person} link=${links[person.participant_id]} />`)}</ul>`;
}

const OVER = new Set(['closed', 'adjourned', 'converted_offline', 'cancelled']);

/** Somebody new, or (with `person`) somebody in their place. @param {{desk: Desk, hearing: HearingDetail, person?: Invited|null}} props */
function Seating({desk, hearing, person = null}) {
  const isAsked = useSignal(false);
  if (!isAsked.value && (OVER.has(hearing.session) || person?.state === 'removed')) return null;
  const people = hearing.people.map(({participant_id: id, role, name, state}) => ({id, role, name, isGone: state === 'removed'}));
  return html`<button type="button" class="button" data-testid=${person ? `btn-replace-${person.participant_id}` : 'btn-add-late'}
      onClick=${() => { isAsked.value = true; }}>${t(person ? 'people.replace' : 'people.add')}</button>
    ${isAsked.value && html`<${SeatDialog} hearingId=${hearing.id} token=${null} people=${people} hasOpened=${!['scheduled', 'lobby_open'].includes(hearing.session)}
      replaced=${people.find(({id}) => id === person?.participant_id) ?? null} onClose=${() => { isAsked.value = false; }} onSeated=${desk.seated} />`}`;
}

/** @param {{desk: Desk, hearing: HearingDetail, person: Invited, link: JoinLink|undefined}} props */
function InvitedPerson({desk, hearing, person, link}) {
  const asked = useSignal(/** @type {'renew'|'revoke'|null} */ (null));
  const id = person.participant_id;
  return html`<li class="card invitation ${link ? '' : 'no-print'}" data-testid="invited-${id}">
    <div class="print-only"><p>${t('print.court')}</p><p><strong>${hearing.case_number}</strong> ${hearing.cause}</p>
      <p>${t('facts.time')}${t('list.colon')}${when(hearing.scheduled_at)}</p></div>
    <div class="invitation-who"><p class="who-name"><span class="seat-label">${word('role', person.role)}</span> ${person.name}</p>
      <p class="who-state no-print">${word('state', person.state)}</p></div>
    ${link && html`<img class="qr" src=${link.qr_svg} alt=${t('desk.qr', {who: person.name})} data-testid="qr-${id}" />
      <p class="link-address" data-testid="link-${id}">${link.url}</p>
      <p class="hint">${t('desk.expires', {at: when(link.expires_at)})}</p>
      <div class="print-only"><p>${t('print.how')}</p><p>${t('print.rules')}</p></div>`}
    <div class="pair no-print">
      ${link && html`<${Copy} text=${link.url} label=${t('desk.copy')} testid="btn-copy-${id}" />`}
      <button type="button" class="button" data-testid="btn-renew-${id}" onClick=${() => { asked.value = 'renew'; }}>${t('desk.renew')}</button>
      <${Seating} desk=${desk} hearing=${hearing} person=${person} />
      <button type="button" class="button danger-quiet" data-testid="btn-revoke-${id}" onClick=${() => { asked.value = 'revoke'; }}>${t('desk.revoke')}</button>
    </div>
    ${asked.value && html`<${Dialog} title=${t(`desk.${asked.value}_title`, {who: person.name})} confirm=${t(`desk.${asked.value}`)}
      tone=${asked.value === 'revoke' ? 'danger' : 'primary'} onAnswer=${(/** @type {boolean} */ isConfirmed) => {
    const act = asked.value;
    asked.value = null;
    if (isConfirmed && act === 'renew') void desk.renewLink(hearing.id, id);
    if (isConfirmed && act === 'revoke') void desk.revokeLink(hearing.id, id);
  }}><p>${t(`desk.${asked.value}_words`)}</p><//>`}
  </li>`;
}
