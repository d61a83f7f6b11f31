/** Turns what happened into a sentence for this person. */
import {callIn} from './chime.js';
import {announceExhibits} from './exhibit-news.js';
import {t, word} from './language.js';
import {announceOrder} from './order-news.js';

/** @typedef {import('./types.js').View} View */

const WAITED = new Set(['ready_in_lobby', 'called', 'in_room']);

/**
 * @param {import('./types.js').CourtEvent} event @param {View} before @param {View} view
 * @param {import('./store.js').Store} store
 */
export function announce(event, before, view, {toast, tell}) {
  if (event.to === 'removed' && event.participant_id === view.you.id) tell({kind: 'removed_for', reason: event.reason ?? ''});
  if (announceExhibits(event, view, toast)) return;
  if (announceOrder(event, before, view, toast)) return;
  switch (event.kind) {
    case 'court_mute_changed':
      if (event.participant_id === view.you.id) toast(t(event.muted ? 'news.muted' : 'news.unmuted'));
      break;
    case 'participant_moved':
      announceMove(event, before, view, toast);
      break;
    case 'message_sent':
    case 'help_asked':
    case 'help_taken':
    case 'identity_decided':
    case 'snapshot_submitted':
    case 'delay_announced':
      announceAtTheDoor(event, view, toast);
      break;
    case 'recording_interrupted':
      if (!view.record) toast(t('news.recording_interrupted'), 'alarm'); // bench and clerk have it before their eyes
      break;
    case 'recorder_overridden':
      if (!view.record) toast(t('news.recorder_overridden'), 'alarm');
      break;
    case 'invitation_ended':
      announceRefusal(event, view, toast);
      break;
    case 'gallery_opened':
      toast(t('news.gallery_opened'));
      break;
    case 'gallery_cut':
      toast(t('news.gallery_cut'));
      break;
    case 'recording_resumed':
      if (!view.record) toast(t('news.recording_resumed'));
      break;
    case 'pictures_given_up':
      if (view.record) toast(t('fault.pictures_given_up'), 'alarm');
      break;
    case 'pictures_kept_again':
      if (view.record) toast(t('fault.pictures_kept_again'));
      break;
    case 'countdown_cancelled':
      toast(t('news.countdown_cancelled'));
      break;
  }
}

/**
 * @param {import('./types.js').CourtEvent} event @param {View} before @param {View} view
 * @param {import('./store.js').Store['toast']} toast
 */
function announceMove(event, before, view, toast) {
  const isOwn = event.participant_id === view.you.id;
  if (isOwn) {
    if (event.to === 'called' || (event.to === 'in_court' && WAITED.has(before.you.state))) callIn();
    if (event.to === 'in_court' && before.you.state === 'ready_in_lobby') toast(t('news.admitted'));
    if (event.to === 'ready_in_lobby' && before.you.state === 'in_court') toast(t('news.returned'));
    return;
  }
  const person = [...view.people, ...before.people].find(({id}) => id === event.participant_id);
  if (!person || !event.to) return;
  const who = {who: `${word('role', person.role)} ${person.name}`};
  if (event.to === 'ready_in_lobby' && view.may.includes('admit')) toast(t('news.waits', who));
  if (event.to === 'left') toast(t('news.left', who));
  if (event.to === 'reconnecting') toast(t('news.reconnecting', who));
}

/** Somebody who was asked into your room will not come. @param {import('./types.js').CourtEvent} event @param {View} view @param {import('./store.js').Store['toast']} toast */
function announceRefusal({participant_id, why}, view, toast) {
  const mate = view.rooms.companions.find(({id}) => id === participant_id);
  if (why === 'declined' && mate) toast(t('invitation.declined', {who: `${word('role', mate.role)} ${mate.name}`}));
}

/**
 * Check-in, help and messages: what concerns this person, or the court's desk.
 * @param {import('./types.js').CourtEvent} event @param {View} view @param {import('./store.js').Store['toast']} toast
 */
function announceAtTheDoor({kind, participant_id, by_court, accepted}, view, toast) {
  const isDesk = view.may.includes('run_check_in');
  const line = view.lobby.board.find((each) => each.participant_id === participant_id);
  const who = {who: line ? `${word('role', line.role)} ${line.name}` : ''};
  if (kind === 'message_sent' && Boolean(by_court) !== isDesk) toast(isDesk ? t('news.message_from', who) : t('news.message'));
  if (kind === 'delay_announced' && !isDesk && view.lobby.delay) toast(t('news.delay'));
  if (kind === 'help_asked' && isDesk) toast(t('news.help_asked', who), 'alarm');
  if (kind === 'snapshot_submitted' && isDesk) toast(t('news.snapshot', who));
  if (participant_id !== view.you.id) return;
  if (kind === 'help_taken') toast(t('news.help_taken'));
  if (kind === 'identity_decided') toast(t(accepted ? 'news.identity_good' : 'news.identity_bad'), accepted ? 'calm' : 'alarm');
}
