/** Tells whoever comes back from another page or program how long they were away from court. */
import {t} from './language.js';
import {stageOf} from './stage.js';

const WORTH_SAYING_MS = 4000;

/** @param {import('./store.js').Store} store @param {AbortSignal} signal */
export function noticeAbsence(store, signal) {
  let leftAtMs = 0;
  document.addEventListener('visibilitychange', () => {
    const stage = stageOf(store.state.peek());
    if (stage !== 'court' && stage !== 'room') return;
    if (document.hidden) {
      leftAtMs = Date.now();
    } else if (leftAtMs && Date.now() - leftAtMs > WORTH_SAYING_MS) {
      store.toast(t('trouble.away', {seconds: Math.round((Date.now() - leftAtMs) / 1000)}));
      leftAtMs = 0;
    }
  }, {signal});
}
