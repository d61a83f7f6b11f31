/** One letter presses the button that names it in `aria-keyshortcuts`; never while somebody types or a question is open. */
import {keys} from './appearance.js';
import {keyOf} from './court-keys.js';

const TYPED_IN = 'input, textarea, select, [contenteditable]';

/** @param {AbortSignal} signal */
export function listenForKeys(signal) {
  addEventListener('keydown', (event) => {
    const key = keyOf(event);
    const target = /** @type {Element|null} */ (event.target);
    if (!key || target?.closest(TYPED_IN) || document.querySelector('dialog[open], [aria-modal="true"]')) return;
    if (keys.peek() === 'off' && key !== '?') return;
    const button = [...document.querySelectorAll(`[aria-keyshortcuts="${key}"]`)].find((each) => each.checkVisibility?.() ?? true);
    if (!(button instanceof HTMLButtonElement) || button.disabled) return;
    event.preventDefault();
    button.click();
  }, {signal});
}
