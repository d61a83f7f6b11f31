/** How this person wants the pages to look, kept in the browser: light or dark, the layout, their own picture, the keys. */
import {computed, effect, signal} from './html.js';

/** @typedef {'system'|'light'|'dark'} Theme */
/** @typedef {'grid'|'speaker'} Layout */

/** When the dark colours count. @type {Record<Theme, string>} */
const DARK_IS_FOR = {system: '(prefers-color-scheme: dark)', light: 'not all', dark: 'all'};

export const theme = kept('cloudcourt.theme', /** @type {Theme[]} */ (['system', 'light', 'dark']));
export const layout = kept('cloudcourt.layout', /** @type {Layout[]} */ (['grid', 'speaker']));
export const selfView = kept('cloudcourt.self_view', /** @type {('shown'|'hidden')[]} */ (['shown', 'hidden']));
export const keys = kept('cloudcourt.keys', /** @type {('on'|'off')[]} */ (['on', 'off']));

/**
 * A choice that outlives the page; the first one counts until another is made.
 * @template {string} T @param {string} name @param {T[]} choices
 */
function kept(name, choices) {
  const before = /** @type {T} */ (localStorage.getItem(name));
  const choice = signal(choices.includes(before) ? before : /** @type {T} */ (choices[0]));
  effect(() => localStorage.setItem(name, choice.value));
  return choice;
}

/** What the device says of itself now. @param {string} query */
function told(query) {
  const device = matchMedia(query);
  const answer = signal(device.matches);
  device.addEventListener?.('change', () => { answer.value = device.matches; });
  return answer;
}

const isDeviceDark = told('(prefers-color-scheme: dark)');

/** True while the panel stands beside the stage, as in the styles; a tablet that is turned changes it. */
export const isWide = told('(min-width: 900px)');

/** True while the page is dark, by choice or by the device. */
export const isDark = computed(() => theme.value === 'dark' || (theme.value === 'system' && isDeviceDark.value));

/** Let the page follow the chosen theme. */
export function followTheme() {
  effect(() => {
    document.getElementById('dark')?.setAttribute('media', DARK_IS_FOR[theme.value]);
  });
}
