/** What a person can ask for on their way in, and what the court's desk answers. */
import {signedRules} from './court-rules.js';
import {mayFeelMotion} from './motion.js';
import {language, setLanguage} from './language.js';
import {handIn} from './snapshot.js';

/** @typedef {import('./types.js').HelpProblem} HelpProblem */
/** @typedef {(kind: string, fields?: Record<string, unknown>) => Promise<boolean>} Ask */

/** @param {import('./store.js').Store} store @param {Ask} ask @param {(failure: unknown) => void} refuse says what went wrong */
export function checkInIntents(store, ask, refuse) {
  const {state, tell} = store;

  /** @param {boolean|null} speaker_heard null where the tone was not played @param {boolean} confirmed */
  function reportDevices(speaker_heard, confirmed) {
    const {microphone, camera, view} = state.peek();
    const word = (/** @type {import('./store.js').Device} */ device, /** @type {boolean} */ isNeeded) =>
      (!isNeeded ? 'unneeded' : device.problem === 'taken' ? 'busy' : device.problem ?? (device.track ? 'works' : 'missing'));
    return ask('report_devices', {
      microphone: word(microphone, view?.may.includes('speak') ?? false),
      camera: word(camera, view?.may.includes('be_seen') ?? false),
      speaker_heard,
      confirmed,
    });
  }

  return {
    /** @param {import('./language.js').Language} wanted */
    chooseLanguage(wanted) {
      setLanguage(wanted);
      return ask('choose_language', {language: wanted});
    },
    /** @param {boolean} is_me */
    confirmSelf: (is_me) => ask('confirm_self', {is_me}),
    /** Let the browser ask the person for camera and microphone. */
    askForDevices: () => tell({kind: 'ask_devices'}),
    /** @param {string} code */
    enterCode: (code) => ask('enter_code', {code}),
    /** Talk with one person alone. @param {string} participant_id */
    beginTalk: (participant_id) => ask('begin_help_talk', {participant_id}),
    endTalk: () => ask('end_help_talk'),
    /** @param {string} participant_id @param {string} other_id @param {boolean} are_apart */
    keepApart: (participant_id, other_id, are_apart) => ask('keep_apart', {participant_id, other_id, are_apart}),
    deferIdentity: () => ask('defer_identity'),
    /** @param {Blob} picture @returns {Promise<boolean>} true when the court has it */
    async handInSnapshot(picture) {
      const {seat} = state.peek();
      try {
        if (seat) await handIn(seat, picture);
        return true;
      } catch (failure) {
        refuse(failure);
        return false;
      }
    },
    async signRules() {
      try {
        return await ask('sign_rules', await signedRules(language.peek()));
      } catch (failure) {
        refuse(failure);
        return false;
      }
    },
    /** @param {{driving: boolean, quiet: boolean, alone: boolean}} place */
    answerPlace(place) {
      mayFeelMotion();
      return ask('answer_place', place);
    },
    reportDevices,
    /** @param {import('./link-test.js').LinkFound} found */
    reportConnection: (found) => ask('report_connection', {...found}),
    /** @param {HelpProblem} problem */
    askHelp: (problem) => ask('ask_help', {problem}),
    /** @param {number} task */
    takeHelp: (task) => ask('take_help', {task}),
    /** @param {number} task @param {string} [outcome] */
    closeHelp: (task, outcome = '') => ask('close_help', {task, outcome}),
    /** @param {string} text @param {string|null} [to] left out: to the court, or from the court to everyone */
    sendMessage: (text, to = null) => ask('send_message', {text, to}),
    /** @param {string} reason empty takes it back @param {number} minutes */
    announceDelay: (reason, minutes) => ask('announce_delay', {reason, minutes}),
    /** @param {string} participant_id @param {boolean} accepted @param {string} reason */
    decideIdentity: (participant_id, accepted, reason) => ask('decide_identity', {participant_id, accepted, reason}),
    /** @param {string} participant_id @param {string} reason */
    vouchFor: (participant_id, reason) => ask('vouch_for', {participant_id, reason}),
  };
}
