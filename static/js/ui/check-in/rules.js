/** The rules of court and the no-recording declaration: read to the end, then signed by a touch. */
import {html, useEffect, useRef, useSignal} from '../../html.js';
import {rulesText} from '../../court-rules.js';
import {sentence} from '../../http.js';
import {language, t} from '../../language.js';
import {Screen} from './wizard.js';

/** @typedef {import('./wizard.js').StepProps} StepProps */
/** @typedef {import('../../court-rules.js').RulesText} RulesText */

/** @param {StepProps} props */
export function RulesStep({court}) {
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  const text = useRules();
  const isRead = useSignal(false);
  const isWhole = text !== null && typeof text === 'object';
  const isBusy = useSignal(false);
  const look = () => {
    const {current} = box;
    if (isWhole && current && current.scrollTop + current.clientHeight >= current.scrollHeight - 8) isRead.value = true;
  };
  useEffect(() => {
    look();
    addEventListener('resize', look);
    return () => removeEventListener('resize', look);
  }, [text]);
  const next = async () => {
    look();
    if (!isRead.value) {
      box.current?.scrollBy({top: box.current.clientHeight - 40});
      return;
    }
    isBusy.value = true;
    await court.intents.signRules();
    isBusy.value = false;
  };
  return html`<${Screen} title=${t('checkin.rules_title')} next=${t(isRead.value ? 'checkin.rules_sign' : 'checkin.rules_more')}
    onNext=${next} isBusy=${isBusy.value || !isWhole}>
    <div class="rules-box" ref=${box} onScroll=${look} tabindex="0" role="region" aria-label=${t('checkin.rules_title')} data-testid="rules">
      <${Clauses} text=${text} /></div>
    <p class="hint">${t('checkin.rules_words')}</p><//>`;
}

/** @param {{text: RulesText|string|null}} props */
export function Clauses({text}) {
  if (text === null) return html`<div class="skeleton" aria-label=${t('loading')}></div>`;
  if (typeof text === 'string') return html`<p class="error">${text}</p>`;
  return html`<ol class="clauses">${text.clauses.map((clause) => html`<li key=${clause}>${clause}</li>`)}</ol>
    <p class="hint">${t('checkin.rules_version', {version: text.version})}</p>`;
}

/** The text in the page's language; a sentence when it can't be had, null meanwhile. @returns {RulesText|string|null} */
export function useRules() {
  const text = useSignal(/** @type {RulesText|string|null} */ (null));
  const wanted = language.value;
  useEffect(() => {
    rulesText(wanted).then((fetched) => { text.value = fetched; }, (failure) => { text.value = sentence(failure); });
  }, [wanted]);
  return text.value;
}
