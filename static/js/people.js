/** Seating people in a hearing that is already scheduled, over HTTP. No page. */
import {call} from './http.js';

/** @typedef {import('./types.js').Role} Role */
/** @typedef {{role: Role, name: string, side?: 'a'|'b'|null, linked_to?: string|null, replaces?: string, reason?: string}} NewPerson */
/** @typedef {{id: string, role: Role, name: string, isGone: boolean}} Seated somebody of the hearing */

/** @type {Role[]} */
export const ROLES = ['judge', 'bench_member', 'clerk', 'plaintiff', 'defendant', 'representative', 'witness', 'interpreter', 'mediator', 'observer'];
/** @type {ReadonlySet<Role>} */
export const COURTS_OWN = new Set(['judge', 'bench_member', 'clerk']);
/** @type {ReadonlySet<Role>} */
const COMPANIONS = new Set(['interpreter', 'observer']);
/** @type {ReadonlySet<Role>} */
const ACCOMPANIED = new Set(['plaintiff', 'defendant', 'representative', 'witness']);

/**
 * With a seat's token as clerk or judge; without one, the staff cookie counts.
 * @param {string} hearingId @param {string|null} token @param {NewPerson} person
 * @returns {Promise<import('./types.js').JoinLink>} Rejects with Refused.
 */
export function seatPerson(hearingId, token, person) {
  return call('POST', `/api/hearings/${encodeURIComponent(hearingId)}/people`, person, token ?? undefined);
}

/**
 * To what somebody of that role can be bound: a side, or whom they move with.
 * @param {Role} role @param {Seated[]} people @returns {{field: 'side'|'linked_to', choices: {value: string, role: Role, name: string}[]}|null}
 */
export function tiesFor(role, people) {
  if (role === 'representative') {
    return {field: 'side', choices: [{value: 'a', role: 'plaintiff', name: ''}, {value: 'b', role: 'defendant', name: ''}]};
  }
  if (!COMPANIONS.has(role)) return null;
  const here = people.filter((person) => ACCOMPANIED.has(person.role) && !person.isGone);
  return {field: 'linked_to', choices: here.map(({id, role, name}) => ({value: id, role, name}))};
}
