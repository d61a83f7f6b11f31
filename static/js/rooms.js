/** Pure questions about private rooms and the court's arrangement, and what can be asked about them. */

/** @typedef {import('./types.js').View} View */
/** @typedef {import('./types.js').Person} Person */
/** @typedef {import('./types.js').Role} Role */
/** @typedef {'consultation'|'bench'} RoomKind */
/** @typedef {'open_court'|'sidebar'|'sealed'|'mediation'|'caucus_a'|'caucus_b'} Arrangement */
/** @typedef {{id: string, role: Role, name: string, is_here: boolean}} Companion */
/** @typedef {{id: string, kind: RoomKind, is_locked: boolean, people: string[], invited: string[]}} PrivateRoom */
/** @typedef {{room_id: string, kind: RoomKind, is_locked: boolean, by: Companion, inside: Companion[]}} Invitation */
/**
 * @typedef {object} Rooms
 * @property {PrivateRoom|null} room the one you are in
 * @property {Invitation[]} invitations
 * @property {RoomKind|null} may_open the kind you could open now
 * @property {string|null} bench_room the bench's room, where you may go in unasked
 * @property {Companion[]} companions
 * @property {Arrangement} arrangement
 * @property {boolean} takes_part false while the court goes on without you
 * @property {'a'|'b'|null} side
 * @property {{interpreter_id: string, name: string, is_open: boolean}[]} channels
 * @property {string|null} listens_to
 */

/** @type {Arrangement[]} */
export const ARRANGEMENTS = ['open_court', 'sidebar', 'sealed', 'mediation', 'caucus_a', 'caucus_b'];
/** @type {ReadonlySet<Arrangement>} */
export const MEDIATING = new Set(['mediation', 'caucus_a', 'caucus_b']);
const SEALED = new Set(['sidebar', 'sealed']);
const FLOOR_IS_LOW = 0.2;

/** What becomes of the record. @param {Arrangement} arrangement @returns {'recorded'|'sealed_record'|'off_record'} */
export function recordOf(arrangement) {
  if (MEDIATING.has(arrangement)) return 'off_record';
  return SEALED.has(arrangement) ? 'sealed_record' : 'recorded';
}

/** True for whoever is in a private room. @param {View} view */
export function isInRoom(view) {
  return view.you.state === 'in_room' && view.rooms.room !== null;
}

/** Everyone in your room, yourself included. @param {View} view @returns {Person[]} */
export function roommates(view) {
  const inside = view.rooms.room?.people ?? [];
  return view.people.filter(({id}) => inside.includes(id));
}

/** True while the sitting court goes on without you. @param {View} view */
export function isShutOut(view) {
  return view.session === 'in_session' && !view.rooms.takes_part;
}

/** How loud a person is played: an interpreter who was chosen in full, the court low. @param {View} view @param {string} id */
export function volumeOf(view, id) {
  const {listens_to: chosen, channels} = view.rooms;
  const isPresent = channels.some((channel) => channel.interpreter_id === chosen);
  return !isPresent || id === chosen ? 1 : FLOOR_IS_LOW;
}

/** @param {(kind: string, fields?: Record<string, unknown>) => Promise<boolean>} ask */
export function roomIntents(ask) {
  return {
    /** @param {RoomKind} kind @param {string[]} invite */
    openRoom: (kind, invite) => ask('open_room', {room_kind: kind, invite}),
    /** @param {string} id */
    inviteToRoom: (id) => ask('invite_to_room', {participant_id: id}),
    /** @param {string} room */
    acceptInvitation: (room) => ask('accept_invitation', {room_id: room}),
    /** @param {string} room */
    declineInvitation: (room) => ask('decline_invitation', {room_id: room}),
    /** @param {string} room */
    enterRoom: (room) => ask('enter_room', {room_id: room}),
    /** @param {boolean} isLocked */
    lockRoom: (isLocked) => ask('lock_room', {is_locked: isLocked}),
    leaveRoom: () => ask('leave_room'),
    /** @param {Arrangement} arrangement */
    arrange: (arrangement) => ask('arrange', {arrangement}),
    /** @param {string} id */
    callWitness: (id) => ask('call_witness', {participant_id: id}),
    /** @param {string} id */
    dismissWitness: (id) => ask('dismiss_witness', {participant_id: id}),
    answerCall: () => ask('answer_call'),
    /** @param {string|null} id */
    chooseChannel: (id) => ask('choose_channel', {interpreter_id: id}),
    /** @param {boolean} toChannel */
    interpret: (toChannel) => ask('interpret', {to_channel: toChannel}),
  };
}
