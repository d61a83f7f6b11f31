/** The people: who waits at the door, who is in court, who is missing. */
import {html, useSignal} from '../html.js';
import {t, word} from '../language.js';
import {may, sitsInCourt, waiting} from '../stage.js';
import {NoteField} from './bench.js';
import {Dialog} from './frame.js';
import {Icon} from './icons.js';
import {LevelMeter, LinkSign} from './link-sign.js';

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
        onClick=${() => court.intents.admitAll(atTheDoor.map(({id}) => id))}>${t('roster.admit_all')}</button>`}</div>
    ${atTheDoor.length === 0 && html`<p class="hint">${t('roster.nobody_waits')}</p>`}
    <ul class="people">${atTheDoor.map((person) => html`<li key=${person.id} class="person">
      <${Who} person=${person} />
      <button type="button" class="button small primary" data-testid="btn-admit-${person.id}" disabled=${!canAdmit}
        onClick=${() => court.intents.admit(person.id)}>${t('roster.admit')}</button></li>`)}</ul>
  </section>`;
}

/** @param {{court: Court, view: View}} props */
export function PeopleInCourt({court, view}) {
  const others = view.people.filter((person) => !waiting(view).includes(person));
  const canMute = may(view, 'mute_others');
  return html`<section class="panel-part" aria-labelledby="people-title" data-testid="roster">
    <div class="part-head"><h3 id="people-title">${t('roster.people')}</h3></div>
    ${canMute && html`<div class="pair">
      <button type="button" class="button small" data-testid="btn-mute-all" onClick=${() => court.intents.muteAll(true)}>${t('roster.mute_all')}</button>
      <button type="button" class="button small" data-testid="btn-unmute-all" onClick=${() => court.intents.muteAll(false)}>${t('roster.unmute_all')}</button>
    </div>`}
    <ul class="people">${others.map((person) => html`<${Row} key=${person.id} court=${court} view=${view} person=${person} />`)}</ul>
  </section>`;
}

/** @param {{court: Court, view: View, person: Person}} props */
function Row({court, view, person}) {
  const isRemoving = useSignal(false);
  const reason = useSignal('');
  const isOwn = person.id === view.you.id;
  const isSeated = sitsInCourt(person);
  const canReturn = may(view, 'admit') && !COURTS_OWN.has(person.role) && isSeated;
  const canRemove = may(view, 'remove') && !isOwn && person.role !== 'judge' && person.state !== 'removed';
  return html`<li class="person">
    <${Who} person=${person} isYou=${isOwn}>${isSeated && court.state.value.links[person.id] && html`<p class="who-link">
      <${LinkSign} court=${court} person=${person} /><${LevelMeter} court=${court} person=${person} /></p>`}<//>
    ${(canReturn || canRemove) && html`<details class="person-more"><summary aria-label=${t('roster.more', {who: person.name})}><${Icon} name="more" /></summary>
      <div class="menu">
        ${canReturn && html`<button type="button" class="button small" data-testid="btn-return-${person.id}"
          onClick=${() => court.intents.returnToLobby(person.id)}>${t('roster.return')}</button>`}
        ${canRemove && html`<button type="button" class="button small danger" data-testid="btn-remove-${person.id}"
          onClick=${() => { reason.value = ''; isRemoving.value = true; }}>${t('roster.remove')}</button>`}
      </div></details>`}
    ${isRemoving.value && html`<${Dialog} title=${t('remove.title', {who: person.name})} confirm=${t('roster.remove')} tone="danger"
      onAnswer=${(/** @type {boolean} */ isConfirmed) => {
    isRemoving.value = false;
    if (isConfirmed) void court.intents.remove(person.id, reason.value);
  }}><p>${t('remove.words')}</p><${NoteField} note=${reason} label=${t('remove.reason')} /><//>`}
  </li>`;
}

/** @param {{person: Person, isYou?: boolean, children?: import('../html.js').Children}} props */
function Who({person, isYou = false, children}) {
  const state = person.muted_by_court && person.state === 'in_court' ? t('person.muted_by_court') : word('state', person.state);
  return html`<div class="who"><span class="dot state-${person.state}" aria-hidden="true"></span>
    <div><p class="who-name"><span class="seat-label">${word('role', person.role)}</span> ${person.name}${isYou ? t('person.you') : ''}</p>
    <p class="who-state">${state}</p>${children}</div></div>`;
}
