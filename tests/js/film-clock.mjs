// Unit tests of film time in the browser: node --test tests/js/film-clock.mjs
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {markAt, nextMark, sectionAt, wallMs} from '../../static/js/film-clock.js';

const at = (/** @type {number} */ seconds) => new Date(Date.UTC(2026, 10, 24, 9) + seconds * 1000).toISOString();
/** @type {any[]} */
const sections = [
  {from_s: 0, length_s: 60, began_at: at(0), ended_at: at(60), reason: null},
  {from_s: 60, length_s: 2, began_at: at(60), ended_at: at(600), reason: 'RECESS'},
  {from_s: 62, length_s: 100, began_at: at(600), ended_at: at(700), reason: null},
];
const mark = (/** @type {number|null} */ film_s) => /** @type {any} */ ({film_s});

test('the court’s clock goes on with the film, stands on a gap’s card, and jumps over the gap', () => {
  const shown = (/** @type {number} */ second) => (/** @type {number} */ (wallMs(sections, second)) - Date.parse(at(0))) / 1000;
  assert.deepEqual([0, 59.5, 60, 61.9, 62, 112, 162, 999].map(shown), [0, 59.5, 60, 60, 600, 650, 700, 700]);
  assert.equal(wallMs([], 5), null);
  assert.equal(sectionAt(sections, -1), sections[0]);
});

test('the mark of now is the last one that the film has come to', () => {
  const marks = [0, 10, 10, 25, null, 40].map(mark);
  assert.deepEqual([-1, 0, 9.9, 10, 30, 99].map((second) => markAt(marks, second)), [-1, 0, 0, 2, 3, 5]);
  assert.equal(markAt([], 5), -1);
});

test('brackets go from mark to mark, and a moment after one still count as at it', () => {
  const marks = [0, 10, 25, null, 40].map(mark);
  assert.equal(nextMark(marks, 0, 1), 10);
  assert.equal(nextMark(marks, 10.05, 1), 25);
  assert.equal(nextMark(marks, 40, 1), undefined);
  assert.equal(nextMark(marks, 26, -1), 10);
  assert.equal(nextMark(marks, 27, -1), 25);
  assert.equal(nextMark(marks, 1, -1), undefined);
});
