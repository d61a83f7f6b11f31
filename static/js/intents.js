/** What a person can ask for. Each says it to the court and shows the court's refusal; none changes the view. */
import {checkInIntents} from './check-in-intents.js';
import {exhibitIntents} from './exhibits.js';
import {noteFailure} from './diagnosis.js';
import {Refused, sentence} from './http.js';
import {orderIntents} from './order-intents.js';
import {roomIntents} from './rooms.js';
import {screenIntents} from './screen-share.js';
import {setLanguage, t} from './language.js';

const COUNTDOWN_MS = 5000;

/** @typedef {ReturnType<typeof createIntents>} Intents */
/** @typedef {import('./devices.js').Which} Which */

/**
 * @param {import('./store.js').Store} store
 * @param {import('./devices.js').Devices} devices
 * @param {{command: import('./connection.js').Connection['command'], end: () => void, reconnect: () => void, point: (place: import('./exhibits.js').Pointing) => void}} link
 */
export function createIntents(store, devices, link) {
  const {state, tell, toast} = store;

  /** @param {string} kind @param {Record<string, unknown>} [fields] @returns {Promise<boolean>} true when done */
  async function ask(kind, fields = {}) {
    try {
      await link.command({kind, ...fields});
      return true;
    } catch (failure) {
      noteFailure(failure instanceof Refused ? failure.code : 'internal');
      toast(sentence(failure), 'alarm');
      return false;
    }
  }

  /** The person's switches, as far as there is a device behind them. */
  function switches() {
    const {wish, microphone, camera} = state.peek();
    return {
      microphone_on: wish.microphone && microphone.track !== null,
      camera_on: wish.camera && camera.track !== null,
    };
  }

  /** Off takes effect here at once; on takes effect when the court has agreed. @param {Which} which */
  async function toggle(which) {
    const before = state.peek().wish;
    tell({kind: 'wish', wish: {[which]: !before[which]}});
    const place = state.peek().view?.you.state;
    if (place !== 'in_court' && place !== 'ready_in_lobby' && place !== 'in_room') return;
    if (!(await ask('set_devices', switches()))) tell({kind: 'wish', wish: {[which]: before[which]}});
  }

  /** @param {Which} which */
  async function retryDevice(which) {
    await devices.retry(which);
    if (!state.peek()[which].track || isOnTheWay()) return;
    tell({kind: 'wish', wish: {[which]: true}});
    await ask('set_devices', switches());
  }

  /** By sound only; one's own camera goes off with it, and comes on again only by its own switch. @param {boolean} isOn */
  async function listenOnly(isOn) {
    if (!(await ask('listen_only', {sound_only: isOn})) || !isOn || !state.peek().wish.camera) return;
    await toggle('camera');
  }

  function isOnTheWay() {
    const place = state.peek().view?.you.state;
    return place === 'checking_in' || place === 'testing';
  }

  /** @param {import('./language.js').Language} wanted */
  function speak(wanted) {
    setLanguage(wanted);
    if (isOnTheWay()) link.reconnect(); // its refusals come in this language
  }

  /** @param {string} participant_id */
  const about = (participant_id) => ({participant_id});

  return {
    ...checkInIntents(store, ask, (failure) => toast(sentence(failure), 'alarm')),
    ...exhibitIntents(store, ask, (failure) => toast(sentence(failure), 'alarm'), link.point),
    ...screenIntents(store, ask),
    ...orderIntents(ask),
    ...roomIntents(ask),
    speak,
    toggle,
    listenOnly,
    retryDevice,
    chooseDevice: devices.choose,
    reportReady: () => ask('report_ready', switches()),
    async leave() {
      if (await ask('leave')) {
        tell({kind: 'goodbye', reason: 'left'});
        link.end();
      }
    },
    /** The browser wants a touch before it plays sound. @param {boolean} isBlocked */
    soundIsBlocked(isBlocked) {
      if (state.peek().isSoundBlocked !== isBlocked) tell({kind: 'sound_blocked', isBlocked});
    },
    openLobby: () => ask('open_lobby'),
    openHearing: () => ask('open_hearing', {countdown_ms: COUNTDOWN_MS}),
    cancelCountdown: () => ask('cancel_countdown'),
    /** @param {string} note */
    callRecess: (note) => ask('call_recess', {note}),
    resumeHearing: () => ask('resume_hearing', {countdown_ms: COUNTDOWN_MS}),
    closeHearing: () => ask('close_hearing'),
    /** A log note of this moment, for bench and clerk. @param {string} text */
    addNote: (text) => ask('add_note', {text}),
    /** @param {string} reason */
    overrideRecorder: (reason) => ask('override_recorder', {reason}),
    /** @param {string} text @returns {Promise<boolean>} true when stated */
    async stateFault(text) {
      const isStated = await ask('state_fault', {text});
      if (isStated) toast(t('fault.stated'));
      return isStated;
    },
    /** @param {'suspend'|'adjourn'|'convert_offline'|'cancel_hearing'} kind @param {string} note */
    interrupt: (kind, note) => ask(kind, {note}),
    /** @param {import('./types.js').Phase} phase */
    setPhase: (phase) => ask('set_phase', {phase}),
    /** @param {string} id */
    admit: (id) => ask('admit', about(id)),
    /** @param {string[]} ids */
    async admitAll(ids) {
      for (const id of ids) await ask('admit', about(id));
    },
    /** @param {string} id */
    returnToLobby: (id) => ask('return_to_lobby', about(id)),
    /** @param {string} id @param {string} reason */
    remove: (id, reason) => ask('remove', {...about(id), reason}),
    /** @param {string} id @param {boolean} muted */
    mute: (id, muted) => ask('set_court_mute', {...about(id), muted}),
    /** @param {boolean} muted */
    muteAll: (muted) => ask('set_court_mute_all', {muted}),
    openGallery: () => ask('open_gallery'),
    cutGallery: () => ask('cut_gallery'),
  };
}
