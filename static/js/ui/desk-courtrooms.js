/** One clerk, several courtrooms: state, people, trouble and recorder of each, and what can be done from here. */
import {actAsClerk, courtroomsNow, recorderSign} from '../courtrooms.js';
import {html, useEffect, useSignal} from '../html.js';
import {sentence} from '../http.js';
import {t, when, word} from '../language.js';
import {FormError, Field} from './fields.js';
import {Dialog} from './frame.js';
import {delayWords} from './board/delay-form.js';

/** @typedef {import('../courtrooms.js').Courtroom} Courtroom */
/** @typedef {(kind: string, fields?: Record<string, unknown>) => Promise<void>} Act */

const LOOK_EVERY_MS = 2000;
const HERE = new Set(['checking_in', 'testing', 'ready_in_lobby', 'in_room', 'called', 'in_court']);

/** @param {{desk: import('../desk.js').Desk}} props */
export function DeskCourtrooms({desk}) {
  const rooms = useSignal(/** @type {Courtroom[]|null} */ (null));
  const error = useSignal('');
  const look = async () => {
    if (document.hidden) return;
    rooms.value = await courtroomsNow().catch((failure) => { error.value = sentence(failure); return rooms.value; });
  };
  useEffect(() => {
    void look();
    const looking = setInterval(() => void look(), LOOK_EVERY_MS);
    return () => clearInterval(looking);
  }, []);
  /** @param {Courtroom} room @returns {Act} */
  const actIn = (room) => async (kind, fields) => {
    error.value = '';
    await actAsClerk(room.id, kind, fields).catch((failure) => { error.value = sentence(failure); });
    await look();
  };
  return html`<section class="card" data-testid="courtrooms"><p><a href="#/">${t('desk.back')}</a></p><h1>${t('courtrooms.title')}</h1>
      <p class="hint">${t('courtrooms.words')}</p><${FormError} text=${error.value} />
      ${rooms.value === null && html`<div class="skeleton" aria-label=${t('loading')}></div>`}
      ${rooms.value?.length === 0 && html`<p class="empty">${t('courtrooms.none')}</p>`}</section>
    <ul class="courtrooms">${rooms.value?.map((room) => html`<${Room} key=${room.id} desk=${desk} room=${room} act=${actIn(room)} />`)}</ul>`;
}

/** @param {{desk: import('../desk.js').Desk, room: Courtroom, act: Act}} props */
function Room({desk, room, act}) {
  const isTelling = useSignal(false);
  const text = useSignal('');
  const here = room.people.filter(({state}) => HERE.has(state)).length;
  const known = room.people.filter(({state}) => state !== 'removed');
  const sign = recorderSign(room);
  const tell = async (/** @type {boolean} */ isConfirmed) => {
    if (isConfirmed && !text.value.trim()) return;
    isTelling.value = false;
    if (isConfirmed) await act('send_message', {text: text.value.trim(), to: null});
    text.value = '';
  };
  const isCalling = room.help.length > 0 || sign === 'stalled';
  return html`<li class="card courtroom-card ${isCalling ? 'calls' : ''}" data-testid="courtroom-${room.id}">
    <div class="part-head"><div><h2>${room.case_number}</h2><p class="hint">${room.cause} · <time>${when(room.scheduled_at, {timeStyle: 'short'})}</time></p></div>
      <span class="chip session-${room.session}" data-testid="session-${room.id}">${word('session', room.session)}</span></div>
    <ul class="courtroom-facts">
      ${room.opened_at && html`<li>${word('phase', room.phase)}</li>`}
      <li class=${room.judge_present ? '' : 'soft'}>${t(room.judge_present ? 'courtrooms.judge_here' : 'courtrooms.judge_away')}</li>
      <li>${t('courtrooms.people', {here, of: known.length})}</li>
      <li class="recorder-${sign}" data-testid="recorder-${room.id}">${t(`courtrooms.recorder_${sign}`)}</li></ul>
    ${room.delay && html`<p class="notice">${delayWords(room.delay)}</p>`}
    <ul class="courtroom-people">${known.map((line) => html`<${PersonLine} key=${line.participant_id} room=${room} line=${line} act=${act} />`)}</ul>
    <${Calls} room=${room} act=${act} />
    ${room.clerk === null && html`<p class="hint">${t('courtrooms.no_clerk')}</p>`}
    <div class="pair">
      ${room.clerk !== null && html`<button type="button" class="button small" data-testid="btn-tell-${room.id}" onClick=${() => { isTelling.value = true; }}>${t('courtrooms.tell')}</button>
      <${Enter} desk=${desk} room=${room} />`}
      <a class="button small" href="#/hearings/${encodeURIComponent(room.id)}">${t('courtrooms.detail')}</a></div>
    ${isTelling.value && html`<${Dialog} title=${t('courtrooms.tell_title', {number: room.case_number})} confirm=${t('courtrooms.send')} testid="dialog-tell" onAnswer=${tell}>
      <${Field} label=${t('board.write_here')} name="tell" max=${500} value=${text.value} onValue=${(/** @type {string} */ value) => { text.value = value; }} /><//>`}
  </li>`;
}

/** Where they are, what is wrong, and the door. @param {{room: Courtroom, line: import('../types.js').Readiness, act: Act}} props */
function PersonLine({room, line, act}) {
  const id = line.participant_id;
  const trouble = room.trouble.find((each) => each.participant_id === id);
  const canAdmit = room.clerk !== null && line.state === 'ready_in_lobby' && room.session !== 'scheduled' && line.role !== 'witness';
  return html`<li class="courtroom-person" data-testid="desk-person-${id}" data-state=${line.state}>
    <span class="dot state-${line.state}" aria-hidden="true"></span>
    <span class="courtroom-who"><span><span class="seat-label">${word('role', line.role)}</span> ${line.name}</span>
      <span class="who-state">${word('state', line.state)}${trouble ? html` · <strong>${t('weather.finding', {what: t(`weather.${trouble.kind}`), sure: t(`weather.${trouble.confidence}`)})}</strong>` : null}</span></span>
    ${canAdmit && html`<button type="button" class="button small" data-testid="desk-admit-${id}" disabled=${line.lacks.length > 0}
      onClick=${() => act('admit', {participant_id: id})}>${t('roster.admit')}</button>`}</li>`;
}

/** Who needs help, and what people wrote. @param {{room: Courtroom, act: Act}} props */
function Calls({room, act}) {
  const nameOf = (/** @type {string|null} */ id) => room.people.find((line) => line.participant_id === id)?.name ?? '';
  return html`${room.help.length === 0 ? html`<p class="hint">${t('courtrooms.calm')}</p>`
    : html`<ul class="queue">${room.help.map((task) => html`<li key=${task.id} class="queue-line ${task.owner ? '' : 'calls'}" data-testid="desk-task-${task.id}">
      <p><strong>${nameOf(task.participant_id)}</strong> · ${t(`help.problem_${task.problem}`)}</p>
      <div class="pair">${!task.owner && html`<button type="button" class="button small" data-testid="desk-take-${task.id}" onClick=${() => act('take_help', {task: task.id})}>${t('board.take')}</button>`}
        <button type="button" class="button small" onClick=${() => act('close_help', {task: task.id})}>${t('board.close_task')}</button></div></li>`)}</ul>`}
    ${room.messages.map((message) => html`<p key=${message.seq} class="hint">${nameOf(message.participant_id)}${t('list.colon')}${message.text}</p>`)}`;
}

/** A fresh link for the clerk's seat, opened beside this page; never while that seat is taken. @param {{desk: import('../desk.js').Desk, room: Courtroom}} props */
function Enter({desk, room}) {
  const isInside = room.people.some((line) => line.participant_id === room.clerk && HERE.has(line.state));
  if (isInside) return html`<span class="hint" data-testid="inside-${room.id}">${t('courtrooms.inside')}</span>`;
  const enter = async () => {
    const page = open('', '_blank'); // within the press: browsers keep later windows shut
    await desk.renewLink(room.id, room.clerk ?? '');
    const link = desk.state.peek().links[room.clerk ?? ''];
    if (link && page) page.location.href = link.url;
    else page?.close();
  };
  return html`<button type="button" class="button small primary" data-testid="btn-enter-${room.id}" onClick=${enter}>${t('courtrooms.enter')}</button>`;
}
