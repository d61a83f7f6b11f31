/** One seat in court: picture, seat label and name, and what is on or off. */
import {YOU} from '../figures.js';
import {hasWord, placeOf} from '../floor.js';
import {html} from '../html.js';
import {t, word} from '../language.js';
import {isInRoom, volumeOf} from '../rooms.js';
import {courtSits, isSpeaking, may} from '../stage.js';
import {Icon} from './icons.js';
import {LinkSign} from './link-sign.js';
import {PersonPicture, SelfPicture} from './picture.js';
import {SoundOnlyBadge} from './sound-only.js';

/** @typedef {import('../types.js').Person} Person */
/** @typedef {import('../types.js').View} View */

/** @param {{court: import('../hearing.js').Court, view: View, person: Person, isLead?: boolean}} props */
export function Tile({court, view, person, isLead = false}) {
  const state = court.state.value;
  const isYou = person.id === view.you.id;
  const isAway = person.state === 'reconnecting' || person.state === 'disconnected' || (isYou && state.link === 'reconnecting');
  const speaks = (isInRoom(view) || (courtSits(view) && !person.muted_by_court)) && !isAway && isSpeaking(state, person.id, YOU);
  const hasPicture = !isAway && person.camera_on && (isYou ? state.wish.camera && state.camera.track : !view.you.sound_only);
  const isKept = !isYou && person.camera_on && view.you.sound_only;
  const paused = hasPicture && !isYou ? state.paused[person.id] : undefined;
  const isFlowing = courtSits(view) && view.rooms.arrangement === 'open_court'; // elsewhere pictures stop on purpose
  const isFrozen = hasPicture && !isYou && !paused && isFlowing && state.link === 'live' && state.frozen.has(person.id);
  const holdsFloor = hasWord(view, person.id);
  const classes = ['tile', holdsFloor && 'holds-floor', `role-${person.role}`, isYou && 'own', isLead && 'lead', speaks && 'speaking', isAway && 'away', !hasPicture && 'blank', (paused || isFrozen) && 'paused'];
  return html`<article class=${classes.filter(Boolean).join(' ')} data-testid="tile-${person.id}"
    data-speaking=${speaks} aria-label="${word('role', person.role)} ${person.name}">
    <div class="tile-blank"><span class="initial" aria-hidden="true">${[...person.name][0]}</span>
      ${!hasPicture && html`<span class="tile-why">${t(isAway ? `person.${person.state === 'disconnected' ? 'disconnected' : 'reconnecting'}` : isKept ? 'listening.no_pictures' : 'person.no_picture')}</span>`}</div>
    ${isYou
    ? html`<${SelfPicture} track=${hasPicture ? state.camera.track : null} />`
    : html`<${PersonPicture} stream=${state.streams[person.id]} name=${person.name}
        isSoundBlocked=${state.isSoundBlocked} onSoundBlocked=${court.intents.soundIsBlocked} volume=${state.ownLink?.is_mixed ? 1 : volumeOf(view, person.id)} />`}
    ${paused && html`<p class="tile-paused" role="status" data-testid="paused-${person.id}">
      <span>${t(`paused.${paused}`)}<span class="tile-paused-more">${t('paused.sound')}</span></span></p>`}
    ${isFrozen && html`<p class="tile-paused" role="status" data-testid="frozen-${person.id}">
      <span>${t('trouble.frozen')}<span class="tile-paused-more">${t('trouble.frozen_more')}</span></span></p>`}
    <${Badges} person=${person} />
    ${!isYou && html`<${SoundOnlyBadge} person=${person} />`}
    <${HandBadge} view=${view} person=${person} />
    ${may(view, 'mute_others') && !isYou && !isInRoom(view) && person.id !== view.order.presiding && html`<${MuteButton} court=${court} person=${person} />`}
    <p class="tile-label"><span class="seat-label">${word('role', person.role)}</span>
      <span class="tile-name">${person.name}${isYou ? t('person.you') : ''}</span>
      <${LinkSign} court=${court} person=${person} /></p>
  </article>`;
}

/** @param {{view: View, person: Person}} props */
function HandBadge({view, person}) {
  const place = placeOf(view, person.id);
  if (!place) return null;
  return html`<span class="badge hand-badge" data-testid="hand-${person.id}" title=${t('hand.on_tile', {place})}>
    <${Icon} name="hand" /><span aria-hidden="true">${place}</span><span class="for-readers">${t('hand.on_tile', {place})}</span></span>`;
}

/** @param {{person: Person}} props */
function Badges({person}) {
  if (person.muted_by_court) return html`<span class="badge court" data-testid="badge-muted-${person.id}" title=${t('person.muted_by_court')}>
    <${Icon} name="microphone_off" /><span class="badge-words">${t('person.muted_by_court')}</span></span>`;
  if (!person.microphone_on) return html`<span class="badge" data-testid="badge-muted-${person.id}" title=${t('person.muted')}>
    <${Icon} name="microphone_off" /><span class="badge-words">${t('person.muted')}</span></span>`;
  return null;
}

/** @param {{court: import('../hearing.js').Court, person: Person}} props */
function MuteButton({court, person}) {
  const words = t(person.muted_by_court ? 'bench.unmute_one' : 'bench.mute_one', {who: person.name});
  return html`<button type="button" class="tile-button" data-testid="btn-mute-${person.id}" title=${words} aria-label=${words}
    aria-pressed=${person.muted_by_court} onClick=${() => court.intents.mute(person.id, !person.muted_by_court)}>
    <${Icon} name=${person.muted_by_court ? 'microphone_off' : 'microphone'} /></button>`;
}
