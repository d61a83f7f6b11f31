// Unit tests of the browser client's pure parts: node --test tests/js/unit.mjs
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {watchFrames} from '../../static/js/frozen.js';
import {keyOf} from '../../static/js/court-keys.js';
import {browserName, meaning} from '../../static/js/diagnosis.js';
import {leadOf} from '../../static/js/lead.js';
import {linkFigures, YOU} from '../../static/js/figures.js';
import {commonCodecs, fits, layers} from '../../static/js/media-lines.js';
import {looksDriven} from '../../static/js/motion.js';
import {createRepair} from '../../static/js/repair.js';
import {recordOf, volumeOf} from '../../static/js/rooms.js';
import {tunedForSpeech} from '../../static/js/sdp.js';
import {gradeOf, isExpecting, isSpeaking, mayBeHeard, recordSign, seated, stageOf, waiting} from '../../static/js/stage.js';
import {reduce} from '../../static/js/store.js';
import {createWatchdog, dialPatienceMs, LEAST_PATIENCE_MS, MOST_PATIENCE_MS, redialAfterMs} from '../../static/js/watchdog.js';

/** @param {string} id @param {object} [news] */
const person = (id, news = {}) => ({
  id, role: 'defendant', name: id, state: 'in_court', microphone_on: true, camera_on: true, muted_by_court: false, sound_only: false, ...news,
});

/** A floor that is nobody's. */
const open = {is_exclusive: false, holder: null, given_at: null, ends_at: null, is_locked: false, hands: []};

/** In no private room, in open court. */
const noRooms = {room: null, invitations: [], may_open: null, bench_room: null, companions: [], arrangement: 'open_court', takes_part: true, side: null, channels: [], listens_to: null};

/** @param {object} [news] @returns {any} */
const view = (news = {}) => ({
  session: 'in_session', record_mode: 'on_record', opened_at: '2026-11-24T09:00:00Z', you: person('p_me'),
  people: [person('p_me')], may: [], order: {presiding: null, floor: open}, merged_phases: [], rooms: noRooms, lobby: {talks: []}, ...news,
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

test('in a private room order does not count, and silence is trouble only while somebody else is there', () => {
  const room = {...noRooms, room: {id: 'room_7', kind: 'consultation', is_locked: false, people: ['p_me', 'p_lawyer'], invited: []}};
  const me = person('p_me', {state: 'in_room', muted_by_court: true});
  const lawyer = person('p_lawyer', {state: 'in_room'});
  const inside = (/** @type {object} */ news) => state({paused: {}, view: view({session: 'recess', you: me, people: [me, lawyer], rooms: room, ...news})});
  assert.equal(stageOf(inside({})), 'room');
  assert.equal(mayBeHeard(inside({})), true);
  assert.equal(isExpecting(inside({})), true);
  assert.equal(isExpecting(inside({people: [me]})), false);
  assert.deepEqual(waiting(view({people: [me, lawyer]})), [], 'people in rooms do not stand at the door');
});

test('whoever is shut out of an arrangement expects nothing; a chosen interpreter is loud, the court low', () => {
  const rooms = {...noRooms, arrangement: 'caucus_a', takes_part: false};
  assert.equal(isExpecting(state({paused: {}, view: view({rooms, people: [person('p_me'), person('p_judge')]})})), false);
  const listening = view({rooms: {...noRooms, channels: [{interpreter_id: 'p_i', name: 'I', is_open: true}], listens_to: 'p_i'}});
  assert.deepEqual([volumeOf(listening, 'p_i'), volumeOf(listening, 'p_judge')], [1, 0.2]);
  assert.equal(volumeOf(view({rooms: {...noRooms, listens_to: 'p_gone'}}), 'p_judge'), 1);
  assert.deepEqual([recordOf('sidebar'), recordOf('caucus_b'), recordOf('open_court')], ['sealed_record', 'off_record', 'recorded']);
});

test('by sound only nobody is waited for who could be seen alone', () => {
  const judge = person('p_judge', {microphone_on: false});
  const seen = (/** @type {boolean} */ sound_only) => state({paused: {}, view: view({you: person('p_me', {sound_only}), people: [person('p_me'), judge]})});
  assert.deepEqual([isExpecting(seen(false)), isExpecting(seen(true))], [true, false]);
});

test('a microphone is open only while the court sits, unmuted, with both switches on', () => {
  assert.equal(mayBeHeard(state()), true);
  for (const session of ['lobby_open', 'countdown', 'recess', 'suspended', 'closed']) {
    assert.equal(mayBeHeard(state({view: view({session})})), false, session);
  }
  assert.equal(mayBeHeard(state({view: view({you: person('p_me', {muted_by_court: true})})})), false);
  assert.equal(mayBeHeard(state({view: view({you: person('p_me', {microphone_on: false})})})), false);
  assert.equal(mayBeHeard(state({wish: {microphone: false, camera: true}})), false);
  const floor = (/** @type {string|null} */ holder) => ({order: {presiding: null, floor: {...open, is_exclusive: true, holder}}});
  assert.equal(mayBeHeard(state({view: view(floor(null))})), false, 'one waits for the word');
  assert.equal(mayBeHeard(state({view: view(floor('p_me'))})), true);
  assert.equal(mayBeHeard(state({view: view({...floor(null), may: ['speak_unasked']})})), true, 'the bench is always heard');
});

test('in a word of help the two are heard by each other whatever the court says', () => {
  const talk = {participant_id: 'p_me', with_id: 'p_clerk', with_role: 'clerk', with_name: 'C', is_yours: true, in_court: false, began_at: ''};
  const aside = (/** @type {object} */ news) => state({paused: {}, view: view({session: 'recess', lobby: {talks: [talk]}, ...news})});
  assert.equal(mayBeHeard(aside({you: person('p_me', {state: 'ready_in_lobby', muted_by_court: true})})), true);
  assert.equal(mayBeHeard(aside({you: person('p_me', {microphone_on: false})})), false);
  assert.equal(mayBeHeard(aside({lobby: {talks: [{...talk, is_yours: false}]}})), false, 'of others the desk only knows');
});

test('the sign says recording only while the court tells that bytes reach the disk', () => {
  const now = 100_000;
  const sign = (/** @type {any} */ recorder, /** @type {object} */ of = {}, /** @type {object} */ news = {}) =>
    recordSign(state({link: 'live', recorder, weatherAtMs: now - 900, ...news}), view(of), now);
  assert.equal(sign(health({})), 'writing');
  assert.equal(sign(health({bytes_last_5s: 0})), 'starting');
  assert.equal(sign(null), 'starting');
  assert.equal(sign(health({state: 'stalled'})), 'stalled');
  assert.equal(sign(health({}), {}, {weatherAtMs: now - 11_000}), 'unknown');
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

test('figures find a pulse in anything that comes in, and count pictures by line', () => {
  const read = linkFigures();
  const report = (/** @type {object[]} */ ...stats) => /** @type {any} */ (new Map(stats.map((stat, at) => [String(at), stat])));
  const pair = {type: 'candidate-pair', nominated: true, bytesReceived: 0, responsesReceived: 1};
  const before = read(report(pair), {}).pulse;
  assert.ok(read(report({...pair, responsesReceived: 2}), {}).pulse > before, 'answers of the path alone');
  assert.ok(read(report(pair, {type: 'transport', packetsReceived: 1}), {}).pulse > before, 'reports alone');
  const seen = read(report({type: 'inbound-rtp', kind: 'video', mid: '3', packetsReceived: 9, framesDecoded: 4}), {});
  assert.deepEqual(seen.pictures, {3: {packets: 9, frames: 4}});
});

test('the watchdog is patient with beats that come unevenly, and forgets', () => {
  const steady = createWatchdog(0);
  for (let now = 400; now <= 8000; now += 400) steady.beat(now);
  assert.equal(steady.patienceMs(8000), LEAST_PATIENCE_MS);
  const uneven = createWatchdog(0);
  for (let at = 1; at <= 40; at += 1) uneven.beat(at * 400 + (at % 2 ? 350 : 0));
  const patience = uneven.patienceMs(16_000);
  assert.ok(patience > 1500 && patience <= MOST_PATIENCE_MS, `${patience}`);
  for (let at = 41; at <= 140; at += 1) uneven.beat(at * 400);
  assert.equal(uneven.patienceMs(56_000), LEAST_PATIENCE_MS);
});

test('the watchdog barks after 900 ms of silence, and not for time the page slept through', () => {
  const dog = createWatchdog(0);
  dog.beat(400);
  for (let now = 600; now <= 1300; now += 200) assert.equal(dog.isSilent(now), false, `${now}`);
  assert.equal(dog.isSilent(1400), true);
  dog.heard(1450);
  assert.equal(dog.isSilent(1500), false);
  assert.equal(dog.isSilent(61_500), false, 'the page was frozen for a minute');
  assert.equal(dog.silentForMs(61_500), 60_050);
  for (let now = 61_700; now <= 62_300; now += 200) assert.equal(dog.isSilent(now), false, `${now}`);
  assert.equal(dog.isSilent(62_500), true);
});

test('a link doubted wrongly is given more time for a while', () => {
  const dog = createWatchdog(0);
  dog.wasWrong(0);
  assert.equal(dog.patienceMs(0), LEAST_PATIENCE_MS + 300);
  assert.equal(dog.patienceMs(30_000), LEAST_PATIENCE_MS + 150);
  for (let time = 0; time < 20; time += 1) dog.wasWrong(1);
  assert.equal(dog.patienceMs(1), MOST_PATIENCE_MS);
});

test('dialling again gets slower and more patient', () => {
  assert.ok(redialAfterMs(0, 0) < redialAfterMs(0, 1) && redialAfterMs(0, 1) < redialAfterMs(9, 0.5));
  assert.equal(redialAfterMs(9, 0.5), redialAfterMs(4, 0.5));
  assert.ok(dialPatienceMs(0) < dialPatienceMs(1) && dialPatienceMs(1) < dialPatienceMs(2));
  assert.equal(dialPatienceMs(50), dialPatienceMs(2));
});

/** A media connection whose look and time the test tells. */
class Patient {
  now = 1000;
  /** @type {any} */
  sight = {state: 'connected', isLinked: true, pulse: 0, isExpecting: true, isShown: true, pictures: {}};

  constructor() {
    this.repair = createRepair(() => 0.5);
    this.repair.begun(this.now);
  }

  /**
   * Time passes in looks of 400 ms; the first remedy that isn't to wait, or `wait`.
   * @param {number} ms @param {object} [news] @param {(patient: Patient) => void} [each] what happens meanwhile
   */
  passes(ms, news = {}, each = () => undefined) {
    Object.assign(this.sight, news);
    for (const end = this.now + ms; this.now < end;) {
      this.now += 400;
      each(this);
      const remedy = this.repair.look({...this.sight, now: this.now});
      if (remedy !== 'wait') return remedy;
    }
    return 'wait';
  }

  get isWell() {
    return this.repair.isWell({...this.sight, now: this.now});
  }

  /** @param {number} ms @param {object} [news] */
  flows(ms, news) {
    return this.passes(ms, news, ({sight}) => {
      sight.pulse += 10;
    });
  }
}

test('while packets come, nothing is done', () => {
  assert.equal(new Patient().flows(60_000), 'wait');
});

test('silence is answered with a restart within two seconds, then with a new connection, never with two', () => {
  const patient = new Patient();
  patient.flows(4000);
  const before = patient.now;
  assert.equal(patient.passes(10_000), 'restart');
  assert.ok(patient.now - before <= 2000, `${patient.now - before}`);
  assert.equal(patient.passes(20_000), 'wait', 'no second remedy while the first is under way');
  patient.repair.answered(patient.now);
  const answered = patient.now;
  assert.equal(patient.passes(10_000, {state: 'connecting'}), 'rebuild');
  assert.ok(patient.now - answered >= 2500 && patient.now - answered <= 3200, `${patient.now - answered}`);
  assert.equal(patient.passes(20_000), 'wait');
  assert.equal(patient.repair.mustRebuild(patient.now), 'wait');
});

test('a restart that helps ends the treatment', () => {
  const patient = new Patient();
  assert.equal(patient.passes(4000, {state: 'disconnected'}), 'restart');
  patient.repair.answered(patient.now);
  assert.equal(patient.isWell, false);
  patient.flows(800, {state: 'connected'});
  assert.equal(patient.repair.isTreating, false);
  assert.equal(patient.isWell, true);
  assert.equal(patient.flows(20_000), 'wait');
});

test('a path that is gone from the figures is no sign of life', () => {
  const patient = new Patient();
  patient.flows(4000);
  assert.equal(patient.passes(4000), 'restart');
  patient.repair.answered(patient.now);
  assert.equal(patient.passes(10_000, {pulse: 3}), 'rebuild');
});

test('when nobody needs to be heard, silence is fine', () => {
  assert.equal(new Patient().passes(60_000, {isExpecting: false}), 'wait');
});

test('others who stay silent are asked about less and less often', () => {
  const patient = new Patient();
  const waits = [];
  for (let round = 0; round < 4; round += 1) {
    const before = patient.now;
    assert.equal(patient.passes(60_000), 'restart');
    waits.push(patient.now - before);
    patient.repair.answered(patient.now);
    patient.flows(400);
    assert.equal(patient.repair.isTreating, false);
  }
  assert.ok(waits.every((wait, at) => at === 0 || wait > (waits[at - 1] ?? 0)), `${waits}`);
});

test('without the court nothing can be done, and once it is back it is done at once', () => {
  const patient = new Patient();
  assert.equal(patient.passes(20_000, {isLinked: false, state: 'disconnected'}), 'wait');
  assert.equal(patient.repair.linkIsBack({...patient.sight, now: patient.now, isLinked: true}), 'restart');
  const well = new Patient();
  well.flows(4000);
  assert.equal(well.repair.linkIsBack({...well.sight, now: well.now + 150, pulse: well.sight.pulse + 1}), 'wait', 'the path has survived');
  assert.equal(well.repair.linkIsBack({...well.sight, now: well.now + 300, pulse: well.sight.pulse + 1}), 'restart', 'it has not');
  const closed = new Patient();
  assert.equal(closed.repair.linkIsBack({...closed.sight, now: closed.now, state: 'closed'}), 'rebuild');
});

test('packets without pictures lead to a new connection after three seconds, and not over and over', () => {
  const patient = new Patient();
  const shown = (/** @type {number} */ framesBy) => (/** @type {Patient} */ {sight}) => {
    sight.pulse += 10;
    const {packets = 0, frames = 0} = sight.pictures['3'] ?? {};
    sight.pictures = {3: {packets: packets + 10, frames: frames + framesBy}};
  };
  assert.equal(patient.passes(4000, {}, shown(5)), 'wait');
  const before = patient.now;
  assert.equal(patient.passes(10_000, {}, shown(0)), 'rebuild');
  assert.ok(patient.now - before >= 3000 && patient.now - before <= 3600, `${patient.now - before}`);
  patient.repair.begun(patient.now);
  assert.equal(patient.passes(10_000, {}, shown(0)), 'wait', 'a rest first');
  assert.equal(patient.passes(10_000, {}, shown(0)), 'rebuild');
  patient.repair.begun(patient.now);
  assert.equal(patient.passes(26_000, {}, shown(0)), 'wait', 'a longer one next');
});

test('a picture nobody looks at, or that is paused, has not stalled', () => {
  const hidden = new Patient();
  const arrives = (/** @type {Patient} */ {sight}) => {
    sight.pulse += 10;
    sight.pictures = {3: {packets: (sight.pictures['3']?.packets ?? 0) + 10, frames: 7}};
  };
  assert.equal(hidden.passes(20_000, {isShown: false}, arrives), 'wait');
  assert.equal(new Patient().flows(20_000, {pictures: {3: {packets: 5, frames: 5}}}), 'wait');
});

test('a connection that never comes to stand is replaced, with rests that grow', () => {
  const patient = new Patient();
  const rests = [];
  for (let round = 0; round < 4; round += 1) {
    assert.equal(patient.passes(20_000, {state: 'connecting'}), 'rebuild');
    patient.repair.failed(patient.now);
    const before = patient.now;
    assert.equal(patient.passes(20_000, {state: 'closed'}), 'rebuild');
    rests.push(patient.now - before);
    patient.repair.begun(patient.now);
  }
  assert.ok(rests.at(-1) > (rests[0] ?? 0), `${rests}`);
});

test('a page that slept doubts nothing at once', () => {
  const patient = new Patient();
  patient.flows(4000);
  patient.now += 60_000;
  assert.equal(patient.repair.look({...patient.sight, now: patient.now}), 'wait');
});

test('speech is offered with repair and without silence, once', () => {
  const sdp = ['v=0', 'm=audio 9 X 111 9', 'a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10;useinbandfec=1', 'a=rtpmap:9 G722/8000',
    'm=video 9 X 96', 'a=rtpmap:96 VP8/90000', 'm=audio 9 X 111', 'a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10', ''].join('\r\n');
  const tuned = tunedForSpeech(sdp);
  assert.equal(tuned.match(/a=rtcp-fb:111 nack/g)?.length, 2);
  assert.equal(tuned.match(/;usedtx=1/g)?.length, 2);
  assert.equal(tuned.match(/;useinbandfec=1/g)?.length, 2);
  assert.ok(tuned.endsWith('\r\n'));
  assert.equal(tunedForSpeech(tuned), tuned);
});

test('a large camera sends three sizes, a phone two, smallest first', () => {
  const rids = (/** @type {RTCRtpEncodingParameters[]} */ encodings) => encodings.map(({rid}) => rid).join('');
  assert.equal(rids(layers(720, false)), 'lmh');
  assert.equal(rids(layers(360, false)), 'lh');
  assert.equal(rids(layers(1080, true)), 'lh');
  for (const encodings of [layers(720, false), layers(360, true)]) {
    const rates = encodings.map(({maxBitrate = 0}) => maxBitrate);
    assert.deepEqual(rates, [...rates].sort((one, other) => one - other));
  }
});

test('of the codecs a browser knows, only the common ones are offered, VP8 first', () => {
  const known = /** @type {any} */ ([
    {mimeType: 'video/AV1'}, {mimeType: 'video/rtx'}, {mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=1;profile-level-id=42e01f'},
    {mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=0;profile-level-id=42e01f'}, {mimeType: 'video/VP8'}]);
  assert.deepEqual(commonCodecs(known, 'video').map(({mimeType}) => mimeType), ['video/VP8', 'video/H264', 'video/rtx']);
  assert.deepEqual(commonCodecs(/** @type {any} */ ([{mimeType: 'video/H264'}]), 'video'), [], 'left as it is');
});

test('a connection fits as long as it has a pair of lines for every seat, besides those of screens', () => {
  const lines = (/** @type {number} */ seats) => Array(2 * seats + 2).fill({direction: 'sendonly'});
  const attempt = (/** @type {number} */ seats) => /** @type {any} */ ({pc: {getTransceivers: () => lines(seats)}, audio: {direction: 'sendonly'}, video: {direction: 'inactive'}});
  const need = (/** @type {object} */ news = {}) => /** @type {any} */ ({seatCount: 3, microphone: {}, camera: null, ...news});
  assert.equal(fits(attempt(3), need()), true);
  assert.equal(fits(attempt(3), need({seatCount: 4})), false, 'somebody has come to the hearing');
  assert.equal(fits(attempt(3), need({camera: {}})), false, 'a camera has come to a line without one');
});

const link = (/** @type {object} */ news = {}) => /** @type {any} */ ({connected: true, rtt_ms: 40, loss_up_percent: 0, loss_down_percent: 0, ...news});

test('a connection is graded by loss either way and by delay', () => {
  assert.equal(gradeOf(link()), 'good');
  assert.equal(gradeOf(link({rtt_ms: null})), 'good');
  assert.equal(gradeOf(link({loss_up_percent: 4})), 'fair');
  assert.equal(gradeOf(link({rtt_ms: 300})), 'fair');
  assert.equal(gradeOf(link({loss_down_percent: 9})), 'weak');
  assert.equal(gradeOf(link({connected: false})), 'none');
});

test('the court says who speaks; until it does, this page listens itself', () => {
  const speaking = new Set(['p_a', YOU]);
  const own = state({speaking, speaker: null, ownLink: null});
  assert.deepEqual(['p_a', 'p_b', 'p_me'].map((id) => isSpeaking(own, id, YOU)), [true, false, true]);
  const told = state({speaking, speaker: 'p_b', ownLink: link()});
  assert.deepEqual(['p_a', 'p_b', 'p_me'].map((id) => isSpeaking(told, id, YOU)), [false, true, false]);
});

test('somebody is expected only while the court sits and another may be heard or seen', () => {
  const other = person('p_a', {state: 'in_court'});
  const sits = (/** @type {object} */ news, /** @type {object} */ of = {}) => isExpecting(state({paused: {}, view: view({people: [person('p_me'), {...other, ...news}], ...of})}));
  assert.equal(sits({}), true);
  assert.equal(sits({}, {session: 'recess'}), false);
  assert.equal(sits({state: 'reconnecting'}), false);
  assert.equal(sits({microphone_on: false, camera_on: false}), false);
  assert.equal(sits({muted_by_court: true, camera_on: false}), false);
  assert.equal(isExpecting(state({paused: {p_a: 'weak_link'}, view: view({people: [person('p_me'), {...other, microphone_on: false}]})})), false);
});

test('weather is kept while the link stands and forgotten with it', () => {
  const now = '2026-11-24T09:00:00Z';
  const told = reduce(/** @type {any} */ (state({lostAtMs: null, seatHeldS: 20})), {kind: 'weather', weather: {
    recorder: health({}), now, speaker: 'p_a', paused: [{participant_id: 'p_a', reason: 'weak_link'}], link: link({participant_id: 'p_me'}),
    links: [link({participant_id: 'p_me'}), link({participant_id: 'p_a', connected: false})]}});
  assert.deepEqual(told.paused, {p_a: 'weak_link'});
  assert.equal(told.links['p_a']?.connected, false);
  const lost = reduce(told, {kind: 'link', link: 'reconnecting'});
  assert.deepEqual([lost.speaker, lost.paused, lost.ownLink, lost.links, lost.recorder], [null, {}, null, {}, null]);
  const since = lost.lostAtMs;
  assert.ok(since !== null);
  assert.equal(reduce(lost, {kind: 'link', link: 'reconnecting'}).lostAtMs, since, 'the seconds go on');
  assert.equal(reduce(lost, {kind: 'link', link: 'live', seatHeldS: 45}).lostAtMs, null);
});

test('a full court says so and lets in later', () => {
  const refusal = {code: 'court_full', message: '', fields: {}, incident_id: null};
  const full = reduce(/** @type {any} */ (state({lostAtMs: null, seatHeldS: 20})), {kind: 'full', refusal});
  assert.equal(stageOf(full), 'refused');
  assert.equal(stageOf(reduce(full, {kind: 'link', link: 'live'})), 'court');
});

test('a sentence that is said again takes the place of the one that stands', () => {
  const told = ['a', 'b', 'a', 'a'].reduce((now, text, id) => reduce(now, {kind: 'toast', toast: {id, tone: 'calm', text}}),
    /** @type {any} */ ({toasts: []}));
  assert.deepEqual(told.toasts.map((/** @type {any} */ {text}) => text), ['b', 'a']);
});

test('a letter is a key of the court unless it belongs to the browser or to a word', () => {
  const press = (/** @type {object} */ news) => keyOf({key: 'm', ctrlKey: false, altKey: false, metaKey: false, repeat: false, isComposing: false, ...news});
  assert.equal(press({}), 'M');
  assert.equal(press({key: 'M'}), 'M');
  assert.equal(press({key: '？'}), '?');
  assert.equal(press({key: 'x'}), null);
  for (const held of ['ctrlKey', 'altKey', 'metaKey', 'repeat', 'isComposing']) assert.equal(press({[held]: true}), null);
});

test('the speaker leads, and stays in front through a silence', () => {
  const people = ['p_me', 'p_judge', 'p_other'].map((id) => person(id));
  const seen = view({people, you: people[0], order: {presiding: 'p_judge', floor: open}});
  const heard = (/** @type {string|null} */ speaker) => state({ownLink: {}, speaker, speaking: new Set(), view: seen});
  assert.equal(leadOf(heard('p_other'), seen, null), 'p_other');
  assert.equal(leadOf(heard(null), seen, 'p_other'), 'p_other');
  assert.equal(leadOf(heard(null), seen, null), 'p_judge');
  assert.equal(leadOf(heard('p_me'), seen, null), 'p_judge');
  assert.equal(leadOf(heard('p_gone'), seen, 'p_gone'), 'p_judge');
});

test('a picture that stands still is told of, unless the page slept or it never began', () => {
  const look = watchFrames();
  const whose = {1: 'p_a', 2: 'p_b'};
  const at = (/** @type {number} */ nowMs, /** @type {number} */ a, /** @type {number} */ b) => [...look({1: {frames: a}, 2: {frames: b}}, whose, nowMs)];
  for (let now = 0; now <= 2000; now += 400) assert.deepEqual(at(now, 9, 0), []);
  assert.deepEqual(at(2800, 9, 0), ['p_a'], 'the other has not begun');
  assert.deepEqual(at(3200, 10, 0), [], 'it moves again');
  assert.deepEqual(at(9000, 10, 0), [], 'the page slept');
});

test('a browser is named in three words, and findings are told in plain ones', () => {
  assert.equal(browserName('Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/141.0.0.0 Mobile Safari/537.36'), 'Chrome 141 Android');
  assert.equal(browserName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Version/18.0 Mobile Safari/604'), 'Safari 18 iOS');
  assert.equal(browserName('Mozilla/5.0 (Linux; Android 14) Chrome/130.0 MicroMessenger/8.0'), 'WeChat 8 Android');
  assert.equal(browserName('lynx'), 'browser other');
  const found = /** @type {any} */ ({link: 'live', media: 'connected', path: 'tcp', microphone: 'taken', camera: 'works'});
  assert.deepEqual(meaning(found, state({ownLink: null})).filter(({good}) => !good).map(({word}) => word), ['path_tcp', 'microphone_bad']);
});

test('a vehicle pushes one way for seconds; a hand trembles, a walk goes to and fro, and a bump is one bump', () => {
  const seconds = (/** @type {number} */ count, /** @type {number} */ push) => Array(count).fill(push);
  assert.equal(looksDriven(seconds(30, 0.05)), false, 'lies on a table');
  assert.equal(looksDriven(seconds(30, 0.3)), false, 'held in a hand');
  assert.equal(looksDriven([...seconds(20, 0.1), 6, 6, ...seconds(8, 0.1)]), false, 'put down hard');
  assert.equal(looksDriven([...seconds(6, 1.2), ...seconds(6, 0.2), ...seconds(6, 0.9), ...seconds(6, 0.2)]), true, 'stop and go');
  assert.equal(looksDriven([...seconds(12, 1.2), ...seconds(30, 0.1)]), false, 'has stood for half a minute');
});
