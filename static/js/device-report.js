/** Tells the court's desk at once when a device is refused or missing, and when it works again. */
import {effect} from './html.js';
import {stageOf} from './stage.js';

/** @param {import('./store.js').Store} store @param {(heard: null, confirmed: false) => Promise<boolean>} report */
export function reportTrouble(store, report) {
  let told = '';
  effect(() => {
    const state = store.state.value;
    const {microphone, camera, view, areDevicesKnown} = state;
    if (!view || !areDevicesKnown || state.link !== 'live') return;
    if (!['preview', 'waiting', 'court'].includes(stageOf(state))) return;
    const now = [microphone.problem, camera.problem].join();
    const isTrouble = now !== ',';
    if (now === told || (!told && !isTrouble)) return;
    told = now;
    queueMicrotask(() => void report(null, false));
  });
}
