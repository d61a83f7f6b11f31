/** A private room: those inside, a sign that nothing is recorded, the lock, and the way back. */
import {html} from '../html.js';
import {t, word} from '../language.js';
import {roommates} from '../rooms.js';
import {LinkBanner, SoundBanner} from './banners.js';
import {OwnButtons} from './controls.js';
import {SoundOnlyBanner} from './sound-only.js';
import {CourtClock} from './court-clock.js';
import {Head, Toasts} from './frame.js';
import {Icon} from './icons.js';
import {PeerPlace} from './peer-place.js';
import {Tile} from './tile.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */
/** @typedef {{court: Court, view: View}} Props */

/** @param {Props} props */
export function PrivateRoomPage({court, view}) {
  const state = court.state.value;
  const {room} = view.rooms;
  if (!room) return null;
  const people = roommates(view);
  return html`<div class="page court private">
    <${Head} speak=${court.intents.speak}><span class="head-case">${view.case_number}</span><${CourtClock} offsetMs=${state.clockOffsetMs} /><//>
    <${LinkBanner} court=${court} />
    <${SoundBanner} court=${court} />
    <${SoundOnlyBanner} court=${court} view=${view} />
    <div class="private-sign" role="status" data-testid="private-sign">
      <p class="private-title"><${Icon} name=${room.is_locked ? 'lock' : 'unlock'} /><span>${t(`room.${room.kind}`)}</span>
        <strong>${t('room.private')} · ${t('room.not_recorded')}</strong></p>
      <p>${t(`room.${room.kind}_words`)}</p>
    </div>
    <${PeerPlace} court=${court} testid="private-room" name="courtroom">
      <div class="stage">
        <div class="tiles count-${Math.min(people.length, 9)}" data-testid="tiles">
          ${people.map((person) => html`<${Tile} key=${person.id} court=${court} view=${view} person=${person} />`)}
        </div>
        <${Expected} court=${court} view=${view} />
      </div>
    <//>
    <${Door} court=${court} view=${view} />
    <${OwnButtons} court=${court} view=${view} />
    <${Toasts} toasts=${state.toasts} />
  </div>`;
}

/** Who was asked in and isn't here, and who can be. @param {Props} props */
function Expected({court, view}) {
  const room = /** @type {import('../rooms.js').PrivateRoom} */ (view.rooms.room);
  const outside = view.rooms.companions.filter(({id}) => !room.people.includes(id));
  const invited = outside.filter(({id}) => room.invited.includes(id));
  const others = outside.filter((mate) => mate.is_here && !room.invited.includes(mate.id));
  return html`<div class="private-expected">
    ${room.people.length === 1 && html`<p>${t('room.alone')}</p>`}
    ${invited.length > 0 && html`<p role="status" data-testid="room-invited">${t('room.invited', {who: names(invited)})}</p>`}
    ${!room.is_locked && others.map((mate) => html`<button key=${mate.id} type="button" class="button small" data-testid="btn-invite-${mate.id}"
      onClick=${() => court.intents.inviteToRoom(mate.id)}>${t('room.invite_one', {who: named(mate)})}</button>`)}
    <p>${t('room.ends')}</p></div>`;
}

/** @param {Props} props */
function Door({court, view}) {
  const room = /** @type {import('../rooms.js').PrivateRoom} */ (view.rooms.room);
  const isCourt = view.session === 'recess' || view.may.includes('enter_court_uncalled');
  return html`<div class="private-door">
    <button type="button" class="button" data-testid="btn-lock" aria-pressed=${room.is_locked} title=${t(room.is_locked ? 'room.locked' : 'room.unlocked')}
      onClick=${() => court.intents.lockRoom(!room.is_locked)}><${Icon} name=${room.is_locked ? 'unlock' : 'lock'} />${t(room.is_locked ? 'room.unlock' : 'room.lock')}</button>
    <button type="button" class="button primary" data-testid="btn-leave-room" onClick=${court.intents.leaveRoom}>
      <${Icon} name="back" />${t(isCourt ? 'room.leave_to_court' : 'room.leave_to_lobby')}</button></div>`;
}

/** @param {import('../rooms.js').Companion} mate */
export function named(mate) {
  return `${word('role', mate.role)} ${mate.name}`;
}

/** @param {import('../rooms.js').Companion[]} mates */
export function names(mates) {
  return mates.map(named).join(t('list.comma'));
}
