/** The floor as judge and clerk keep it: who speaks, who is next, floor mode, locked microphones. */
import {isWide} from '../appearance.js';
import {personOf, placeOf, secondsLeft, speakers} from '../floor.js';
import {html, useSignal} from '../html.js';
import {duration, t, word} from '../language.js';
import {courtSits, may} from '../stage.js';
import {useNow} from './court-clock.js';
import {Icon} from './icons.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */

const LIMITS_MIN = [1, 3, 5, 10];

/** @param {{court: Court, view: View}} props */
export function FloorPanel({court, view}) {
  const seconds = useSignal(/** @type {number|null} */ (null));
  if (!may(view, 'mute_others') || !courtSits(view)) return null;
  const {floor} = view.order;
  const {intents} = court;
  return html`<section class="panel-part" aria-labelledby="floor-title" data-testid="floor-panel">
    <div class="part-head"><h3 id="floor-title">${t('floor.title')}</h3></div>
    <${Requests} court=${court} view=${view} />
    ${floor.holder && html`<${Holder} court=${court} view=${view} />`}
    <label class="field inline"><span>${t('floor.time')}</span>
      <select data-testid="floor-limit" value=${seconds.value ?? ''} onChange=${(/** @type {Event} */ event) => {
    const {value} = /** @type {HTMLSelectElement} */ (event.target);
    seconds.value = value ? Number(value) : null;
  }}><option value="">${t('floor.no_limit')}</option>
        ${LIMITS_MIN.map((minutes) => html`<option key=${minutes} value=${minutes * 60}>${t('floor.minutes', {minutes})}</option>`)}</select></label>
    <${Queue} court=${court} view=${view} seconds=${seconds.value} />
    <details class="more" open=${!isWide.value}><summary>${t('floor.give')}</summary><ul class="people">
      ${speakers(view).map((person) => html`<li key=${person.id} class="person"><span class="who-name"><span class="seat-label">${word('role', person.role)}</span> ${person.name}</span>
        <button type="button" class="button small" data-testid="btn-give-${person.id}" aria-label=${t('floor.give_one', {who: person.name})}
          onClick=${() => intents.giveFloor(person.id, seconds.value)}>${t('floor.give')}</button></li>`)}</ul></details>
    <${Switch} id="switch-floor-mode" label=${t('floor.mode')} words=${t('floor.mode_words')} isOn=${floor.is_exclusive} onTurn=${intents.setFloorMode} />
    <${Switch} id="switch-lock" label=${t('floor.lock')} words=${t('floor.lock_words')} isOn=${floor.is_locked} onTurn=${intents.lockMicrophones} />
    <div class="pair">
      <button type="button" class="button small" data-testid="btn-mute-all" onClick=${() => intents.muteAll(true)}>${t('roster.mute_all')}</button>
      <button type="button" class="button small" data-testid="btn-unmute-all" onClick=${() => intents.muteAll(false)}>${t('roster.unmute_all')}</button>
    </div>
  </section>`;
}

/** @param {{court: Court, view: View, seconds: number|null}} props */
function Queue({court, view, seconds}) {
  const {hands} = view.order.floor;
  const {intents} = court;
  if (!hands.length) return html`<p class="hint">${t('floor.nobody')}</p>`;
  return html`<div class="part-head"><h4>${t('floor.queue', {count: hands.length})}</h4>
      ${hands.length > 1 && html`<button type="button" class="button small" data-testid="btn-lower-all" onClick=${intents.lowerAllHands}>${t('floor.lower_all')}</button>`}</div>
    <button type="button" class="button primary" data-testid="btn-call-next" onClick=${() => intents.callNext(seconds)}>${t('floor.next')}</button>
    <ol class="people">${hands.map(({participant_id: id}) => {
    const person = personOf(view, id);
    return person && html`<li key=${id} class="person"><span class="who-name"><b class="place">${placeOf(view, id)}</b> <span class="seat-label">${word('role', person.role)}</span> ${person.name}</span>
      <span class="pair"><button type="button" class="button small" data-testid="btn-lower-${id}" aria-label=${t('floor.lower_one', {who: person.name})}
        onClick=${() => intents.lowerHand(id)}>${t('hand.lower')}</button>
      <button type="button" class="button small" data-testid="btn-call-${id}" aria-label=${t('floor.give_one', {who: person.name})}
        onClick=${() => intents.giveFloor(id, seconds)}>${t('floor.give')}</button></span></li>`;
  })}</ol>`;
}

/** @param {{court: Court, view: View}} props */
function Holder({court, view}) {
  const person = personOf(view, view.order.floor.holder);
  if (!person) return null;
  return html`<div class="holder" data-testid="floor-holder"><span>${t('floor.holder', {who: `${word('role', person.role)} ${person.name}`})}
    ${' '}<${TimeLeft} view=${view} offsetMs=${court.state.value.clockOffsetMs} /></span>
    <button type="button" class="button small" data-testid="btn-take-floor" onClick=${court.intents.takeFloor}>${t('floor.take')}</button></div>`;
}

/** @param {{court: Court, view: View}} props */
function Requests({court, view}) {
  const {requests} = view.order;
  if (!may(view, 'answer_requests') || !requests.length) return null;
  return html`<h4>${t('ask.list', {count: requests.length})}</h4>
    <ul class="people" data-testid="requests">${requests.map(({number, participant_id: id, request, note}) => {
    const person = personOf(view, id);
    const isRecess = request === 'recess';
    return html`<li key=${number} class="person request"><div><p class="who-name"><span class="seat-label">${person ? word('role', person.role) : ''}</span> ${person?.name} ${t(`ask.kind_${request}`)}</p>
      ${note && html`<p class="hint">${note}</p>`}</div>
      <span class="pair"><button type="button" class="button small" data-testid="btn-refuse-${number}" onClick=${() => court.intents.answerRequest(number, false)}>${t('ask.refuse')}</button>
      ${(!isRecess || may(view, 'recess')) && html`<button type="button" class="button small primary" data-testid="btn-grant-${number}"
        onClick=${() => court.intents.answerRequest(number, true)}>${t(isRecess ? 'ask.grant_recess' : 'ask.grant')}</button>`}</span></li>`;
  })}</ul>`;
}

/** @param {{id: string, label: string, words: string, isOn: boolean, onTurn: (isOn: boolean) => unknown}} props */
function Switch({id, label, words, isOn, onTurn}) {
  return html`<button type="button" role="switch" class="switch" data-testid=${id} aria-checked=${isOn} onClick=${() => onTurn(!isOn)}>
    <span class="switch-words"><strong>${label}</strong><span class="hint">${words}</span></span><span class="switch-knob" aria-hidden="true"></span></button>`;
}

/** Counts down for the eye; says gently that time is up. @param {{view: View, offsetMs: number, isYours?: boolean}} props */
export function TimeLeft({view, offsetMs, isYours = false}) {
  const left = secondsLeft(view, useNow(500) + offsetMs);
  if (left === null) return null;
  return left > 0
    ? html`<span class="time-left ${left <= 30 ? 'soon' : ''}" data-testid="time-left" aria-hidden="true">${t('floor.left', {time: duration(left)})}</span>`
    : html`<span class="time-left over" role="status" data-testid="time-over">${t(isYours ? 'floor.over_words' : 'floor.over')}</span>`;
}

/** One slim line for all: who has the word, how long, and what is shut. @param {{court: Court, view: View}} props */
export function FloorLine({court, view}) {
  const {floor} = view.order;
  if (!courtSits(view) || (!floor.holder && !floor.is_exclusive && !floor.is_locked)) return null;
  const person = personOf(view, floor.holder);
  const isYou = floor.holder === view.you.id;
  return html`<p class="floor-line ${isYou ? 'yours' : ''}" data-testid="floor-line">
    ${person && html`<strong>${isYou ? t('floor.you') : t('floor.holder', {who: `${word('role', person.role)} ${person.name}`})}</strong>
      <${TimeLeft} view=${view} offsetMs=${court.state.value.clockOffsetMs} isYours=${isYou} />`}
    ${floor.is_exclusive && html`<span class="sign" data-testid="sign-floor-mode">${t('floor.mode_sign')}</span>`}
    ${floor.is_locked && html`<span class="sign" data-testid="sign-locked"><${Icon} name="lock" />${t('floor.lock_sign')}</span>`}</p>`;
}
