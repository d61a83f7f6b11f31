/** Form fields with their error beside them. */
import {html} from '../html.js';
import {Refused, sentence} from '../http.js';
import {t} from '../language.js';

/** What a refusal says about one field, or about the whole form (`''`). @typedef {Record<string, string>} FieldErrors */

/** @param {unknown} failure @returns {FieldErrors} */
export function fieldErrors(failure) {
  if (failure instanceof Refused && failure.code === 'invalid_input') {
    const where = String(failure.fields['where'] ?? '');
    return {[where]: t('field.check'), '': where ? '' : failure.message};
  }
  return {'': sentence(failure)};
}

/**
 * @param {{label: string, name: string, value: string, error?: string, type?: string, testid?: string, max?: number,
 *   required?: boolean, autocomplete?: string, placeholder?: string, onValue: (value: string) => void}} props
 */
export function Field({label, name, value, error = '', type = 'text', testid, max, required = true, autocomplete = 'off', placeholder, onValue}) {
  return html`<label class="field ${error ? 'wrong' : ''}">
    <span>${label}</span>
    <input type=${type} name=${name} value=${value} required=${required} maxlength=${max} data-testid=${testid ?? name}
      autocomplete=${autocomplete} placeholder=${placeholder} aria-invalid=${error ? 'true' : 'false'}
      onInput=${(/** @type {Event} */ event) => onValue(/** @type {HTMLInputElement} */ (event.target).value)} />
    ${error && html`<span class="error" role="alert">${error}</span>`}
  </label>`;
}

/** @param {{text: string|undefined}} props */
export function FormError({text}) {
  return text ? html`<p class="error form-error" role="alert" data-testid="form-error">${text}</p>` : null;
}
