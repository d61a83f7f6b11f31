// Unit tests of the browser client's pure parts: node --test tests/js/unit.mjs
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {linkFigures, YOU} from '../../static/js/figures.js';
import {mayBeHeard, recordSign, seated, stageOf, waiting} from '../../static/js/stage.js';

/** @param {string} id @param {object} [news] */
const person = (id, news = {}) => ({
  id, role: 'defendant', name: id, state: 'in_court', microphone_on: true, camera_on: true, muted_by_court: false, ...news,
});

/** @param {object} [news] @returns {any} */
const view = (news = {}) => ({
  session: 'in_session', record_mode: 'on_record', opened_at: '2026-11-24T09:00:00Z', you: person('p_me'),
  people: [person('p_me')], may: [], ...news,
});

/** @param {object} [news] @returns {any} */
const state = (news = {}) => ({
  seat: {}, refusal: null, goodbye: null, view: view(), wish: {microphone: true, camera: true}, ...news,
});

const health = (/** @type {object} */ news) => /** @type {any} */ ({state: 'writing', bytes_written: 9, bytes_last_5s: 9, reason: '', ...news});

test('each state of the person leads to one page', () => {
  const at = (/** @type {string} */ where) => stageOf(state({view: view({you: person('p_me', {state: where})})}));
  assert.equal(stageOf(state({view: null})), 'opening');
  assert.equal(at('checking_in'), 'preview');
  assert.equal(at('ready_in_lobby'), 'waiting');
  assert.equal(at('in_court'), 'court');
  assert.equal(at('removed'), 'gone');
  assert.equal(stageOf(state({goodbye: 'superseded'})), 'gone');
  assert.equal(stageOf(state({view: view({session: 'closed'})})), 'over');
  assert.equal(stageOf(state({refusal: {code: 'link_not_valid'}})), 'refused');
});

test('a microphone is open only while the court sits, unmuted, with both switches on', () => {
  assert.equal(mayBeHeard(state()), true);
  for (const session of ['lobby_open', 'countdown', 'recess', 'suspended', 'closed']) {
    assert.equal(mayBeHeard(state({view: view({session})})), false, session);
  }
  assert.equal(mayBeHeard(state({view: view({you: person('p_me', {muted_by_court: true})})})), false);
  assert.equal(mayBeHeard(state({view: view({you: person('p_me', {microphone_on: false})})})), false);
  assert.equal(mayBeHeard(state({wish: {microphone: false, camera: true}})), false);
});

test('the sign says recording only while the court tells that bytes reach the disk', () => {
  const now = 100_000;
  const sign = (/** @type {any} */ recorder, /** @type {object} */ of = {}, /** @type {object} */ news = {}) =>
    recordSign(state({link: 'live', recorder, recorderHeardAtMs: now - 900, ...news}), view(of), now);
  assert.equal(sign(health({})), 'writing');
  assert.equal(sign(health({bytes_last_5s: 0})), 'starting');
  assert.equal(sign(null), 'starting');
  assert.equal(sign(health({state: 'stalled'})), 'stalled');
  assert.equal(sign(health({}), {}, {recorderHeardAtMs: now - 11_000}), 'unknown');
  assert.equal(sign(health({}), {}, {link: 'reconnecting'}), 'unknown');
  assert.equal(sign(health({}), {session: 'recess', record_mode: 'off_record'}), 'off_record');
  assert.equal(sign(null, {session: 'lobby_open', record_mode: 'off', opened_at: null}), 'off');
});

test('tiles are for those in court and held seats; the list at the door for the others', () => {
  const people = [person('p_me'), person('p_gone', {state: 'reconnecting'}), person('p_out', {state: 'ready_in_lobby'}), person('p_no', {state: 'invited'})];
  assert.deepEqual(seated(view({people})).map(({id}) => id), ['p_me', 'p_gone']);
  assert.deepEqual(waiting(view({people})).map(({id}) => id), ['p_out']);
});

test('figures name who speaks and notice loss, and a new connection starts afresh', () => {
  const read = linkFigures();
  const report = (/** @type {object[]} */ ...stats) => /** @type {any} */ (new Map(stats.map((stat, at) => [String(at), stat])));
  const sound = (/** @type {object} */ news) => ({type: 'inbound-rtp', kind: 'audio', mid: '2', packetsLost: 0, packetsReceived: 100, audioLevel: 0.2, ...news});
  const own = {type: 'media-source', kind: 'audio', audioLevel: 0.3};
  assert.deepEqual([...read(report(sound({}), own), {2: 'p_a'}).speaking], ['p_a', YOU]);
  assert.equal(read(report(sound({packetsReceived: 200, packetsLost: 40})), {2: 'p_a'}).isWeak, true);
  assert.equal(read(report(sound({packetsReceived: 10, packetsLost: 0})), {2: 'p_a'}).isWeak, false);
  assert.equal(read(report(sound({audioLevel: 0})), {2: 'p_a'}).speaking.size, 0);
});
