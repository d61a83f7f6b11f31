/** Preact, htm and signals in one place, so that the rest of the code names no library. */
import {h, render, Fragment} from '../vendor/preact.js';
import htm from '../vendor/htm.js';

/** A component's output. @typedef {import('../vendor/preact.js').ComponentChildren} Children */

export const html = htm.bind(h);
export {render, Fragment};
export {useEffect, useLayoutEffect, useRef} from '../vendor/preact-hooks.js';
export {signal, computed, effect, batch, useSignal} from '../vendor/signals.js';
