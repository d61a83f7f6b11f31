/** The first two screens: which language, and whether the link has come to the right person. */
import {html, useSignal} from '../../html.js';
import {language, t, when, word} from '../../language.js';
import {Screen} from './wizard.js';

/** @typedef {import('./wizard.js').StepProps} StepProps */

/** @param {StepProps} props */
export function LanguageStep({court}) {
  const {chooseLanguage} = court.intents;
  const other = language.value === 'en' ? 'zh-CN' : 'en';
  return html`<${Screen} title=${t('checkin.language_title')} next=${t('checkin.language_go')}
    onNext=${() => chooseLanguage(language.peek())}
    others=${html`<button type="button" class="button big" lang=${other} data-testid="btn-other-language"
      onClick=${() => chooseLanguage(other)}>${other === 'en' ? 'Continue in English' : '使用中文'}</button>`}>
    <p>${t('checkin.language_words')}</p>
    <ul class="step-list"><li>${t('checkin.need_document')}</li><li>${t('checkin.need_quiet')}</li><li>${t('checkin.need_minutes')}</li></ul><//>`;
}

/** @param {StepProps} props */
export function SelfStep({court, view}) {
  const isOther = view.lobby.check_in.done.is_self === false;
  const {confirmSelf} = court.intents;
  if (isOther) {
    return html`<${Screen} title=${t('checkin.not_me_title')} next=${t('checkin.is_me_after_all')} onNext=${() => confirmSelf(true)}>
      <p>${t('checkin.not_me_words')}</p><//>`;
  }
  return html`<${Screen} title=${t('checkin.self_title')} next=${t('checkin.is_me')} onNext=${() => confirmSelf(true)}
    others=${html`<button type="button" class="button big" data-testid="btn-not-me" onClick=${() => confirmSelf(false)}>${t('checkin.not_me')}</button>`}>
    <div class="who-card" data-testid="who-card">
      <p class="who-role">${word('role', view.you.role)}</p><p class="who-big">${view.you.name}</p>
      <dl><div><dt>${t('facts.case_number')}</dt><dd>${view.case_number}</dd></div><div><dt>${t('facts.cause')}</dt><dd>${view.cause}</dd></div>
        <div><dt>${t('facts.time')}</dt><dd>${when(view.scheduled_at)}</dd></div></dl>
    </div><//>`;
}

/** A code that the clerk has told, for those who have one. @param {StepProps} props */
export function CodeField({court, view}) {
  const code = useSignal('');
  const {identity} = view.lobby.check_in.done;
  if (identity.code_matched) return html`<p class="good-line" role="status" data-testid="code-matched">${t('checkin.code_good')}</p>`;
  /** @param {Event} event */
  const send = async (event) => {
    event.preventDefault();
    if (await court.intents.enterCode(code.value)) code.value = '';
  };
  return html`<details class="code-box" data-testid="code-box"><summary>${t('checkin.has_code')}</summary>
    <form onSubmit=${send}><label class="field"><span>${t('checkin.code')}</span>
      <input inputmode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" maxlength="6" required data-testid="code" value=${code.value}
        onInput=${(/** @type {Event} */ event) => { code.value = /** @type {HTMLInputElement} */ (event.target).value.replace(/\D/g, ''); }} /></label>
      <button type="submit" class="button" data-testid="btn-code" disabled=${code.value.length !== 6}>${t('checkin.code_go')}</button></form>
    ${identity.wrong_codes > 0 && html`<p class="error" role="alert">${t('checkin.code_wrong')}</p>`}</details>`;
}
