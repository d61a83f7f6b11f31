/** The clerk's desk: lists, a new case, one hearing. */
import {html, useSignal} from '../html.js';
import {t, when, word} from '../language.js';
import {DeskCourtrooms} from './desk-courtrooms.js';
import {DeskHearing} from './desk-hearing.js';
import {Field, FormError, fieldErrors} from './fields.js';
import {Dialog, Head} from './frame.js';
import {NewCase} from './new-case.js';
import {SignIn} from './sign-in.js';

/** @typedef {import('../desk.js').Desk} Desk */

/** @param {{desk: Desk}} props */
export function DeskApp({desk}) {
  const {staff, place, error} = desk.state.value;
  return html`<div class="page desk">
    <${Head}>${staff && html`<a class="head-link" href="/recordings" data-testid="link-archive">${t('archive.link')}</a><span class="head-staff">${staff.display_name}</span>
      <button type="button" class="button quiet" data-testid="btn-sign-out" onClick=${desk.signOut}>${t('desk.sign_out')}</button>`}<//>
    <main class="desk-main" data-testid="desk">
      <${FormError} text=${error} />
      ${staff === null && html`<${SignIn} onSignIn=${desk.signIn} lead=${t('signin.desk_lead')} />`}
      ${staff === undefined && html`<div class="skeleton" aria-label=${t('loading')}></div>`}
      ${staff && place.name === 'lists' && html`<${Lists} desk=${desk} />`}
      ${staff && place.name === 'new_case' && html`<${NewCase} desk=${desk} />`}
      ${staff && place.name === 'courtrooms' && html`<${DeskCourtrooms} desk=${desk} />`}
      ${staff && place.name === 'hearing' && html`<${DeskHearing} key=${place.id} desk=${desk} />`}
    </main>
  </div>`;
}

/** @param {{desk: Desk}} props */
function Lists({desk}) {
  const {cases, hearings} = desk.state.value;
  const scheduling = useSignal(/** @type {import('../types.js').Case|null} */ (null));
  return html`
    <section class="card" data-testid="hearings">
      <div class="part-head"><h1>${t('desk.hearings')}</h1><a class="button" href="#/courtrooms" data-testid="link-courtrooms">${t('courtrooms.title')}</a></div>
      ${!hearings && html`<div class="skeleton"></div>`}
      ${hearings?.length === 0 && html`<p class="empty">${t('desk.no_hearings')}</p>`}
      <ul class="rows">${hearings?.map((hearing) => html`<li key=${hearing.id} data-testid="hearing-${hearing.id}">
        <a class="row" href="#/hearings/${encodeURIComponent(hearing.id)}">
          <span class="row-main"><strong>${hearing.case_number}</strong><span>${hearing.cause}</span></span>
          <span class="row-side"><time>${when(hearing.scheduled_at)}</time>
            <span class="chip session-${hearing.session}">${word('session', hearing.session)}</span></span></a></li>`)}</ul>
    </section>
    <section class="card" data-testid="cases">
      <div class="part-head"><h2>${t('desk.cases')}</h2>
        <a class="button primary" href="#/new-case" data-testid="btn-new-case">${t('desk.new_case')}</a></div>
      ${!cases && html`<div class="skeleton"></div>`}
      ${cases?.length === 0 && html`<p class="empty">${t('desk.no_cases')}</p>`}
      <ul class="rows">${cases?.map((one) => html`<li key=${one.id} class="row" data-testid="case-${one.id}">
        <span class="row-main"><strong>${one.case_number}</strong><span>${one.cause}</span>
          <span class="hint">${one.people.map((p) => `${word('role', p.role)} ${p.name}`).join(t('list.comma'))}</span></span>
        <button type="button" class="button" data-testid="btn-schedule-${one.id}" onClick=${() => { scheduling.value = one; }}>
          ${t('desk.schedule')}</button></li>`)}</ul>
    </section>
    ${scheduling.value && html`<${Schedule} desk=${desk} one=${scheduling.value} onDone=${() => { scheduling.value = null; }} />`}`;
}

/** The next full hour, as a local date-time field wants it. */
function nextHour() {
  const at = new Date(Date.now() + 3_600_000);
  at.setMinutes(0, 0, 0);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const KEPT = /** @type {const} */ (['permanent', 'long', 'short']);

/** @param {{desk: Desk, one: import('../types.js').Case, onDone: () => void}} props */
function Schedule({desk, one, onDone}) {
  const at = useSignal(nextHour());
  const kept = useSignal(/** @type {''|typeof KEPT[number]} */ (''));
  const errors = useSignal(/** @type {import('./fields.js').FieldErrors} */ ({}));
  /** @param {boolean} isConfirmed */
  const answer = async (isConfirmed) => {
    if (!isConfirmed) return onDone();
    try {
      await desk.schedule(one.id, new Date(at.value), kept.value || null);
      onDone();
    } catch (failure) {
      errors.value = fieldErrors(failure);
    }
  };
  return html`<${Dialog} title=${t('schedule.title')} confirm=${t('schedule.go')} testid="dialog-schedule" onAnswer=${answer}>
    <p>${one.case_number} · ${one.cause}</p>
    <${Field} label=${t('schedule.at')} name="scheduled_at" type="datetime-local" value=${at.value}
      error=${errors.value['scheduled_at']} onValue=${(/** @type {string} */ v) => { at.value = v; }} />
    <label class="field"><span>${t('schedule.kept')}</span><select data-testid="retention"
      onChange=${(/** @type {Event} */ event) => { kept.value = /** @type {typeof kept.value} */ (/** @type {HTMLSelectElement} */ (event.target).value); }}>
      <option value="" selected=${!kept.value}>${t('retention.setting')}</option>
      ${KEPT.map((one) => html`<option key=${one} value=${one} selected=${one === kept.value}>${t(`retention.${one}`)}</option>`)}</select>
      <span class="hint">${t('schedule.kept_words')}</span></label>
    <${FormError} text=${errors.value['']} />
    <p class="hint">${t('schedule.words')}</p><//>`;
}
