/** Opinions on an exhibit: authenticity, legality, relevance, each accepted or objected to, with a reason. */
import {ASPECTS} from '../exhibits.js';
import {saidOf} from '../exhibit-news.js';
import {html, useSignal} from '../html.js';
import {t, when} from '../language.js';

/** @typedef {import('../types.js').View} View */
/** @typedef {import('../exhibits.js').Exhibit} Exhibit */

/** @param {{view: View, exhibit: Exhibit}} props */
export function Opinions({view, exhibit}) {
  if (!exhibit.opinions.length) return html`<p class="hint">${t('exhibit.no_opinion')}</p>`;
  return html`<section class="opinions"><h4>${t('exhibit.opinions')}</h4>
    ${exhibit.opinions.map((opinion) => html`<div key=${opinion.participant_id} class="opinion" data-testid="opinion-${exhibit.number}-${opinion.participant_id}">
      <p class="exhibit-facts"><strong>${saidOf(view, opinion.participant_id)}</strong><span>${when(opinion.at, {dateStyle: 'short', timeStyle: 'medium'})}</span></p>
      <ul class="aspects">${ASPECTS.map((aspect) => html`<li key=${aspect} class=${opinion[aspect] ? 'accepted' : 'objected'}>
        ${t(`exhibit.${aspect}`)}${t('list.colon')}<strong>${t(opinion[aspect] ? 'exhibit.accept' : 'exhibit.object')}</strong></li>`)}
        ${opinion.demands_original && html`<li class="objected"><strong>${t('exhibit.demanded')}</strong></li>`}</ul>
      ${opinion.reason && html`<p class="opinion-reason">${opinion.reason}</p>`}</div>`)}</section>`;
}

/** @param {{court: import('../hearing.js').Court, view: View, exhibit: Exhibit}} props */
export function OpinionForm({court, view, exhibit}) {
  const own = exhibit.opinions.find((each) => each.participant_id === view.you.id);
  const isOpen = useSignal(false);
  const given = useSignal({authenticity: own?.authenticity ?? true, legality: own?.legality ?? true, relevance: own?.relevance ?? true,
    demands_original: own?.demands_original ?? false});
  const reason = useSignal(own?.reason ?? '');
  const isObjection = ASPECTS.some((aspect) => !given.value[aspect]) || given.value.demands_original;
  const send = async () => {
    if (await court.intents.giveOpinion(exhibit.number, {...given.value, reason: reason.value.trim()})) isOpen.value = false;
  };
  if (!isOpen.value) return html`<button type="button" class="button" data-testid="btn-opinion-${exhibit.number}" onClick=${() => { isOpen.value = true; }}>
    ${t(own ? 'exhibit.give_again' : 'exhibit.give')}</button>`;
  return html`<section class="opinion-form">
    ${ASPECTS.map((aspect) => html`<fieldset key=${aspect} class="aspect"><legend>${t(`exhibit.${aspect}`)}</legend>
      ${[true, false].map((value) => html`<label key=${value} class="check"><input type="radio" name="${aspect}-${exhibit.number}" checked=${given.value[aspect] === value}
        data-testid="${aspect}-${value ? 'accept' : 'object'}" onChange=${() => { given.value = {...given.value, [aspect]: value}; }} />
        <span>${t(value ? 'exhibit.accept' : 'exhibit.object')}</span></label>`)}</fieldset>`)}
    <label class="check"><input type="checkbox" data-testid="demand-original" checked=${given.value.demands_original}
      onChange=${(/** @type {Event} */ event) => { given.value = {...given.value, demands_original: /** @type {HTMLInputElement} */ (event.target).checked}; }} />
      <span>${t('exhibit.demand')}</span></label>
    <label class="field"><span>${t('exhibit.reason')}</span><textarea rows="3" maxlength="1000" data-testid="opinion-reason" value=${reason.value}
      onInput=${(/** @type {Event} */ event) => { reason.value = /** @type {HTMLTextAreaElement} */ (event.target).value; }}></textarea></label>
    <button type="button" class="button primary" data-testid="btn-send-opinion" disabled=${isObjection && !reason.value.trim()} onClick=${send}>${t('exhibit.send_opinion')}</button>
  </section>`;
}
