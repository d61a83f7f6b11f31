// The browser's verifier on the record format's vectors, and kept check values: node --test tests/js/record.mjs
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';

import {headsFile, keepHead, keptHeads} from '../../static/js/heads.js';
import {fromFiles} from '../../static/js/verify/bundle.js';
import {canonical, fromHex, isSigned, sha256, utf8} from '../../static/js/verify/crypto.js';
import {judge} from '../../static/js/verify/judge.js';
import {secondsOf} from '../../static/js/verify/moments.js';

/** @param {string} name @returns {any} */
const vectors = (name) => JSON.parse(readFileSync(new URL(`../vectors/record/${name}.json`, import.meta.url), 'utf8'));

for (const {value, canonical: wanted} of vectors('canonical')) {
  test(`canonical ${wanted.slice(0, 20)}`, () => assert.equal(canonical(value), wanted));
}

for (const {previous, line, hash} of vectors('chain')) {
  test(`chain ${line.slice(0, 20)}`, async () => {
    assert.equal(await sha256(new Uint8Array([0, ...fromHex(previous), ...utf8(line)])), hash);
  });
}

for (const [at, {public_key: key, said, signature, is_good: isGood}] of vectors('signatures').entries()) {
  test(`signature ${at}`, async () => assert.equal(await isSigned(key, said, signature), isGood));
}

const {whole, records} = vectors('records');
for (const {name, same, other, court_key: courtKey, kept, says} of records) {
  test(`record: ${name}`, async () => {
    const packed = {...Object.fromEntries(same.map((/** @type {string} */ file) => [file, whole[file]])), ...other};
    const files = Object.entries(packed).map(([path, content]) => ({path, blob: new Blob([Buffer.from(content, 'base64')])}));
    const {findings, exit} = await judge(fromFiles(files), {courtKey, kept: kept ?? undefined});
    const bad = findings.filter(({state}) => state !== 'ok').map(({file, state, entry, firstBadS}) => (
      {item: file, state, entry: entry ?? null, second: firstBadS ?? null}));
    assert.deepEqual({exit, bad}, says);
  });
}

/** A storage like the browser's. @param {number} [limit] in characters @returns {any} */
function storage(limit = Infinity) {
  const kept = new Map();
  return {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem(/** @type {string} */ key, /** @type {string} */ value) {
      if (value.length > limit) throw new DOMException('full', 'QuotaExceededError');
      kept.set(key, value);
    },
  };
}

const head = (/** @type {number} */ count) => ({count, head: 'ab'.repeat(32), signature: 'cd'.repeat(64)});

test('each signed state is kept once, the last two hundred of them, by hearing', () => {
  const store = storage();
  for (let count = 1; count <= 250; count += 1) {
    keepHead('h_1', head(count), store);
    keepHead('h_1', head(count), store); // weather repeats itself
  }
  keepHead('h_2', head(7), store);
  keepHead('h_2', null, store);
  assert.deepEqual(keptHeads('h_1', store).map(({count}) => count), Array.from({length: 200}, (_, at) => at + 51));
  assert.deepEqual(JSON.parse(headsFile('h_2', store)), {format: 'cloudcourt-heads/1', hearing: 'h_2', heads: [head(7)]});
});

test('a full storage and a spoilt one keep nobody from the hearing', () => {
  const store = storage(300);
  for (const count of [1, 2, 3]) keepHead('h_1', head(count), store);
  assert.deepEqual(keptHeads('h_1', store), [head(1)]);
  store.setItem('cloudcourt.heads.h_3', '{');
  assert.deepEqual(keptHeads('h_3', store), []);
});

test('a moment keeps what is below a millisecond', () => {
  const part = secondsOf('2026-12-01T03:23:16.018499+00:00') - secondsOf('2026-12-01T03:23:16Z');
  assert.equal(Math.round(1e6 * part), 18_499);
  assert.ok(Number.isNaN(secondsOf('yesterday')));
});
