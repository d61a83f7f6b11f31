/** The way into a private room: somebody asks you in, or you ask others; and the call that a witness waits for. */
import {html, useSignal} from '../html.js';
import {t} from '../language.js';
import {Dialog} from './frame.js';
import {Icon} from './icons.js';
import {named, names} from './private-room.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */
/** @typedef {{court: Court, view: View}} Props */

/** Everything of it for the waiting room. @param {Props} props */
export function PrivateWays({court, view}) {
  return html`<${CalledCard} court=${court} view=${view} /><${InvitationCards} court=${court} view=${view} />
    <${ConsultButton} court=${court} view=${view} />`;
}

/** @param {Props} props */
function CalledCard({court, view}) {
  if (view.you.state !== 'called') return null;
  return html`<section class="card called" role="alert" data-testid="called"><h2>${t('witness.called')}</h2><p>${t('witness.called_words')}</p>
    <button type="button" class="button primary big" data-testid="btn-answer-call" onClick=${court.intents.answerCall}>${t('witness.enter')}</button></section>`;
}

/** What a witness may know while they wait. */
export function WitnessRule() {
  return html`<section class="card" data-testid="witness-rule"><p>${t('witness.rule')}</p><p class="hint">${t('witness.rule_phone')}</p></section>`;
}

/** @param {Props} props */
export function InvitationCards({court, view}) {
  return view.rooms.invitations.map((asked) => html`<section key=${asked.room_id} class="card invitation" role="alert" data-testid="invitation">
    <h2>${t(asked.kind === 'bench' ? 'invitation.bench_title' : 'invitation.title', {who: named(asked.by)})}</h2>
    <p>${t('invitation.inside', {who: names(asked.inside)})}</p>
    <p class="hint">${t(asked.is_locked ? 'invitation.locked' : 'invitation.words')}</p>
    <div class="pair">
      <button type="button" class="button primary" data-testid="btn-accept" disabled=${asked.is_locked}
        onClick=${() => court.intents.acceptInvitation(asked.room_id)}>${t('invitation.accept')}</button>
      <button type="button" class="button" data-testid="btn-decline"
        onClick=${() => court.intents.declineInvitation(asked.room_id)}>${t('invitation.decline')}</button></div></section>`);
}

/** @param {Props} props */
export function ConsultButton({court, view}) {
  const isAsking = useSignal(false);
  const {may_open: kind, bench_room: bench, companions, invitations} = view.rooms;
  if (!kind || invitations.length) return null;
  const [only, ...more] = companions;
  const isBench = kind === 'bench';
  const words = isBench ? t('consult.bench_button') : only && !more.length ? t('consult.with', {who: named(only)}) : t('consult.button');
  const start = () => {
    if (bench) void court.intents.enterRoom(bench);
    else isAsking.value = true;
  };
  return html`<div class="consult"><button type="button" class="button ${isBench ? '' : 'big'}" data-testid="btn-consult" aria-haspopup="dialog" onClick=${start}>
    <${Icon} name="door" />${words}</button>
    ${isAsking.value && html`<${ConsultDialog} court=${court} view=${view} onDone=${() => { isAsking.value = false; }} />`}</div>`;
}

/** @param {Props & {onDone: () => void}} props */
function ConsultDialog({court, view, onDone}) {
  const {companions} = view.rooms;
  const kind = view.rooms.may_open ?? 'consultation';
  const isBench = kind === 'bench';
  const chosen = useSignal(companions.filter((mate) => mate.is_here && mate.role !== 'clerk').map(({id}) => id));
  /** @param {string} id @param {boolean} isOn */
  const choose = (id, isOn) => {
    chosen.value = isOn ? [...chosen.value, id] : chosen.value.filter((other) => other !== id);
  };
  return html`<${Dialog} title=${t(isBench ? 'consult.bench_title' : 'consult.title')} confirm=${t('consult.open')} testid="dialog-consult"
    onAnswer=${(/** @type {boolean} */ isConfirmed) => {
    onDone();
    if (isConfirmed) void court.intents.openRoom(kind, chosen.value);
  }}>
    <p>${t(isBench ? 'consult.bench_words' : 'consult.words')}</p>
    ${companions.map((mate) => html`<label key=${mate.id} class="check-field"><input type="checkbox" data-testid="consult-${mate.id}" disabled=${!mate.is_here}
      checked=${chosen.value.includes(mate.id)} onChange=${(/** @type {Event} */ event) =>
    choose(mate.id, /** @type {HTMLInputElement} */ (event.target).checked)} />
      <span>${named(mate)}${!mate.is_here && html`<span class="hint">${t('consult.not_here')}</span>`}</span></label>`)}
    ${!companions.some((mate) => mate.is_here) && html`<p class="hint">${t('consult.nobody_here')}</p>`}
  <//>`;
}
