/** Keeps a phone's screen on while its person is in court. */
import {effect} from './html.js';
import {stageOf} from './stage.js';

const ASK_AGAIN_MS = 5000;

/** @param {import('./store.js').Store['state']} state @param {AbortSignal} signal */
export function keepAwake(state, signal) {
  if (!('wakeLock' in navigator)) return;
  /** @type {Promise<WakeLockSentinel|null>|null} */
  let lock = null;
  /** The system may let go by itself: ask again as long as it is wanted. @param {WakeLockSentinel} held */
  function hold(held) {
    held.addEventListener('release', async () => {
      if (await lock !== held) return;
      lock = null;
      setTimeout(follow, ASK_AGAIN_MS);
    }, {once: true});
    return held;
  }
  const follow = () => {
    const stage = stageOf(state.peek());
    const isWanted = (stage === 'court' || stage === 'waiting' || stage === 'room') && !document.hidden;
    if (isWanted && !lock) {
      lock = navigator.wakeLock.request('screen').then(hold, () => null); // refused on low battery: nothing to be done
    } else if (!isWanted && lock) {
      void lock.then((held) => held?.release());
      lock = null;
    }
  };
  signal.addEventListener('abort', effect(() => {
    stageOf(state.value);
    follow();
  }));
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) lock = null; // the browser lets go by itself
    else follow();
  }, {signal});
}
