/** The form for a new case and its people. */
import {html, useSignal} from '../html.js';
import {t, word} from '../language.js';
import {Field, FormError, fieldErrors} from './fields.js';
import {Icon} from './icons.js';

/** @type {import('../types.js').Role[]} */
const ROLES = ['judge', 'bench_member', 'clerk', 'plaintiff', 'defendant', 'representative', 'witness', 'interpreter', 'mediator', 'observer'];
const MOST_PEOPLE = 12;

/** @typedef {{key: number, role: import('../types.js').Role, name: string}} Line */

/** @type {Line[]} */
const AT_FIRST = [
  {key: 1, role: 'judge', name: ''},
  {key: 2, role: 'clerk', name: ''},
  {key: 3, role: 'plaintiff', name: ''},
  {key: 4, role: 'defendant', name: ''},
];

/** @param {{desk: import('../desk.js').Desk}} props */
export function NewCase({desk}) {
  const caseNumber = useSignal('');
  const cause = useSignal('');
  const lines = useSignal(AT_FIRST);
  const isPublic = useSignal(true);
  const errors = useSignal(/** @type {import('./fields.js').FieldErrors} */ ({}));
  const isBusy = useSignal(false);
  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault();
    isBusy.value = true;
    errors.value = {};
    const people = lines.value.map(({role, name}) => ({role, name}));
    try {
      await desk.addCase({case_number: caseNumber.value, cause: cause.value, people, is_public: isPublic.value});
    } catch (failure) {
      errors.value = fieldErrors(failure);
    }
    isBusy.value = false;
  };
  /** @param {number} key @param {Partial<Line>} change */
  const change = (key, change) => {
    lines.value = lines.value.map((line) => (line.key === key ? {...line, ...change} : line));
  };
  const add = () => {
    const key = Math.max(0, ...lines.value.map((line) => line.key)) + 1;
    lines.value = [...lines.value, {key, role: 'witness', name: ''}];
  };
  return html`<form class="card" data-testid="new-case" onSubmit=${submit}>
    <h1>${t('case.title')}</h1>
    <div class="two">
      <${Field} label=${t('facts.case_number')} name="case_number" max=${60} value=${caseNumber.value} error=${errors.value['case_number']}
        placeholder=${t('case.number_example')} onValue=${(/** @type {string} */ v) => { caseNumber.value = v; }} />
      <${Field} label=${t('facts.cause')} name="cause" max=${80} value=${cause.value} error=${errors.value['cause']}
        placeholder=${t('case.cause_example')} onValue=${(/** @type {string} */ v) => { cause.value = v; }} />
    </div>
    <label class="check-field"><input type="checkbox" data-testid="case-public" checked=${isPublic.value}
      onChange=${(/** @type {Event} */ event) => { isPublic.value = /** @type {HTMLInputElement} */ (event.target).checked; }} />
      <span><strong>${t('case.public')}</strong><span class="hint">${t('case.public_words')}</span></span></label>
    <fieldset class="people-fields"><legend>${t('case.people')}</legend>
      ${lines.value.map((line, at) => html`<${PersonLine} key=${line.key} line=${line} error=${errors.value[`people.${at}.name`]}
        onChange=${(/** @type {Partial<Line>} */ news) => change(line.key, news)}
        onRemove=${lines.value.length > 1 ? () => { lines.value = lines.value.filter((l) => l.key !== line.key); } : null} />`)}
      <button type="button" class="button" data-testid="btn-add-person" disabled=${lines.value.length >= MOST_PEOPLE} onClick=${add}>${t('case.add_person')}</button>
    </fieldset>
    <${FormError} text=${errors.value[''] || (errors.value['people'] && t('field.check'))} />
    <div class="pair"><a class="button" href="#/">${t('dialog.back')}</a>
      <button type="submit" class="button primary" data-testid="btn-save-case" disabled=${isBusy.value}>${t('case.save')}</button></div>
  </form>`;
}

/** @param {{line: Line, error: string|undefined, onChange: (news: Partial<Line>) => void, onRemove: (() => void)|null}} props */
function PersonLine({line, error, onChange, onRemove}) {
  return html`<div class="person-line">
    <label class="field"><span>${t('case.role')}</span>
      <select value=${line.role} data-testid="person-role-${line.key}" onChange=${(/** @type {Event} */ event) =>
    onChange({role: /** @type {import('../types.js').Role} */ (/** @type {HTMLSelectElement} */ (event.target).value)})}>
        ${ROLES.map((role) => html`<option key=${role} value=${role} selected=${role === line.role}>${word('role', role)}</option>`)}
      </select></label>
    <${Field} label=${t('case.name')} name="person-${line.key}" testid="person-name-${line.key}" max=${60} value=${line.name} error=${error}
      onValue=${(/** @type {string} */ name) => onChange({name})} />
    <button type="button" class="button quiet remove" disabled=${!onRemove} onClick=${onRemove} data-testid="btn-remove-person-${line.key}"
      aria-label=${t('case.remove_person')}><${Icon} name="close" /></button>
  </div>`;
}
