/** One's own screen before the court: taken from the browser, asked for, and let go when the court's leave ends. */
import {effect} from './html.js';
import {isPhone} from './devices.js';
import {t} from './language.js';
import {courtSits} from './stage.js';

/** @typedef {import('./types.js').View} View */
/** @typedef {import('./store.js').Store} Store */

const FRAMES_A_SECOND = 10;

/** Phones' browsers say that they can, and can't. */
const canShare = () => typeof navigator.mediaDevices?.getDisplayMedia === 'function' && !isPhone();

/** True where this person may share their screen now, and this browser can. @param {View} view */
export function mayShareScreen(view) {
  const {screen, may_present: mayPresent} = view.exhibits;
  return mayPresent && courtSits(view) && view.you.state === 'in_court' && (screen === null || screen === view.you.id) && canShare();
}

/**
 * @param {Store} store @param {(kind: string, fields?: Record<string, unknown>) => Promise<boolean>} ask
 */
export function screenIntents(store, ask) {
  const {state, tell, toast} = store;
  const endScreen = () => ask('end_screen');
  followCourt(store);
  return {
    endScreen,
    /** The browser asks which window; then the court is asked. Nothing leaves this device before both agree. */
    async shareScreen() {
      if (state.peek().screen) return;
      const track = await capture().catch((failure) => {
        if (failure?.name !== 'NotAllowedError') toast(t('screen.failed'), 'alarm');
        return null;
      });
      if (!track) return;
      track.addEventListener('ended', () => {
        if (state.peek().screen !== track) return;
        tell({kind: 'screen', track: null});
        if (isShown(state.peek().view)) void endScreen();
      });
      if (!(await ask('share_screen'))) return track.stop();
      if (track.readyState === 'live') tell({kind: 'screen', track});
      else void endScreen();
    },
  };
}

/** @returns {Promise<MediaStreamTrack|null>} Rejects when the person or the system says no. */
async function capture() {
  const stream = await navigator.mediaDevices.getDisplayMedia({video: {frameRate: {max: FRAMES_A_SECOND}}, audio: false});
  const [track = null] = stream.getVideoTracks();
  if (track && 'contentHint' in track) track.contentHint = 'detail';
  return track;
}

/** @param {View|null} view */
const isShown = (view) => Boolean(view) && view?.exhibits.screen === view?.you.id;

/** Once the court was shown it and is no longer, for whatever reason, the capture ends too. @param {Store} store */
function followCourt({state, tell}) {
  let wasShown = false;
  effect(() => {
    const {view, screen} = state.value;
    const shown = isShown(view);
    if (screen && wasShown && !shown) {
      queueMicrotask(() => {
        tell({kind: 'screen', track: null});
        screen.stop();
      });
    }
    wasShown = shown && screen !== null;
  });
}
