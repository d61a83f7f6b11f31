/** How the recording does, for bench and clerk: what is wrong, what it means, and the one thing to be done about it. */
import {html, useSignal} from '../html.js';
import {bytes, clockTime, duration, t} from '../language.js';
import {courtSits, may, openFault} from '../stage.js';
import {useNow} from './court-clock.js';
import {Dialog} from './frame.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */

const RECOVERED_SHOWN_MS = 15_000;

/** @param {{court: Court, view: View}} props */
export function RecordHealth({court, view}) {
  const state = court.state.value;
  const now = useNow(500) + state.clockOffsetMs;
  if (!view.record || state.link !== 'live') return null;
  return html`<${Interruption} court=${court} view=${view} now=${now} /><${Disk} state=${state} view=${view} />`;
}

/** @param {{court: Court, view: View, now: number}} props */
function Interruption({court, view, now}) {
  const isAsking = useSignal(false);
  const {recorder, suspendsAt} = court.state.value;
  const fault = openFault(view);
  if (!courtSits(view)) return null;
  if (fault && view.record?.overridden) {
    return html`<p class="banner danger" role="status" data-testid="record-overridden">
      ${t('fault.overridden', {since: clockTime(Date.parse(fault.began_at))})}</p>`;
  }
  if (!fault && recorder?.state !== 'stalled') return html`<${Recovered} view=${view} now=${now} />`;
  const left = suspendsAt ? Math.max(0, Math.ceil((Date.parse(suspendsAt) - now) / 1000)) : null;
  return html`<div class="banner danger" data-testid="record-out">
    <p role="alert">${t('fault.out')}</p>
    ${left !== null && html`<p class="banner-count" aria-hidden="true" data-testid="record-suspends">${t('fault.suspends_in', {seconds: left})}</p>`}
    ${fault && may(view, 'override_recorder') && html`<button type="button" class="button" data-testid="btn-override"
      onClick=${() => { isAsking.value = true; }}>${t('fault.go_on')}</button>`}
  </div>
  ${isAsking.value && html`<${GoOn} court=${court} onDone=${() => { isAsking.value = false; }} />`}`;
}

/** A usual reason stands ready: there are only seconds before the hearing is suspended. @param {{court: Court, onDone: () => void}} props */
function GoOn({court, onDone}) {
  const reason = useSignal(t('fault.go_on_usual'));
  return html`<${Dialog} title=${t('fault.go_on_title')} confirm=${t('fault.go_on')} tone="danger" testid="dialog-override"
    onAnswer=${(/** @type {boolean} */ isConfirmed) => {
    if (isConfirmed && !reason.value.trim()) return;
    onDone();
    if (isConfirmed) void court.intents.overrideRecorder(reason.value.trim());
  }}><p>${t('fault.go_on_words')}</p>
    <label class="field"><span>${t('fault.go_on_reason')}</span>
      <textarea rows="3" maxlength="200" required data-testid="override-reason" value=${reason.value}
        onInput=${(/** @type {Event} */ event) => { reason.value = /** @type {HTMLTextAreaElement} */ (event.target).value; }}></textarea></label>
  <//>`;
}

/** @param {{view: View, now: number}} props */
function Recovered({view, now}) {
  const last = view.gaps.at(-1);
  if (last?.reason !== 'FAULT' || !last.ended_at || now - Date.parse(last.ended_at) > RECOVERED_SHOWN_MS) return null;
  const length = duration((Date.parse(last.ended_at) - Date.parse(last.began_at)) / 1000);
  return html`<p class="banner good" role="status" data-testid="record-recovered">${t('fault.recovered', {length})}</p>`;
}

/** @param {{state: import('../store.js').State, view: View}} props */
function Disk({state, view}) {
  const {disk} = state;
  if (!disk) return null;
  const free = bytes(disk.free_bytes);
  if (!view.record?.keeps_pictures) return html`<p class="banner danger" role="alert" data-testid="disk-sign" data-state="no_pictures">${t('fault.no_pictures', {free})}</p>`;
  if (disk.state === 'critical') return html`<p class="banner danger" role="alert" data-testid="disk-sign" data-state="critical">${t('fault.disk_critical', {free})}</p>`;
  if (disk.state === 'low') return html`<p class="banner alarm" role="status" data-testid="disk-sign" data-state="low">${t('fault.disk_low', {free})}</p>`;
  return null;
}
