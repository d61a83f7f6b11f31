/** What each key does, and the switch that turns them off. */
import {keys} from '../appearance.js';
import {KEYS} from '../court-keys.js';
import {html, useSignal} from '../html.js';
import {t} from '../language.js';
import {Dialog} from './frame.js';
import {Icon} from './icons.js';

/** Keys that every page has, with their usual names. */
const EVERYWHERE = /** @type {const} */ ([['Tab', 'keys.tab'], ['Enter', 'keys.enter'], ['Esc', 'keys.escape']]);

export function KeysButton() {
  const isOpen = useSignal(false);
  return html`<button type="button" class="tool" data-testid="btn-keys" aria-keyshortcuts="?" title="${t('keys.title')} (?)"
      aria-label=${t('keys.title')} onClick=${() => { isOpen.value = true; }}><${Icon} name="keyboard" /></button>
    ${isOpen.value && html`<${Dialog} title=${t('keys.title')} confirm=${t('dialog.done')} asks=${false} testid="keys-sheet" onAnswer=${() => { isOpen.value = false; }}>
      <dl class="keys">${KEYS.map((key) => html`<div key=${key}><dt><kbd>${key}</kbd></dt><dd>${t(key === '?' ? 'keys.sheet' : `keys.${key}`)}</dd></div>`)}
        ${EVERYWHERE.map(([key, words]) => html`<div key=${key}><dt><kbd>${key}</kbd></dt><dd>${t(words)}</dd></div>`)}</dl>
      <p class="hint">${t('keys.words')}</p>
      <label class="check"><input type="checkbox" data-testid="check-keys" checked=${keys.value === 'on'}
        onChange=${() => { keys.value = keys.peek() === 'on' ? 'off' : 'on'; }} /><span>${t('keys.on')}</span></label><//>`}`;
}
