// Judges a zip with the browser's verifier: node judge.mjs ZIP; prints the exit code and what isn't good.
import {openAsBlob} from 'node:fs';
import {argv} from 'node:process';

import {fromZip} from '../../static/js/verify/bundle.js';
import {judge} from '../../static/js/verify/judge.js';

const {findings, exit} = await judge(await fromZip(await openAsBlob(argv[2] ?? '')));
const bad = findings.filter(({state}) => state !== 'ok').map(({file, state, entry, firstBadS}) => (
  {item: file, state, entry: entry ?? null, second: firstBadS ?? null}));
console.log(JSON.stringify({exit, bad}));
