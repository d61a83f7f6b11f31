/** Conducts the hearing page: link -> seat -> connection -> devices -> media, all around one store. */
import {noticeAbsence} from './away.js';
import {tellCondition} from './condition.js';
import {createConnection} from './connection.js';
import {createDevices} from './devices.js';
import {pointed} from './exhibits.js';
import {isLockedForYou} from './floor.js';
import {keepHead} from './heads.js';
import {diagnose} from './diagnosis.js';
import {effect} from './html.js';
import {Refused, sentence} from './http.js';
import {createIntents} from './intents.js';
import {announce} from './news.js';
import {createPeer} from './peer.js';
import {createRelays} from './relays.js';
import {forgetSeat, keptSeat, linkToken, takeSeat} from './seat.js';
import {reportTrouble} from './device-report.js';
import {testLink} from './link-test.js';
import {isExpecting, mayAskDevices, mayBeHeard, mayBeSeen, stageOf} from './stage.js';
import {createStore} from './store.js';
import {ownTalk} from './talk.js';
import {keepAwake} from './wake.js';

/** @typedef {import('./types.js').Seat} Seat */

/**
 * What the page's parts are given: the state to show and the intents to voice.
 * @typedef {object} Court
 * @property {import('./store.js').Store['state']} state
 * @property {import('./store.js').Store['levels']} levels
 * @property {import('./intents.js').Intents} intents
 * @property {() => RTCPeerConnection|null} connection
 * @property {() => Promise<import('./diagnosis.js').Diagnosis>} diagnose
 * @property {(found: import('./diagnosis.js').Diagnosis) => Promise<string>} sendDiagnosis the number to be read to the clerk; rejects with Refused
 * @property {(id: string) => Promise<import('./types.js').Connectivity>} connectivity rejects with Refused
 * @property {(onFound: Parameters<typeof testLink>[1]) => Promise<import('./link-test.js').LinkFound>} testLink
 */

/** @param {AbortSignal} signal ends everything @returns {Court} */
export function attendHearing(signal) {
  const store = createStore();
  const devices = createDevices(store, signal);
  /** @type {import('./connection.js').Connection|null} */
  let connection = null;
  const relays = createRelays(() => need(connection).iceServers());
  const peer = createPeer({offer: (sdp) => need(connection).offerMedia(sdp), relays}, store);
  const intents = createIntents(store, devices, {
    command: (command) => need(connection).command(command),
    end: () => connection?.end(),
    reconnect: () => connection?.reconnect(),
    point: (place) => connection?.point(place),
  });

  /** @param {Seat} seat @param {boolean} isKept it was kept from before a reload, and may be stale */
  function sit(seat, isKept) {
    store.tell({kind: 'seated', seat});
    connection = createConnection(seat.seat_token, {
      onLink: (link) => store.tell({kind: 'link', link}),
      onAttached(seatHeldS) {
        store.tell({kind: 'link', link: 'live', seatHeldS});
        relays.refresh();
        void peer.linkIsBack();
      },
      onCourt({view, event, now}) {
        const before = store.state.peek().view;
        if (!before) adoptSwitches(view.you);
        if (!before && view.exhibits.screen === view.you.id) void intents.endScreen(); // it was another page's to show
        store.tell({kind: 'view', view, now});
        if (isLockedForYou(view) && !view.you.microphone_on) store.tell({kind: 'wish', wish: {microphone: false}});
        if (event && before) announce(event, before, view, store);
      },
      onWeather(weather) {
        store.tell({kind: 'weather', weather});
        keepHead(seat.hearing_id, weather.checkpoint);
        relays.refresh();
      },
      onPoint: (place) => { pointed.value = place; },
      onSeatTaken: () => store.tell({kind: 'seat_taken'}),
      onMediaLost: () => peer.allIsLost(),
      onFull: (refusal) => store.tell({kind: 'full', refusal}),
      onGoodbye: (reason) => store.tell({kind: 'goodbye', reason}),
      onRefused(refusal) {
        forgetSeat(seat);
        if (isKept) void enter();
        else store.tell({kind: 'refused', refusal});
      },
    }, signal);
    connection.open();
  }

  /** After a reload the person's switches are as the court knows them. @param {import('./types.js').Person} you */
  function adoptSwitches(you) {
    if (you.state === 'checking_in' || you.state === 'testing' || you.state === 'invited') return;
    store.tell({kind: 'wish', wish: {microphone: you.microphone_on, camera: you.camera_on}});
  }

  async function enter() {
    const token = linkToken();
    try {
      if (!token) throw new Refused({code: 'no_link', message: '', fields: {}, incident_id: null}, 0);
      sit(await takeSeat(token), false);
    } catch (failure) {
      const code = failure instanceof Refused ? failure.code : 'internal';
      store.tell({kind: 'refused', refusal: {code, message: sentence(failure), fields: {}, incident_id: null}});
    }
  }

  followState(store, devices, peer);
  reportTrouble(store, intents.reportDevices);
  keepAwake(store.state, signal);
  noticeAbsence(store, signal);
  tellCondition(store, (condition) => need(connection).tellCondition(condition), signal);
  addEventListener('hashchange', () => location.reload(), {signal});
  const kept = keptSeat(linkToken());
  if (kept) sit(kept, true);
  else void enter();
  return {
    state: store.state,
    levels: store.levels,
    intents,
    connection: () => peer.connection,
    diagnose: () => diagnose(store.state.peek(), peer.connection),
    sendDiagnosis: async (found) => (await need(connection).sendDiagnosis(found)).incident,
    connectivity: (id) => need(connection).connectivity(id),
    async testLink(onFound) {
      const {view, microphone, camera} = store.state.peek();
      const devices = {seatCount: view?.seat_count ?? 1, microphone: microphone.track, camera: camera.track};
      return testLink({offer: (sdp) => need(connection).offerMedia(sdp), servers: await relays.now(), ...devices}, onFound);
    },
  };
}

/**
 * Devices, their switches and the media connection follow the state; nothing else drives them.
 * @param {import('./store.js').Store} store
 * @param {import('./devices.js').Devices} devices @param {import('./peer.js').Peer} peer
 */
function followState(store, devices, peer) {
  let hasAsked = false;
  effect(() => {
    const state = store.state.value;
    const {view, microphone, camera, screen} = state;
    const stage = stageOf(state);
    if (view && !hasAsked && mayAskDevices(state) && ['preview', 'waiting', 'court', 'room'].includes(stage)) {
      hasAsked = true;
      queueMicrotask(() => void devices.start(devicesFor(view)));
    }
    const isConnected = view !== null && (stage === 'court' || stage === 'room' || (stage === 'waiting' && ownTalk(view) !== null));
    if (microphone.track) microphone.track.enabled = isConnected ? mayBeHeard(state) : state.wish.microphone;
    if (camera.track) camera.track.enabled = isConnected ? mayBeSeen(state) : state.wish.camera;
    if (isConnected && state.areDevicesKnown) {
      const devices = {microphone: microphone.track, camera: camera.track, screen};
      peer.keep({seatCount: view.seat_count, ...devices, isExpecting: isExpecting(state)}, state.link === 'live');
    } else if (!isConnected) {
      peer.keep(null, false);
    }
    if (stage === 'over' || stage === 'gone') queueMicrotask(devices.stop);
  });
}

/** @param {import('./types.js').View} view @returns {import('./devices.js').Which[]} */
function devicesFor(view) {
  /** @type {import('./devices.js').Which[]} */
  const wanted = [];
  if (view.may.includes('speak')) wanted.push('microphone');
  if (view.may.includes('be_seen')) wanted.push('camera');
  return wanted;
}

/** @template T @param {T|null} thing @returns {T} */
function need(thing) {
  if (thing === null) throw new Error('asked before the seat was taken');
  return thing;
}
