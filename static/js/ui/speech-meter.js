/** How long each party has spoken, for who presides: counted in the record's own sound. */
import {html} from '../html.js';
import {t, when, word} from '../language.js';

/** @typedef {import('../types.js').SpeechTime} SpeechTime */

/** @param {{court: import('../hearing.js').Court, view: import('../types.js').View}} props */
export function SpeechMeter({court, view}) {
  const {speech} = court.state.value;
  if (!speech || view.opened_at === null) return null;
  const sides = speech.parties.filter(({party}) => party === 'a' || party === 'b');
  const both = Math.max(1, sides.reduce((sum, {ms}) => sum + ms, 0));
  return html`<section class="panel-part" aria-labelledby="speech-title" data-testid="speech-meter">
    <h3 id="speech-title">${t('speech.title')}</h3>
    <ul class="speech">${speech.parties.map(({party, ms}) => html`<li key=${party} class="speech-${party}" data-testid="speech-${party}" data-ms=${ms}>
      <span>${t(`speech.${party}`)}</span>
      ${party === 'a' || party === 'b' ? html`<meter min="0" max="100" value=${Math.round(ms / both * 100)}
        aria-label=${t('speech.share', {party: t(`speech.${party}`), time: spoken(ms), percent: Math.round(ms / both * 100)})}></meter>` : html`<span></span>`}
      <strong>${spoken(ms)}</strong></li>`)}</ul>
    <details><summary>${t('speech.people')}</summary><ul class="speech">${speech.people.map(({participant_id: id, ms}) => html`<li key=${id}>
      <span>${nameOf(view, id)}</span><span></span><strong>${spoken(ms)}</strong></li>`)}</ul></details>
    <p class="hint">${t('speech.words', {at: when(speech.since, {timeStyle: 'short'})})}</p>
  </section>`;
}

/** Minutes and seconds. @param {number} ms */
function spoken(ms) {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** @param {import('../types.js').View} view @param {string} id */
function nameOf(view, id) {
  const person = view.people.find((each) => each.id === id);
  return person ? `${word('role', person.role)} ${person.name}` : '';
}
