/** The form for a new case and its people. */
import {html, useSignal} from '../html.js';
import {t, word} from '../language.js';
import {Field, FormError, fieldErrors} from './fields.js';
import {Icon} from './icons.js';

/** @type {import('../types.js').Role[]} */
const ROLES = ['judge', 'bench_member', 'clerk', 'plaintiff', 'defendant', 'representative', 'witness', 'interpreter', 'mediator', 'observer'];
const MOST_PEOPLE = 12;

/** `tie`: the side of a representative, or the key of the line that an interpreter or a supporter goes with. */
/** @typedef {{key: number, role: import('../types.js').Role, name: string, tie?: string}} Line */

/** @type {ReadonlySet<import('../types.js').Role>} */
const COMPANIONS = new Set(['interpreter', 'observer']);
/** @type {ReadonlySet<import('../types.js').Role>} */
const ACCOMPANIED = new Set(['plaintiff', 'defendant', 'representative', 'witness']);

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
    const people = lines.value.map((line) => ({role: line.role, name: line.name, ties: tiesOf(line, lines.value)}));
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
      ${lines.value.map((line, at) => html`<${PersonLine} key=${line.key} line=${line} lines=${lines.value} error=${errors.value[`people.${at}.name`]}
        onChange=${(/** @type {Partial<Line>} */ news) => change(line.key, news)}
        onRemove=${lines.value.length > 1 ? () => { lines.value = lines.value.filter((l) => l.key !== line.key); } : null} />`)}
      <button type="button" class="button" data-testid="btn-add-person" disabled=${lines.value.length >= MOST_PEOPLE} onClick=${add}>${t('case.add_person')}</button>
    </fieldset>
    <${FormError} text=${errors.value[''] || (errors.value['people'] && t('field.check'))} />
    <div class="pair"><a class="button" href="#/">${t('dialog.back')}</a>
      <button type="submit" class="button primary" data-testid="btn-save-case" disabled=${isBusy.value}>${t('case.save')}</button></div>
  </form>`;
}

/** Whose side, and with whom. @param {Line} line @param {Line[]} lines @returns {import('../types.js').Ties} */
function tiesOf({role, tie}, lines) {
  const at = lines.findIndex(({key}) => String(key) === tie);
  return {
    side: role === 'representative' && tie ? /** @type {'a'|'b'} */ (tie) : null,
    linked_to: COMPANIONS.has(role) && at >= 0 ? at : null,
    screened_from: [],
  };
}

/** @param {{line: Line, lines: Line[], error: string|undefined, onChange: (news: Partial<Line>) => void, onRemove: (() => void)|null}} props */
function PersonLine({line, lines, error, onChange, onRemove}) {
  return html`<div class="person-line">
    <label class="field"><span>${t('case.role')}</span>
      <select value=${line.role} data-testid="person-role-${line.key}" onChange=${(/** @type {Event} */ event) =>
    onChange({role: /** @type {import('../types.js').Role} */ (/** @type {HTMLSelectElement} */ (event.target).value), tie: ''})}>
        ${ROLES.map((role) => html`<option key=${role} value=${role} selected=${role === line.role}>${word('role', role)}</option>`)}
      </select></label>
    <${Field} label=${t('case.name')} name="person-${line.key}" testid="person-name-${line.key}" max=${60} value=${line.name} error=${error}
      onValue=${(/** @type {string} */ name) => onChange({name})} />
    <${TieField} line=${line} lines=${lines} onChange=${onChange} />
    <button type="button" class="button quiet remove" disabled=${!onRemove} onClick=${onRemove} data-testid="btn-remove-person-${line.key}"
      aria-label=${t('case.remove_person')}><${Icon} name="close" /></button>
  </div>`;
}

/** @param {{line: Line, lines: Line[], onChange: (news: Partial<Line>) => void}} props */
function TieField({line, lines, onChange}) {
  const isCounsel = line.role === 'representative';
  if (!isCounsel && !COMPANIONS.has(line.role)) return null;
  /** @type {{value: string, words: string}[]} */
  const choices = isCounsel
    ? [{value: 'a', words: word('role', 'plaintiff')}, {value: 'b', words: word('role', 'defendant')}]
    : lines.filter(({role}) => ACCOMPANIED.has(role)).map(({key, role, name}) => ({value: String(key), words: `${word('role', role)} ${name}`}));
  return html`<label class="field tie"><span>${t(isCounsel ? 'case.side' : 'case.linked')}</span>
    <select value=${line.tie ?? ''} data-testid="person-tie-${line.key}" onChange=${(/** @type {Event} */ event) =>
    onChange({tie: /** @type {HTMLSelectElement} */ (event.target).value})}>
      <option value="" selected=${!line.tie}>${t('case.nobody')}</option>
      ${choices.map(({value, words}) => html`<option key=${value} value=${value} selected=${value === line.tie}>${words}</option>`)}
    </select></label>`;
}
