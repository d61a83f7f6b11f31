// The arithmetic of the player that stays close behind the court.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {leap, shownAtMs} from '../../static/js/program-timing.js';

const WISH = {startBehindS: 5, mostBehindS: 18};
const MORNING = Date.parse('2026-11-24T09:00:00Z');

/** @param {number} number @param {Partial<import('../../static/js/program-source.js').ProgramChunk>} [other] */
const chunk = (number, other = {}) => ({number, kind: /** @type {'take'} */ ('take'), film_ms: (number - 1) * 4000, duration_ms: 4000,
  began_at: new Date(MORNING + (number - 1) * 4000).toISOString(), ended_at: new Date(MORNING + number * 4000).toISOString(), ...other});

test('what is shown has its own time of day, over a gap too', () => {
  const late = chunk(3, {began_at: '2026-11-24T10:00:00Z', ended_at: '2026-11-24T10:00:04Z'});
  const card = chunk(4, {kind: 'card', began_at: '2026-11-24T10:00:04Z', ended_at: '2026-11-24T10:30:00Z'});
  const chunks = [chunk(1), chunk(2), late, card];
  assert.equal(shownAtMs(chunks, 5.5), MORNING + 5500);
  assert.equal(shownAtMs(chunks, 9), Date.parse('2026-11-24T10:00:01Z'));
  assert.equal(shownAtMs(chunks, 13), Date.parse('2026-11-24T10:30:00Z'), 'a card stands for all of its gap');
  assert.equal(shownAtMs(chunks, 40), null);
});

test('the player begins near the newest piece, and stays while it is inside', () => {
  assert.equal(leap([], 0, WISH), null);
  assert.equal(leap([{start: 100, end: 112}], 0, WISH), 107.01);
  assert.equal(leap([{start: 0, end: 4}], 0, WISH), null);
  assert.equal(leap([{start: 100, end: 112}], 107, WISH), null);
  assert.equal(leap([{start: 100, end: 112}], 111.9, WISH), null, 'at the end it waits for the next');
  assert.equal(leap([{start: 100, end: 130}], 111, WISH), 125.01, 'too far behind');
});

test('a hole is leapt over, whether it is reached or stood in', () => {
  const ranges = [{start: 100, end: 112}, {start: 116, end: 120}];
  assert.equal(leap(ranges, 111.9, WISH), 116.01);
  assert.equal(leap(ranges, 114, WISH), 116.01);
  assert.equal(leap(ranges, 117, WISH), null);
  assert.equal(leap([{start: 116, end: 120}], 111, WISH), 116.01, 'what was before is gone');
});
