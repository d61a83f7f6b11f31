/** A party's own part in order: the raised hand, what they ask the court for, and what the court tells them. */
import {isLockedForYou, placeOf} from '../floor.js';
import {html, useSignal} from '../html.js';
import {t} from '../language.js';
import {courtSits, may} from '../stage.js';
import {NoteField} from './bench.js';
import {Dialog} from './frame.js';
import {Icon} from './icons.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */
/** @typedef {import('../types.js').RequestKind} RequestKind */

/** @param {{court: Court, view: View}} props */
export function HandButton({court, view}) {
  if (!may(view, 'raise_hand') || !courtSits(view)) return null;
  const place = placeOf(view, view.you.id);
  const isUp = place > 0;
  const isWanted = !isUp && isLockedForYou(view);
  return html`<button type="button" class="foot-button hand ${isUp ? 'up' : ''} ${isWanted ? 'wanted' : ''}" data-testid="btn-hand" aria-keyshortcuts="H" aria-pressed=${isUp}
    aria-label=${isUp ? `${t('hand.lower')} (${t('hand.place', {place})})` : t('hand.raise')}
    onClick=${() => (isUp ? court.intents.lowerHand() : court.intents.raiseHand())}>
    <${Icon} name="hand" /><span>${t(isUp ? 'hand.lower' : 'hand.raise')}</span>
    ${isUp && html`<b class="count" data-testid="hand-place">${place}</b>`}</button>`;
}

/** @type {RequestKind[]} */
const KINDS = ['recess', 'present'];

/** @param {View} view @param {RequestKind} kind */
const mayAsk = (view, kind) => may(view, kind === 'recess' ? 'ask_recess' : 'ask_to_present');

/** What this person can ask for, with their own open requests. @param {{court: Court, view: View}} props */
export function AskTheCourt({court, view}) {
  const note = useSignal('');
  const kinds = KINDS.filter((kind) => mayAsk(view, kind));
  if (!kinds.length || !courtSits(view)) return null;
  /** @param {RequestKind} kind */
  const ask = async (kind) => {
    if (await court.intents.askCourt(kind, note.value)) note.value = '';
  };
  return html`<section class="panel-part" aria-labelledby="ask-title"><h3 id="ask-title">${t('ask.title')}</h3>
    <${NoteField} note=${note} label=${t('ask.note')} />
    ${kinds.map((kind) => {
    const open = view.order.requests.find((each) => each.participant_id === view.you.id && each.request === kind);
    return open
      ? html`<p key=${kind} class="asked"><span>${t(`ask.open_${kind}`)}</span>
          <button type="button" class="button small" data-testid="btn-withdraw-${kind}"
            onClick=${() => court.intents.withdrawRequest(open.number)}>${t('ask.withdraw')}</button></p>`
      : html`<button key=${kind} type="button" class="button" data-testid="btn-ask-${kind}" onClick=${() => ask(kind)}>${t(`ask.act_${kind}`)}</button>`;
  })}</section>`;
}

/** In big plain words, until the person says that they have read it. @param {{court: Court, view: View}} props */
export function WarningCard({court, view}) {
  const unread = view.order.warnings.find((each) => each.participant_id === view.you.id && each.seen_at === null);
  if (!unread) return null;
  return html`<${Told} key=${unread.number} title=${t(unread.step === 'notice' ? 'warn.you_notice' : 'warn.you_warning')}
    reason=${unread.reason} onSeen=${court.intents.acknowledgeWarning} />`;
}

/** @param {{title: string, reason: string, onSeen: () => unknown}} props */
function Told({title, reason, onSeen}) {
  return html`<section class="warning-card" role="alertdialog" aria-modal="true" aria-labelledby="warning-title" data-testid="warning-card">
    <div class="warning-inner">
      <h2 id="warning-title">${title}</h2>
      <p class="warning-reason">${reason}</p>
      <p>${t('warn.you_next')}</p>
      <button type="button" class="button primary" data-testid="btn-warning-seen" onClick=${onSeen}>${t('warn.you_seen')}</button>
    </div></section>`;
}

/** @param {{court: Court, view: View, who: string, id: string, onDone: () => void}} props */
export function WarnDialog({court, view, who, id, onDone}) {
  const reason = useSignal('');
  const step = view.order.warnings.some((each) => each.participant_id === id) ? 'warning' : 'notice';
  return html`<${Dialog} title=${t(step === 'notice' ? 'warn.title_notice' : 'warn.title_warning', {who})} testid="dialog-warn"
    confirm=${t(step === 'notice' ? 'warn.act_notice' : 'warn.act_warning')} canConfirm=${reason.value.trim() !== ''}
    onAnswer=${(/** @type {boolean} */ isConfirmed) => {
    onDone();
    if (isConfirmed) void court.intents.warn(id, reason.value.trim());
  }}><p>${t('warn.words')}</p><${UsualReasons} reason=${reason} /><${NoteField} note=${reason} label=${t('warn.reason')} /><//>`;
}

/** One tap for what is usual. @param {{reason: import('../../vendor/signals.js').Signal<string>}} props */
export function UsualReasons({reason}) {
  return html`<div class="usual">${(/** @type {const} */ (['interrupts', 'noise', 'records', 'leaves'])).map((each) => html`<button
    key=${each} type="button" class="button small" data-testid="usual-${each}"
    onClick=${() => { reason.value = t(`warn.usual_${each}`); }}>${t(`warn.usual_${each}`)}</button>`)}</div>`;
}
