/** Keeps a phone's screen on while its person is in court. */
import {effect} from './html.js';
import {stageOf} from './stage.js';

/** @param {import('./store.js').Store['state']} state @param {AbortSignal} signal */
export function keepAwake(state, signal) {
  if (!('wakeLock' in navigator)) return;
  /** @type {Promise<WakeLockSentinel|null>|null} */
  let lock = null;
  const follow = () => {
    const stage = stageOf(state.peek());
    const isWanted = (stage === 'court' || stage === 'waiting') && !document.hidden;
    if (isWanted && !lock) {
      lock = navigator.wakeLock.request('screen').catch(() => null); // refused on low battery: nothing to be done
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
