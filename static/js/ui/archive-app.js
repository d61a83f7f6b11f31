/** The record room: a form to look for hearings, and what was found, page by page. */
import {ANYTHING, FILTERS} from '../archive.js';
import {html, useSignal} from '../html.js';
import {t, when, word} from '../language.js';
import {Field, FormError} from './fields.js';
import {Head} from './frame.js';
import {SignIn} from './sign-in.js';

/** @typedef {import('../archive.js').Archive} Archive */
/** @typedef {import('../archive.js').RecordCard} RecordCard */

/** @param {{archive: Archive}} props */
export function ArchiveApp({archive}) {
  const {found, asksForSignIn, error, wanted} = archive.state.value;
  return html`<div class="page desk">
    <${Head}><a class="head-link" href="/desk">${t('records.desk')}</a><//>
    <main class="desk-main" data-testid="archive">
      ${asksForSignIn ? html`<${SignIn} onSignIn=${archive.signIn} lead=${t('signin.record_lead')} />` : html`
        <section class="card"><h1>${t('archive.title')}</h1><p class="hint">${t('archive.lead')}</p>
          <${Question} key=${JSON.stringify(wanted)} archive=${archive} /></section>
        <${FormError} text=${error} />
        ${!found && !error && html`<div class="card"><div class="skeleton" aria-label=${t('loading')}></div></div>`}
        ${found && html`<${Found} archive=${archive} />`}`}
    </main>
  </div>`;
}

/** @param {{archive: Archive}} props */
function Question({archive}) {
  const asked = useSignal(archive.state.peek().wanted);
  const {words, from_day, to_day, state} = asked.value;
  const change = (/** @type {Partial<import('../archive.js').Wanted>} */ news) => { asked.value = {...asked.peek(), ...news}; };
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    void archive.seek({...asked.peek(), page: 1});
  };
  const isNarrowed = Boolean(words || from_day || to_day || state);
  return html`<form class="archive-question" role="search" data-testid="archive-question" onSubmit=${submit}>
    <${Field} label=${t('archive.words')} name="words" type="search" max=${100} required=${false} value=${words} onValue=${(/** @type {string} */ v) => change({words: v})} />
    <div class="archive-days">
      <${Field} label=${t('archive.from_day')} name="from_day" type="date" required=${false} value=${from_day} onValue=${(/** @type {string} */ v) => change({from_day: v})} />
      <${Field} label=${t('archive.to_day')} name="to_day" type="date" required=${false} value=${to_day} onValue=${(/** @type {string} */ v) => change({to_day: v})} />
    </div>
    <label class="field"><span>${t('archive.state')}</span>
      <select data-testid="archive-state" value=${state} onChange=${(/** @type {Event} */ event) => {
    const chosen = /** @type {HTMLSelectElement} */ (event.target).value;
    change({state: FILTERS.find((filter) => filter === chosen) ?? ''});
  }}>
        <option value="">${t('archive.any')}</option>
        ${FILTERS.map((filter) => html`<option key=${filter} value=${filter} selected=${filter === state}>${t(`archive.state.${filter}`)}</option>`)}
      </select></label>
    <div class="pair"><button type="submit" class="button primary" data-testid="btn-search">${t('archive.search')}</button>
      ${isNarrowed && html`<button type="button" class="button quiet" data-testid="btn-clear" onClick=${() => archive.seek(ANYTHING)}>${t('archive.clear')}</button>`}</div>
  </form>`;
}

/** @param {{archive: Archive}} props */
function Found({archive}) {
  const {found, wanted} = archive.state.value;
  if (!found) return null;
  const isNarrowed = Boolean(wanted.words || wanted.from_day || wanted.to_day || wanted.state);
  return html`<section class="card" data-testid="found" aria-live="polite">
    <h2>${t('archive.found', {total: found.total})}</h2>
    ${found.records.length === 0 && html`<p class="empty">${t(isNarrowed ? 'archive.nothing' : 'archive.empty')}</p>`}
    <ul class="rows">${found.records.map((record) => html`<${Card} key=${record.hearing_id} record=${record} />`)}</ul>
    ${found.pages > 1 && html`<nav class="archive-pages" aria-label=${t('archive.page', {page: found.page, pages: found.pages})}>
      <button type="button" class="button" data-testid="btn-later" disabled=${found.page <= 1} onClick=${() => archive.seek({page: found.page - 1})}>${t('archive.later')}</button>
      <span>${t('archive.page', {page: found.page, pages: found.pages})}</span>
      <button type="button" class="button" data-testid="btn-earlier" disabled=${found.page >= found.pages} onClick=${() => archive.seek({page: found.page + 1})}>${t('archive.earlier')}</button>
    </nav>`}
  </section>`;
}

/** @param {{record: RecordCard}} props */
function Card({record}) {
  const people = record.people.map((person) => `${word('role', person.role)} ${person.name}`).join(t('list.comma'));
  return html`<li data-testid="record-${record.hearing_id}"><a class="row" href="/recordings/${encodeURIComponent(record.hearing_id)}">
    <span class="row-main"><strong>${record.case_number}</strong><span>${record.cause}</span>
      <span class="hint">${people}</span></span>
    <span class="row-side"><time datetime=${record.opened_at}>${when(record.opened_at)}</time>
      ${record.faults > 0 && html`<span class="chip warn">${t('archive.faults', {faults: record.faults})}</span>`}
      ${record.ended_at === null ? html`<span class="chip live">${t('archive.still_open')}</span>`
    : html`<span class="chip ${record.is_sealed ? 'done' : ''}">${t(record.is_sealed ? 'archive.state.sealed' : 'archive.state.unsealed')}</span>`}
    </span></a></li>`;
}
