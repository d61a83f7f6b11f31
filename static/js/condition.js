/** Tells the court how this page is: hidden or seen, whether the microphone gives sound, and whether the phone is carried along. Weather, told when it changes. */
import {effect, signal} from './html.js';
import {feelMotion} from './motion.js';
import {stageOf} from './stage.js';

/** @typedef {{hidden: boolean, microphone: 'live'|'off'|'taken'|'lost'|'none', moving: boolean}} Condition */

/** What is to be told of a microphone. @param {import('./store.js').State} state @returns {Condition['microphone']} */
export function microphoneEnd({microphone, wish}) {
  if (microphone.problem === 'taken') return 'taken';
  if (microphone.problem === 'lost' || microphone.problem === 'busy') return 'lost';
  if (!microphone.track) return 'none';
  return wish.microphone ? 'live' : 'off';
}

/**
 * @param {import('./store.js').Store} store @param {(condition: Condition) => Promise<unknown>} tell
 * @param {AbortSignal} aborted
 */
export function tellCondition(store, tell, aborted) {
  const hidden = signal(document.hidden);
  const moving = feelMotion(aborted);
  let told = '';
  document.addEventListener('visibilitychange', () => { hidden.value = document.hidden; }, {signal: aborted});
  aborted.addEventListener('abort', effect(() => {
    const state = store.state.value;
    const condition = {hidden: hidden.value, microphone: microphoneEnd(state), moving: moving.value};
    const isHeard = state.link === 'live' && ['waiting', 'court', 'room'].includes(stageOf(state));
    const now = isHeard ? JSON.stringify(condition) : ''; // after a break it is told again
    if (now === told) return;
    told = now;
    if (now) queueMicrotask(() => void tell(condition).catch(() => undefined)); // weather: the next change says more
  }));
}
