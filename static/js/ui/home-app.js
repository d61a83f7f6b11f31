/** The first page: what this is, a box for a link or a code, and the way to the clerk's desk. */
import {html, useSignal} from '../html.js';
import {t} from '../language.js';
import {Field} from './fields.js';
import {Head} from './frame.js';
import {Emblem} from './icons.js';

const TOKEN = /(?:^|#)([A-Za-z0-9_-]{22})\s*$/;

export function HomeApp() {
  const pasted = useSignal('');
  const error = useSignal('');
  /** @param {Event} event */
  const go = (event) => {
    event.preventDefault();
    const token = TOKEN.exec(pasted.value.trim())?.[1];
    if (token) location.assign(`/join#${token}`);
    else error.value = t('home.not_a_link');
  };
  return html`<div class="page home">
    <${Head} />
    <main class="home-main">
      <section class="home-lead"><${Emblem} /><h1>${t('home.title')}</h1><p>${t('home.lead')}</p></section>
      <form class="card narrow" data-testid="paste-link" onSubmit=${go}>
        <h2>${t('home.join')}</h2>
        <p>${t('home.join_words')}</p>
        <${Field} label=${t('home.link')} name="link" value=${pasted.value} error=${error.value}
          onValue=${(/** @type {string} */ v) => { pasted.value = v; error.value = ''; }} />
        <button type="submit" class="button primary big" data-testid="btn-go">${t('home.go')}</button>
      </form>
      <ul class="home-rules"><li>${t('home.rule_quiet')}</li><li>${t('home.rule_parked')}</li><li>${t('home.rule_no_recording')}</li></ul>
      <p class="home-staff"><a href="/desk" data-testid="link-desk">${t('home.staff')}</a></p>
    </main>
  </div>`;
}
