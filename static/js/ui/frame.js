/** What surrounds every page: the head with the language switch, the dialog, and the toasts. */
import {isDark, theme} from '../appearance.js';
import {html, useEffect, useRef} from '../html.js';
import {language, setLanguage, t} from '../language.js';
import {Emblem, Icon} from './icons.js';

/** @typedef {import('../html.js').Children} Children */

/** @param {{speak?: (wanted: import('../language.js').Language) => void}} props */
export function LanguageSwitch({speak = setLanguage}) {
  const other = language.value === 'en' ? 'zh-CN' : 'en';
  return html`<button type="button" class="button quiet language" data-testid="btn-language" lang=${other}
    onClick=${() => speak(other)}>${other === 'en' ? 'English' : '中文'}</button>`;
}

/**
 * In court nothing leads out of it by a slip of the finger: an empty `home` makes no link.
 * @param {{children?: Children, speak?: (wanted: import('../language.js').Language) => void, home?: string}} props
 */
export function Head({children, speak, home = '/'}) {
  return html`<header class="head">
    ${home ? html`<a class="brand" href=${home} aria-label=${t('brand')}><${Emblem} /><span>${t('brand')}</span></a>`
    : html`<p class="brand"><${Emblem} /><span>${t('brand')}</span></p>`}
    <div class="head-middle">${children}</div>
    <${ThemeSwitch} />
    <${LanguageSwitch} speak=${speak} />
  </header>`;
}

/** Light or dark, whatever the device says. In court it stands in the view menu. */
function ThemeSwitch() {
  const words = t(isDark.value ? 'look.to_light' : 'look.to_dark');
  return html`<button type="button" class="button quiet language theme" data-testid="btn-theme" title=${words} aria-label=${words}
    onClick=${() => { theme.value = isDark.peek() ? 'light' : 'dark'; }}><${Icon} name="theme" /></button>`;
}

/**
 * A question that must be answered before going on. Escape says no; focus returns to where it was.
 * Where nothing is asked, only shown, one button ends it.
 * @param {{title: string, children?: Children, confirm: string, tone?: 'danger'|'primary', testid?: string,
 *   canConfirm?: boolean, asks?: boolean,
 *   onAnswer: (isConfirmed: boolean) => void|Promise<void>}} props
 */
export function Dialog({title, children, confirm, tone = 'primary', testid = 'dialog', canConfirm = true, asks = true, onAnswer}) {
  const element = useRef(/** @type {HTMLDialogElement|null} */ (null));
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const isAnswered = useRef(false);
  /** One answer at a time, however often it is pressed. @param {Event} event @param {boolean} isConfirmed */
  const answer = async (event, isConfirmed) => {
    event.preventDefault();
    if (isAnswered.current) return;
    isAnswered.current = true;
    try {
      await onAnswer(isConfirmed);
    } finally {
      isAnswered.current = false;
    }
  };
  return html`<dialog ref=${element} class="dialog" data-testid=${testid} aria-labelledby="dialog-title"
    onCancel=${(/** @type {Event} */ event) => answer(event, false)}>
    <form method="dialog" onSubmit=${(/** @type {Event} */ event) => answer(event, true)}>
      <h2 id="dialog-title">${title}</h2>
      <div class="dialog-body">${children}</div>
      <div class="dialog-answers">
        ${asks && html`<button type="button" class="button" data-testid="btn-dismiss" onClick=${(/** @type {Event} */ event) => answer(event, false)}>
          ${t('dialog.back')}</button>`}
        <button type="submit" class="button ${tone}" data-testid="btn-confirm" disabled=${!canConfirm}>${confirm}</button>
      </div>
    </form>
  </dialog>`;
}

/** @param {{toasts: import('../store.js').Toast[], isRead?: boolean}} props `isRead`: an announcer reads them out */
export function Toasts({toasts, isRead = false}) {
  return html`<div class="toasts" aria-live=${isRead ? 'off' : 'polite'}>
    ${toasts.map((toast) => html`<p key=${toast.id} class="toast ${toast.tone}" data-testid="toast">${toast.text}</p>`)}
  </div>`;
}

/** A button that copies a text and says so. @param {{text: string, label: string, testid?: string}} props */
export function Copy({text, label, testid}) {
  /** @param {MouseEvent} event */
  const copy = async (event) => {
    const button = /** @type {HTMLButtonElement} */ (event.currentTarget);
    await putOnClipboard(text);
    button.classList.add('copied');
    setTimeout(() => button.classList.remove('copied'), 2000);
  };
  return html`<button type="button" class="button copy" data-testid=${testid} onClick=${copy}>
    <${Icon} name="copy" /><span class="when-idle">${label}</span><span class="when-copied" role="status">${t('copied')}</span>
  </button>`;
}

/** @param {string} text */
async function putOnClipboard(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).catch(() => byHand(text));
  return byHand(text); // pages without TLS have no clipboard of their own
}

/** @param {string} text */
function byHand(text) {
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}

/** A page with one message on it. @param {{title: string, children?: Children, testid?: string}} props */
export function Message({title, children, testid}) {
  return html`<main class="message" data-testid=${testid}>
    <${Emblem} /><h1>${title}</h1>${children}
  </main>`;
}
