/** The judge's and the clerk's desk: the acts of the session, the people, the phases. Shown by permission. */
import {isWide} from '../appearance.js';
import {html, useEffect, useSignal} from '../html.js';
import {t, word} from '../language.js';
import {courtSits, lacksOf, may, sitsInCourt, waiting} from '../stage.js';
import {ArrangementMenu} from './arrangement.js';
import {FaultStatement, UnstatedFaults} from './fault-statement.js';
import {BoardButton} from './board/board.js';
import {Dialog} from './frame.js';
import {FloorPanel} from './floor-panel.js';
import {GallerySwitch} from './gallery-switch.js';
import {Icon} from './icons.js';
import {Interruptions} from './interruptions.js';
import {Monitor} from './monitor.js';
import {LogNotes} from './log-notes.js';
import {Phases} from './phases.js';
import {PeopleInCourt, WaitingList} from './roster.js';
import {SpeechMeter} from './speech-meter.js';
import {WalkOuts} from './walk-outs.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */
/** @typedef {{court: Court, view: View}} Props */

/** @param {Props & {isOpen: boolean, onClose: () => void}} props */
export function Bench({court, view, isOpen, onClose}) {
  const tab = useSignal(/** @type {TabName} */ (courtSits(view) && !waiting(view).length ? 'floor' : 'people'));
  useEffect(() => {
    if (isOpen && !isWide.peek()) tab.value = 'people'; // so that what a fold there holds is two taps away, always
  }, [isOpen]);
  /** @param {TabName} name */
  const shown = (name) => (tab.value === name ? 'shown' : '');
  return html`<aside class="bench ${isOpen ? 'open' : ''}" data-testid="bench" aria-label=${t('bench.title')}>
    <header class="bench-head"><h2>${t('bench.title')}</h2>
      <button type="button" class="button quiet narrow-only" data-testid="btn-panel-close" onClick=${onClose}>
        <${Icon} name="close" />${t('dialog.close')}</button></header>
    <div class="wide-only"><${BenchActions} court=${court} view=${view} place="panel" /></div>
    ${view.gallery.is_open && html`<${GallerySwitch} court=${court} view=${view} />`}
    <${UnstatedFaults} court=${court} view=${view} />
    <${Tabs} chosen=${tab.value} view=${view} onChoose=${(/** @type {TabName} */ name) => { tab.value = name; }} />
    <div class="bench-tab ${shown('floor')}" id="bench-floor"><${WalkOuts} court=${court} view=${view} /><${FloorPanel} court=${court} view=${view} /><${SpeechMeter} court=${court} view=${view} /></div>
    <div class="bench-tab ${shown('people')}" id="bench-people">
      ${may(view, 'admit') && html`<${WaitingList} court=${court} view=${view} />`}
      <${PeopleInCourt} court=${court} view=${view} /></div>
    <div class="bench-tab ${shown('phases')}" id="bench-phases">
      ${may(view, 'change_phase') && courtSits(view) && html`<${Phases} court=${court} view=${view} />`}</div>
    <div class="bench-tab ${shown('more')}" id="bench-more">
      <${ArrangementMenu} court=${court} view=${view} />
      <${BoardButton} court=${court} view=${view} />
      <${Monitor} court=${court} view=${view} />
      ${!view.gallery.is_open && html`<${GallerySwitch} court=${court} view=${view} />`}
      <${Interruptions} court=${court} view=${view} />
    </div>
    <${LogNotes} court=${court} view=${view} />
  </aside>`;
}

/** @typedef {'floor'|'people'|'phases'|'more'} TabName */

/** @type {TabName[]} */
const TABS = ['floor', 'people', 'phases', 'more'];

/** On phones the panel has four leaves, so that every act is two taps away; wide screens show them all. @param {{chosen: TabName, view: View, onChoose: (name: TabName) => void}} props */
function Tabs({chosen, view, onChoose}) {
  const {floor, requests, walk_outs: drafts} = view.order;
  const asks = floor.hands.length + requests.length + drafts.filter(({finding}) => finding === null).length;
  /** @type {Partial<Record<TabName, number>>} */
  const counts = {floor: asks, people: waiting(view).length};
  return html`<nav class="tabs narrow-only" aria-label=${t('tab.label')}>${TABS.map((name) => html`<button key=${name} type="button" class="tab"
    data-testid="tab-${name}" aria-pressed=${chosen === name} aria-controls="bench-${name}" onClick=${(/** @type {MouseEvent} */ event) => {
    onChoose(name);
    /** @type {Element} */ (event.currentTarget).closest('.bench')?.scrollTo(0, 0);
  }}>${t(`tab.${name}`)}
    ${counts[name] ? html`<b class="count">${counts[name]}</b>` : null}</button>`)}</nav>`;
}

/**
 * The acts that the session allows now. They stand in the panel on wide screens, above the foot on phones; only
 * one of the two is shown.
 * @param {Props & {place: 'panel'|'bar'}} props
 */
export function BenchActions({court, view, place}) {
  const asked = useSignal(/** @type {'open'|'recess'|'close'|null} */ (null));
  const {intents} = court;
  if ((place === 'panel') !== isWide.value) return null;
  const {session} = view;
  const isHeld = session === 'recess' || session === 'suspended';
  const canClose = may(view, 'close') && view.opened_at !== null && (courtSits(view) || isHeld);
  return html`<div class="acts">
    ${session === 'scheduled' && may(view, 'open_lobby') && html`<${Act} id="btn-open-lobby" word="act.open_lobby" onAct=${intents.openLobby} />`}
    ${session === 'lobby_open' && may(view, 'start') && html`<${Act} id="btn-open" word="act.open" tone="primary" onAct=${() => { asked.value = 'open'; }} />`}
    ${session === 'countdown' && may(view, 'start') && html`<${Act} id="btn-cancel-countdown" word="act.cancel_countdown" onAct=${intents.cancelCountdown} />`}
    ${isHeld && may(view, 'start') && html`<${Act} id="btn-resume" word="act.resume" tone="primary" onAct=${intents.resumeHearing} />`}
    ${session === 'in_session' && may(view, 'recess') && html`<${Act} id="btn-recess" word="act.recess" onAct=${() => { asked.value = 'recess'; }} />`}
    ${canClose && html`<${Act} id="btn-close" word="act.close" tone="danger" onAct=${() => { asked.value = 'close'; }} />`}
    ${asked.value === 'open' && html`<${OpenDialog} court=${court} view=${view} onDone=${() => { asked.value = null; }} />`}
    ${asked.value === 'recess' && html`<${RecessDialog} court=${court} onDone=${() => { asked.value = null; }} />`}
    ${asked.value === 'close' && view.record?.fault_draft && html`<${FaultStatement} court=${court} view=${view}
      onDone=${(/** @type {boolean} */ isStated) => { if (!isStated) asked.value = null; }} />`}
    ${asked.value === 'close' && !view.record?.fault_draft && html`<${Dialog} title=${t('close.title')} confirm=${t('act.close')} tone="danger" testid="dialog-close"
      onAnswer=${async (/** @type {boolean} */ isConfirmed) => {
    asked.value = null;
    if (isConfirmed && !(await intents.closeHearing())) asked.value = 'close'; // a fault may have come: it is stated first
  }}><p>${t('close.words')}</p><p><strong>${t('close.final')}</strong></p><//>`}
  </div>`;
}

/** @param {{id: string, word: import('../language.js').Word, tone?: string, onAct: () => unknown}} props */
function Act({id, word: label, tone = '', onAct}) {
  const isBusy = useSignal(false);
  const act = async () => {
    isBusy.value = true;
    await onAct();
    isBusy.value = false;
  };
  return html`<button type="button" class="button act ${tone}" data-testid=${id} disabled=${isBusy.value} onClick=${act}>${t(label)}</button>`;
}

/** Names who will be in court and who is missing, before the judge declares it open. @param {Props & {onDone: () => void}} props */
function OpenDialog({court, view, onDone}) {
  const atTheDoor = waiting(view);
  const called = new Set(['witness', 'interpreter', 'mediator', 'observer']);
  const unready = atTheDoor.filter((person) => !called.has(person.role) && lacksOf(view, person.id).length > 0);
  const comes = view.people.filter((person) => !unready.includes(person)).filter((person) => sitsInCourt(person)
    || ((atTheDoor.includes(person) || person.state === 'in_room') && !called.has(person.role)));
  const waits = atTheDoor.filter((person) => called.has(person.role));
  const absent = view.people.filter((person) => !comes.includes(person) && !waits.includes(person) && !unready.includes(person) && person.state !== 'removed');
  return html`<${Dialog} title=${t('open.title')} confirm=${t('act.open')} testid="dialog-open"
    onAnswer=${(/** @type {boolean} */ isConfirmed) => {
    onDone();
    if (isConfirmed) void court.intents.openHearing();
  }}>
    <${Names} title=${t('open.present')} people=${comes} />
    <${Names} title=${t('open.waits')} people=${waits} />
    <${Names} title=${t('open.unready')} people=${unready} tone="absent" />
    <${Names} title=${t('open.absent')} people=${absent} tone="absent" />
    <p class="hint">${t('open.words')}</p>
  <//>`;
}

/** @param {{title: string, people: import('../types.js').Person[], tone?: string}} props */
function Names({title, people, tone = ''}) {
  if (!people.length) return null;
  return html`<section class="names ${tone}"><h3>${title}</h3>
    <ul>${people.map((person) => html`<li key=${person.id}><span class="seat-label">${word('role', person.role)}</span> ${person.name}</li>`)}</ul></section>`;
}

/** @param {{court: Court, onDone: () => void}} props */
function RecessDialog({court, onDone}) {
  const note = useSignal('');
  return html`<${Dialog} title=${t('recess.ask')} confirm=${t('act.recess')} testid="dialog-recess"
    onAnswer=${(/** @type {boolean} */ isConfirmed) => {
    onDone();
    if (isConfirmed) void court.intents.callRecess(note.value);
  }}>
    <p>${t('recess.ask_words')}</p>
    <${NoteField} note=${note} label=${t('recess.note')} />
  <//>`;
}

/** @param {{note: import('../../vendor/signals.js').Signal<string>, label: string}} props */
export function NoteField({note, label}) {
  return html`<label class="field"><span>${label}</span>
    <input type="text" maxlength="200" data-testid="note" value=${note.value}
      onInput=${(/** @type {Event} */ event) => { note.value = /** @type {HTMLInputElement} */ (event.target).value; }} /></label>`;
}
