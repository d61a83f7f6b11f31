/** The people: who waits at the door, who is in court, who is missing. */
import {canTakePresiding} from '../floor.js';
import {html, useSignal} from '../html.js';
import {t, word} from '../language.js';
import {lacksOf, may, sitsInCourt, waiting} from '../stage.js';
import {NoteField} from './bench.js';
import {ConnectivityButton, FindingSign} from './connectivity.js';
import {Dialog} from './frame.js';
import {UsualReasons, WarnDialog} from './hand.js';
import {Icon} from './icons.js';
import {LevelMeter, LinkSign} from './link-sign.js';
import {HandOverDialog} from './presiding.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */
/** @typedef {import('../types.js').Person} Person */

const COURTS_OWN = new Set(['judge', 'bench_member', 'clerk']);

/** @param {{court: Court, view: View}} props */
export function WaitingList({court, view}) {
  const atTheDoor = waiting(view);
  const canAdmit = view.session !== 'scheduled';
  return html`<section class="panel-part" aria-labelledby="waiting-title" data-testid="waiting-list">
    <div class="part-head"><h3 id="waiting-title">${t('roster.waiting', {count: atTheDoor.length})}</h3>
      ${atTheDoor.length > 1 && html`<button type="button" class="button small" data-testid="btn-admit-all" disabled=${!canAdmit}
        onClick=${() => court.intents.admitAll(atTheDoor.filter(({id, role}) => role !== 'witness' && !lacksOf(view, id).length).map(({id}) => id))}>${t('roster.admit_all')}</button>`}</div>
    ${atTheDoor.length === 0 && html`<p class="hint">${t('roster.nobody_waits')}</p>`}
    ${atTheDoor.length > 0 && !canAdmit && html`<p class="hint">${t('board.not_yet')}</p>`}
    <ul class="people">${atTheDoor.map((person) => html`<li key=${person.id} class="person">
      <${Who} person=${person}>${lacksOf(view, person.id).map((lack) => html`<p key=${lack} class="who-state" data-testid="lacks-${person.id}">${t(`board.lacks_${lack}`)}</p>`)}<//>
      <${LetIn} court=${court} view=${view} person=${person} /></li>`)}</ul>
  </section>`;
}

/** A witness is called, and comes by answering; the court may also bring them in. @param {{court: Court, view: View, person: Person}} props */
function LetIn({court, view, person}) {
  const isCalledFirst = person.role === 'witness' && person.state !== 'called';
  if (isCalledFirst && view.session !== 'in_session') return null; // witnesses wait outside until the court sits
  if (isCalledFirst) return html`<button type="button" class="button small primary" data-testid="btn-call-${person.id}"
    onClick=${() => court.intents.callWitness(person.id)}>${t('witness.call')}</button>`;
  return html`<button type="button" class="button small primary" data-testid="btn-admit-${person.id}" disabled=${view.session === 'scheduled'}
    onClick=${() => court.intents.admit(person.id)}>${t('roster.admit')}</button>`;
}

/** @param {{court: Court, view: View}} props */
export function PeopleInCourt({court, view}) {
  const others = view.people.filter((person) => !waiting(view).includes(person));
  return html`<section class="panel-part" aria-labelledby="people-title" data-testid="roster">
    <div class="part-head"><h3 id="people-title">${t('roster.people')}</h3></div>
    <ul class="people">${others.map((person) => html`<${Row} key=${person.id} court=${court} view=${view} person=${person} />`)}</ul>
  </section>`;
}

/** @param {{court: Court, view: View, person: Person}} props */
function Row({court, view, person}) {
  const asked = useSignal(/** @type {'warn'|'remove'|'preside'|null} */ (null));
  const reason = useSignal('');
  const isOwn = person.id === view.you.id;
  const isSeated = sitsInCourt(person);
  const isWitness = person.role === 'witness';
  const canReturn = may(view, 'admit') && !COURTS_OWN.has(person.role) && isSeated;
  const canRemove = may(view, 'remove') && !isOwn && person.id !== view.order.presiding && person.state !== 'removed';
  const canWarn = canRemove && isSeated && !COURTS_OWN.has(person.role) && view.opened_at !== null;
  const canHandOver = may(view, 'start') && canTakePresiding(view, person);
  const warned = view.order.warnings.filter((each) => each.participant_id === person.id).length;
  const who = `${word('role', person.role)} ${person.name}`;
  const done = () => { asked.value = null; };
  return html`<li class="person">
    <${Who} person=${person} isYou=${isOwn} presides=${person.id === view.order.presiding} warned=${warned}>${isSeated && court.state.value.links[person.id] && html`<p class="who-link">
      <${LinkSign} court=${court} person=${person} /><${LevelMeter} court=${court} person=${person} /></p>`}<${FindingSign} court=${court} id=${person.id} /><//>
    ${(canReturn || canRemove || canHandOver) && html`<details class="person-more"><summary data-testid="more-${person.id}" aria-label=${t('roster.more', {who: person.name})}><${Icon} name="more" /></summary>
      <div class="menu">
        <${ConnectivityButton} court=${court} view=${view} id=${person.id} who=${who} />
        ${canReturn && html`<button type="button" class="button small" data-testid="btn-return-${person.id}"
          onClick=${() => (isWitness ? court.intents.dismissWitness(person.id) : court.intents.returnToLobby(person.id))}>${t(isWitness ? 'witness.dismiss' : 'roster.return')}</button>`}
        ${canHandOver && html`<button type="button" class="button small" data-testid="btn-preside-${person.id}"
          onClick=${() => { asked.value = 'preside'; }}>${t('preside.hand_over')}</button>`}
        ${canWarn && html`<button type="button" class="button small" data-testid="btn-warn-${person.id}"
          onClick=${() => { asked.value = 'warn'; }}>${t(warned ? 'warn.act_warning' : 'warn.act_notice')}</button>`}
        ${canRemove && html`<button type="button" class="button small danger" data-testid="btn-remove-${person.id}"
          onClick=${() => { reason.value = ''; asked.value = 'remove'; }}>${t('roster.remove')}</button>`}
      </div></details>`}
    ${asked.value === 'warn' && html`<${WarnDialog} court=${court} view=${view} who=${who} id=${person.id} onDone=${done} />`}
    ${asked.value === 'preside' && html`<${HandOverDialog} court=${court} person=${person} onDone=${done} />`}
    ${asked.value === 'remove' && html`<${Dialog} title=${t('remove.title', {who: person.name})} confirm=${t('roster.remove')} tone="danger"
      canConfirm=${view.opened_at === null || reason.value.trim() !== ''} onAnswer=${(/** @type {boolean} */ isConfirmed) => {
    done();
    if (isConfirmed) void court.intents.remove(person.id, reason.value.trim());
  }}><p>${t('remove.words')}</p><${UsualReasons} reason=${reason} />
      <${NoteField} note=${reason} label=${t(view.opened_at === null ? 'remove.reason' : 'remove.reason_needed')} /><//>`}
  </li>`;
}

/** @param {{person: Person, isYou?: boolean, presides?: boolean, warned?: number, children?: import('../html.js').Children}} props */
function Who({person, isYou = false, presides = false, warned = 0, children}) {
  const state = person.muted_by_court && person.state === 'in_court' ? t('person.muted_by_court') : word('state', person.state);
  return html`<div class="who"><span class="dot state-${person.state}" aria-hidden="true"></span>
    <div><p class="who-name"><span class="seat-label">${word('role', person.role)}</span> ${person.name}${isYou ? t('person.you') : ''}</p>
    <p class="who-state">${state}${presides && person.role !== 'judge' ? html` · <strong>${t('preside.sign')}</strong>` : null}${warned ? html` · <span class="warned">${t('warn.count', {count: warned})}</span>` : null}</p>${children}</div></div>`;
}
