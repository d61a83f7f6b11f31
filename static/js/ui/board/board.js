/** The clerk's readiness board: who is where, what they lack, who needs help, and what they write. Live. */
import {html, useEffect, useRef, useSignal} from '../../html.js';
import {t} from '../../language.js';
import {may} from '../../stage.js';
import {Icon} from '../icons.js';
import {DelayForm} from './delay-form.js';
import {HelpQueue} from './help-queue.js';
import {Inbox} from './inbox.js';
import {PersonCard} from './person-card.js';
import {SeatDialog, seatedOf} from './seat-dialog.js';

/** @typedef {import('../../hearing.js').Court} Court */
/** @typedef {import('../../types.js').View} View */

/** What asks for the desk's attention now. @param {View} view */
export function callsFor({lobby}) {
  const toCompare = lobby.board.filter(({check_in}) => check_in.identity.state === 'submitted').length;
  return toCompare + lobby.help.filter((task) => task.closed_at === null).length;
}

/** @param {{court: Court, view: View}} props */
export function BoardButton({court, view}) {
  const isOpen = useSignal(false);
  if (!may(view, 'run_check_in')) return null;
  const count = callsFor(view);
  return html`<button type="button" class="button board-button" data-testid="btn-board" aria-haspopup="dialog" onClick=${() => { isOpen.value = true; }}>
      <${Icon} name="board" />${t('board.open')}${count > 0 && html`<b class="count" aria-label=${t('board.calls', {count})}>${count}</b>`}</button>
    ${isOpen.value && html`<${Board} court=${court} view=${view} onClose=${() => { isOpen.value = false; }} />`}`;
}

/** @param {{court: Court, view: View, onClose: () => void}} props */
function Board({court, view, onClose}) {
  const element = useRef(/** @type {HTMLDialogElement|null} */ (null));
  const writingTo = useSignal(/** @type {string|null} */ (null));
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const {board} = view.lobby;
  const parties = board.filter(({role}) => !['judge', 'bench_member', 'clerk'].includes(role));
  const ready = parties.filter(({lacks, state}) => !lacks.length && (state === 'ready_in_lobby' || state === 'in_court')).length;
  return html`<dialog ref=${element} class="board" data-testid="board" aria-labelledby="board-title"
    onCancel=${(/** @type {Event} */ event) => { event.preventDefault(); onClose(); }}>
    <header class="board-head"><div><h2 id="board-title">${t('board.title')}</h2><p class="hint">${t('board.ready', {ready, of: parties.length})}</p></div>
      <button type="button" class="button" data-testid="btn-board-close" onClick=${onClose}><${Icon} name="close" />${t('dialog.close')}</button></header>
    <div class="board-body">
      <div class="board-people"><${DelayForm} court=${court} view=${view} />
        <${AddPerson} court=${court} view=${view} />
        <ul class="board-cards">${[...parties, ...board.filter((line) => !parties.includes(line))].map((line) => html`<${PersonCard} key=${line.participant_id} court=${court} view=${view} line=${line}
          onWrite=${() => { writingTo.value = line.participant_id; }} />`)}</ul></div>
      <aside class="board-side"><${HelpQueue} court=${court} view=${view} /><${Inbox} court=${court} view=${view} to=${writingTo} /></aside>
    </div>
  </dialog>`;
}

/** @param {{court: Court, view: View}} props */
function AddPerson({court, view}) {
  const isAdding = useSignal(false);
  if (!may(view, 'change_people') || view.ended_at) return null;
  return html`<div class="delay-line"><button type="button" class="button small" data-testid="btn-add-late" onClick=${() => { isAdding.value = true; }}>${t('people.add')}</button></div>
    ${isAdding.value && html`<${SeatDialog} hearingId=${view.hearing_id} token=${court.state.value.seat?.seat_token ?? null} hasOpened=${view.opened_at !== null}
      people=${seatedOf(view.lobby.board)} onClose=${() => { isAdding.value = false; }} />`}`;
}
