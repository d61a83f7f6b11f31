/** After the hearing: the record's check value, to be kept, confirmed by the court, and signed by those who took part. */
import {canSign, countersign, grouped} from '../countersign.js';
import {html, useEffect, useSignal} from '../html.js';
import {call, sentence} from '../http.js';
import {t, when, word} from '../language.js';
import {may} from '../stage.js';
import {Copy, Dialog} from './frame.js';

/** @typedef {import('../types.js').View} View */
/** @typedef {import('../types.js').Seat} Seat */
/** @typedef {{participant_id: string, role: import('../types.js').Role, name: string, at: string|null, reason: string}} SealMark */
/** @typedef {{now: string, check_value: string|null, sealed_at: string|null, confirmed: SealMark[], signed: SealMark[], refused: SealMark[], awaited: SealMark[]}} SealState */
/** @typedef {(ask: Promise<SealState>) => Promise<boolean>} Take */

const SOON_MS = 1500;
const LATER_MS = 8000;

/** @param {{view: View, seat: Seat}} props */
export function SealCard({view, seat}) {
  const state = useSignal(/** @type {SealState|null} */ (null));
  const trouble = useSignal('');
  const path = `/api/hearings/${encodeURIComponent(view.hearing_id)}/seal`;
  const take = /** @type {Take} */ (async (ask) => {
    try {
      state.value = await ask;
      trouble.value = '';
      return true;
    } catch (failure) {
      trouble.value = sentence(failure);
      return false;
    }
  });
  useEffect(() => {
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    let next;
    let isOver = false;
    const look = async () => {
      if (state.peek()?.check_value == null || may(view, 'confirm_seal')) {
        const told = await /** @type {Promise<SealState|null>} */ (call('GET', path, undefined, seat.seat_token)).catch(() => null);
        if (told && !isOver) state.value = told; // what can't be reached now is asked for again
      }
      if (!isOver) next = setTimeout(look, state.peek()?.check_value ? LATER_MS : SOON_MS);
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(next);
    };
  }, [path]);
  const told = state.value;
  /** @param {string} what @param {unknown} [body] */
  const post = (what, body) => take(call('POST', `${path}/${what}`, body ?? {}, seat.seat_token));
  return html`<section class="card seal" data-testid="seal-card" data-sealed=${told?.check_value ? 'yes' : 'no'}>
    <h2>${t('seal.title')}</h2>
    ${!told?.check_value && html`<p role="status">${t('seal.waiting')}</p>`}
    ${told?.check_value && html`<${Value} value=${told.check_value} sealedAt=${told.sealed_at} />
      ${told.confirmed.map((mark) => html`<p key=${mark.participant_id} class="tick done" data-testid="seal-confirmed">
        ${t('seal.confirmed_by', {who: nameOf(mark), at: when(mark.at)})}</p>`)}
      ${may(view, 'sign_record') && html`<${OwnSignature} view=${view} told=${told} value=${told.check_value} post=${post} trouble=${trouble} />`}
      ${may(view, 'confirm_seal') && html`<${CourtPart} view=${view} told=${told} post=${post} />`}`}
    ${trouble.value && html`<p class="error" role="alert" data-testid="seal-trouble">${trouble.value}</p>`}
  </section>`;
}

/** @param {{value: string, sealedAt: string|null}} props */
function Value({value, sealedAt}) {
  return html`<p>${t('seal.words')}</p>
    <p class="check-value" data-testid="check-value" data-value=${value} aria-label=${t('seal.value')}>${grouped(value)}</p>
    <p class="hint">${t('seal.sealed_at', {at: when(sealedAt, {dateStyle: 'medium', timeStyle: 'medium'})})}</p>
    <${Copy} text=${value} label=${t('seal.copy')} testid="btn-copy-value" />`;
}

/**
 * @typedef {(what: string, body?: unknown) => Promise<boolean>} Post
 * @param {{view: View, told: SealState, value: string, post: Post, trouble: import('../../vendor/signals.js').Signal<string>}} props
 */
function OwnSignature({view, told, value, post, trouble}) {
  const isSigning = useSignal(false);
  const receipt = useSignal('');
  // The device's clock may be wrong: what the court told last, and how long ago, is right enough.
  const heardAt = useSignal({now: told.now, at: performance.now()});
  if (heardAt.peek().now !== told.now) heardAt.value = {now: told.now, at: performance.now()};
  const courtTime = () => new Date(Date.parse(heardAt.peek().now) + performance.now() - heardAt.peek().at);
  const own = (/** @type {SealMark} */ {participant_id: id}) => id === view.you.id;
  const signed = told.signed.find(own);
  const refused = told.refused.find(own);
  if (signed) {
    return html`<p class="tick done" role="status" data-testid="seal-signed">${t('seal.you_signed', {at: when(signed.at)})}</p>
      ${receipt.value && html`<button type="button" class="button" data-testid="btn-receipt"
        onClick=${() => save(`${view.hearing_id}.signature.json`, receipt.value)}>${t('seal.receipt')}</button>`}`;
  }
  if (!canSign()) return html`<p class="notice">${t('seal.unable')}</p>`;
  const sign = async () => {
    isSigning.value = true;
    const what = {hearing: view.hearing_id, participant: view.you.id, seal: value, at: courtTime()};
    try {
      const signature = await countersign(what);
      if (await post('signature', signature)) receipt.value = JSON.stringify({...what, ...signature}, null, 1);
    } catch {
      trouble.value = t('seal.unable');
    }
    isSigning.value = false;
  };
  return html`${refused && html`<p class="notice">${t('seal.you_refused', {at: when(refused.at)})}</p>`}
    <p class="hint">${t('seal.sign_words')}</p>
    <button type="button" class="button primary big" data-testid="btn-sign" disabled=${isSigning.value} onClick=${sign}>
      ${t(isSigning.value ? 'seal.signing' : 'seal.sign')}</button>`;
}

/** @param {{view: View, told: SealState, post: Post}} props */
function CourtPart({view, told, post}) {
  const refusing = useSignal(/** @type {SealMark|null} */ (null));
  const isConfirmed = told.confirmed.some(({participant_id: id}) => id === view.you.id);
  const people = [...told.signed, ...told.refused, ...told.awaited];
  return html`${!isConfirmed && html`<p class="hint">${t('seal.confirm_words')}</p>
      <button type="button" class="button primary" data-testid="btn-confirm-seal" onClick=${() => post('confirmation')}>${t('seal.confirm')}</button>`}
    ${people.length > 0 && html`<h3>${t('seal.people')}</h3><ul class="rows">${people.map((mark) => html`
      <li class="row" key=${mark.participant_id} data-testid="seal-person" data-person=${mark.participant_id} data-state=${stateOf(told, mark)}>
        <span class="row-main">${nameOf(mark)}<span class="hint">${wordsOf(told, mark)}</span></span>
        ${told.awaited.includes(mark) && html`<button type="button" class="button small" data-testid="btn-refusal"
          onClick=${() => { refusing.value = mark; }}>${t('seal.note_refusal')}</button>`}</li>`)}</ul>`}
    ${refusing.value && html`<${Refusal} person=${refusing.value} post=${post} onDone=${() => { refusing.value = null; }} />`}`;
}

/** @param {{person: SealMark, post: Post, onDone: () => void}} props */
function Refusal({person, post, onDone}) {
  const reason = useSignal('');
  return html`<${Dialog} title=${t('seal.refusal_title', {who: nameOf(person)})} confirm=${t('seal.note_refusal')} testid="dialog-refusal"
    onAnswer=${(/** @type {boolean} */ isConfirmed) => {
    onDone();
    if (isConfirmed) void post('refusal', {participant_id: person.participant_id, reason: reason.value.trim()});
  }}><p>${t('seal.refusal_words')}</p>
    <label class="field"><span>${t('seal.refusal_reason')}</span>
      <input type="text" maxlength="200" required data-testid="refusal-reason" value=${reason.value}
        onInput=${(/** @type {Event} */ event) => { reason.value = /** @type {HTMLInputElement} */ (event.target).value; }} /></label>
  <//>`;
}

/** @param {SealMark} mark */
const nameOf = ({role, name}) => `${word('role', role)} ${name}`;

/** @param {SealState} told @param {SealMark} mark @returns {'signed'|'refused'|'awaited'} */
const stateOf = (told, mark) => (told.signed.includes(mark) ? 'signed' : told.refused.includes(mark) ? 'refused' : 'awaited');

/** @param {SealState} told @param {SealMark} mark */
function wordsOf(told, mark) {
  return t(`seal.${stateOf(told, mark)}`, {at: when(mark.at), reason: mark.reason});
}

/** Hand a text over as a file. @param {string} name @param {string} text */
function save(name, text) {
  const address = URL.createObjectURL(new Blob([text], {type: 'application/json'}));
  Object.assign(document.createElement('a'), {href: address, download: name}).click();
  URL.revokeObjectURL(address);
}
