/** Spans sealed by order and the legal hold: what holds and why, for everyone; the judge orders, the clerk proposes. */
import {sectionAt, wallMs} from '../film-clock.js';
import {html, useSignal} from '../html.js';
import {clockTime, t, when, word} from '../language.js';
import {FormError, fieldErrors} from './fields.js';
import {Dialog} from './frame.js';
import {Icon} from './icons.js';

/** @typedef {import('../recordings.js').Records} Records */
/** @typedef {import('../recordings.js').OrderList} OrderList */
/** @typedef {import('../recordings.js').OrderWish} OrderWish */
/** @typedef {import('../recordings.js').Order} Order */
/** @typedef {import('../recordings.js').Proposal} Proposal */
/** @typedef {import('../film-clock.js').MarkList} MarkList */
/** @typedef {{participant_id: string, role: string, name: string}} Seat */

export const GROUNDS = /** @type {const} */ (['state_secret', 'trade_secret', 'privacy', 'minor', 'other']);
const REASON_LIMIT = 200;

/** From when to when, on the courtroom's clock. @param {{began_at: string|null, ended_at: string|null}} span */
export function spanWords({began_at: began, ended_at: ended}) {
  return t('orders.span', {from: clockTime(Date.parse(began ?? '')), to: clockTime(Date.parse(ended ?? ''))});
}

/** @param {{records: Records}} props */
export function Orders({records}) {
  const {orders: list} = records.state.value;
  const wanted = useSignal(/** @type {OrderWish|null} */ (null));
  const answered = useSignal(/** @type {Proposal|null} */ (null));
  if (!list) return null;
  const seats = records.state.value.manifest?.seats ?? [];
  const open = list.proposals.filter(({state}) => state === 'open');
  return html`<section class="card" data-testid="orders"><h2>${t('orders.title')}</h2>
    <p class="hint">${t(list.may_order ? 'orders.words_judge' : 'orders.words')}</p>
    <p class="hold-line"><span class="chip ${list.is_held ? 'live' : ''}" data-testid="hold-state" data-held=${list.is_held}>${t(list.is_held ? 'orders.held_now' : 'orders.not_held')}</span>
      <button type="button" class="button small" data-testid="btn-hold" onClick=${() => { wanted.value = {kind: list.is_held ? 'released' : 'held', reason: ''}; }}>
        ${t(`orders.${list.may_order ? 'order' : 'propose'}_${list.is_held ? 'released' : 'held'}`)}</button></p>
    ${list.copies.map((copy) => html`<${CopyState} key=${copy.file} copy=${copy} />`)}
    ${open.length > 0 && html`<h3>${t('orders.proposals')}</h3>
      <ul class="rows">${open.map((one) => html`<li key=${one.n} class="row" data-testid="proposal-${one.n}"><span class="row-main"><strong>${asked(one.ask, list, true)}</strong>
        <${Whose} ask=${one.ask} seats=${seats} /><span>${why(one.ask)}</span><span class="hint">${t('orders.proposed_by', {name: one.name, at: when(one.at)})}</span></span>
        ${list.may_order && html`<button type="button" class="button" data-testid="btn-answer-${one.n}" onClick=${() => { answered.value = one; }}>${t('orders.decide')}</button>`}</li>`)}</ul>`}
    ${list.orders.length === 0 && html`<p class="empty">${t('orders.none')}</p>`}
    <ul class="rows">${[...list.orders].reverse().map((order) => html`<${Row} key=${order.n} order=${order} list=${list} seats=${seats} onLift=${() => { wanted.value = {kind: 'unsealed', reason: '', of: order.n}; }} />`)}</ul>
    ${wanted.value && html`<${OrderDialog} records=${records} wish=${wanted.value} onDone=${() => { wanted.value = null; }} />`}
    ${answered.value && html`<${AnswerDialog} records=${records} list=${list} proposal=${answered.value} onDone=${() => { answered.value = null; }} />`}
  </section>`;
}

/** @param {{copy: OrderList['copies'][number]}} props */
function CopyState({copy}) {
  if (copy.failures) return html`<p class="banner alarm" role="alert" data-testid="copy-alarm">${t(copy.reason === 'disk_full' ? 'orders.copy_disk' : 'orders.copy_failed', {times: copy.failures})}</p>`;
  return html`<p class="hint" role="status" data-testid="copy-making">${t('orders.copy_making', {percent: Math.floor(copy.progress * 100)})}</p>`;
}

/** Of one person's tracks alone. @param {{ask: OrderWish, seats: Seat[]}} props */
function Whose({ask, seats}) {
  const whose = seats.find(({participant_id: id}) => id === ask.participant);
  return whose ? html`<span>${t('orders.only', {who: `${word('role', whose.role)} ${whose.name}`})}</span>` : null;
}

/** @param {{order: Order, list: OrderList, seats: Seat[], onLift: () => void}} props */
function Row({order, list, seats, onLift}) {
  const holds = list.sealed.some((span) => span.order === order.n);
  return html`<li class="row" data-testid="order-${order.n}"><span class="row-main"><strong>${t('orders.number', {n: order.n})} · ${asked(order, list)}</strong>
      <${Whose} ask=${order} seats=${seats} /><span>${why(order)}</span><span class="hint">${when(order.at)}${order.kind === 'sealed' && !holds ? `${t('list.comma')}${t('orders.lifted')}` : ''}</span></span>
    ${holds && html`<button type="button" class="button small" data-testid="btn-lift-${order.n}" onClick=${onLift}>${t(list.may_order ? 'orders.order_unsealed' : 'orders.propose_unsealed')}</button>`}</li>`;
}

/** What is ordered, or would be. @param {OrderWish} ask @param {OrderList} list @param {boolean} isWish */
function asked(ask, list, isWish = false) {
  if (ask.kind === 'unsealed') {
    const sealed = list.orders.find(({n}) => n === ask.of);
    return t('orders.unsealed', {n: ask.of ?? 0, span: sealed ? spanWords(sealed) : ''});
  }
  return ask.kind === 'sealed' ? t(isWish ? 'orders.wish_sealed' : 'orders.sealed', {span: spanWords({began_at: ask.began_at ?? null, ended_at: ask.ended_at ?? null})}) : t(`orders.${ask.kind}`);
}

/** Why. @param {OrderWish} ask */
function why({ground, reason}) {
  return ground ? `${t(`ground.${ground}`)}${t('list.colon')}${reason}` : reason;
}

/** The question behind every order: why. @param {{records: Records, wish: OrderWish, onDone: () => void}} props */
export function OrderDialog({records, wish, onDone}) {
  const mayOrder = records.state.value.orders?.may_order ?? false;
  const reason = useSignal('');
  const ground = useSignal('');
  const person = useSignal('');
  const errors = useSignal(/** @type {import('./fields.js').FieldErrors} */ ({}));
  const isSealing = wish.kind === 'sealed';
  /** @param {boolean} isConfirmed */
  const answer = async (isConfirmed) => {
    if (!isConfirmed) return onDone();
    const chosen = /** @type {typeof GROUNDS[number]} */ (ground.value);
    try {
      await records.order({...wish, reason: reason.value, ...(isSealing ? {ground: chosen, participant: person.value || null} : {})});
      onDone();
    } catch (failure) {
      errors.value = fieldErrors(failure);
    }
  };
  const act = /** @type {'order'|'propose'} */ (mayOrder ? 'order' : 'propose');
  return html`<${Dialog} title=${t(`orders.${act}_${wish.kind}`)} confirm=${t(`orders.${act}`)} testid="dialog-order" onAnswer=${answer}>
    ${isSealing && html`<p><strong>${spanWords({began_at: wish.began_at ?? null, ended_at: wish.ended_at ?? null})}</strong></p>
      <label class="field"><span>${t('orders.ground')}</span><select required data-testid="order-ground" onChange=${(/** @type {Event} */ event) => { ground.value = /** @type {HTMLSelectElement} */ (event.target).value; }}>
        <option value="" selected=${!ground.value}>${t('copy.choose')}</option>
        ${GROUNDS.map((one) => html`<option key=${one} value=${one} selected=${one === ground.value}>${t(`ground.${one}`)}</option>`)}</select></label>
      <label class="field"><span>${t('orders.whose')}</span><select data-testid="order-person" onChange=${(/** @type {Event} */ event) => { person.value = /** @type {HTMLSelectElement} */ (event.target).value; }}>
        <option value="" selected=${!person.value}>${t('orders.everyone')}</option>
        ${(records.state.value.manifest?.seats ?? []).map((seat) => html`<option key=${seat.participant_id} value=${seat.participant_id} selected=${seat.participant_id === person.value}>${word('role', seat.role)} ${seat.name}</option>`)}</select>
        ${person.value && html`<span class="hint">${t('orders.one_words')}</span>`}</label>`}
    <label class="field"><span>${t('orders.reason')}</span>
      <textarea rows="3" required maxlength=${REASON_LIMIT} data-testid="order-reason" value=${reason.value}
        onInput=${(/** @type {Event} */ event) => { reason.value = /** @type {HTMLTextAreaElement} */ (event.target).value; }}></textarea>
      <span class="hint">${t(isSealing ? 'orders.reason_words' : 'orders.reason_kept')}</span></label>
    ${!mayOrder && html`<p class="hint">${t('orders.propose_words')}</p>`}
    <${FormError} text=${errors.value['']} /><//>`;
}

/** @param {{records: Records, list: OrderList, proposal: Proposal, onDone: () => void}} props */
function AnswerDialog({records, list, proposal, onDone}) {
  const verdict = useSignal('');
  const reason = useSignal('');
  const errors = useSignal(/** @type {import('./fields.js').FieldErrors} */ ({}));
  /** @param {boolean} isConfirmed */
  const answer = async (isConfirmed) => {
    if (!isConfirmed) return onDone();
    try {
      await records.answerProposal(proposal.n, verdict.value === 'grant', reason.value);
      onDone();
    } catch (failure) {
      errors.value = fieldErrors(failure);
    }
  };
  return html`<${Dialog} title=${t('orders.decide')} confirm=${t('orders.decide_go')} canConfirm=${verdict.value !== ''} testid="dialog-answer" onAnswer=${answer}>
    <p><strong>${asked(proposal.ask, list, true)}</strong></p>
    <p><${Whose} ask=${proposal.ask} seats=${records.state.value.manifest?.seats ?? []} /></p><p>${why(proposal.ask)}</p>
    <fieldset class="verdict"><legend>${t('orders.verdict')}</legend>${/** @type {const} */ (['grant', 'decline']).map((one) => html`<label key=${one} class="check"><input type="radio" name="verdict" required data-testid="verdict-${one}"
      checked=${verdict.value === one} onChange=${() => { verdict.value = one; }} /><span>${t(`orders.${one}`)}</span></label>`)}</fieldset>
    <label class="field"><span>${t('orders.reason')}</span><textarea rows="2" required maxlength=${REASON_LIMIT} data-testid="answer-reason" value=${reason.value}
      onInput=${(/** @type {Event} */ event) => { reason.value = /** @type {HTMLTextAreaElement} */ (event.target).value; }}></textarea></label>
    <${FormError} text=${errors.value['']} /><//>`;
}

/** Under the film: take the span's begin and end from where the film stands. @param {{records: Records, told: MarkList, second: number, onSeek: (second: number) => void}} props */
export function SealBench({records, told, second, onSeek}) {
  const list = records.state.value.orders;
  const picked = useSignal(/** @type {{from: number|null, to: number|null}} */ ({from: null, to: null}));
  const wish = useSignal(/** @type {OrderWish|null} */ (null));
  if (!list) return null;
  const {from, to} = picked.value;
  const isSpan = from !== null && to !== null && timeAt(told, from, false) < timeAt(told, to, true);
  const ask = () => {
    if (from === null || to === null) return;
    const [began, ended] = [timeAt(told, from, false), timeAt(told, to, true)];
    wish.value = {kind: 'sealed', reason: '', began_at: new Date(began).toISOString(), ended_at: new Date(ended).toISOString()};
  };
  const place = (/** @type {'from'|'to'} */ end) => html`<span class="seal-end">
    <button type="button" class="button small" data-testid="btn-seal-${end}" onClick=${() => { picked.value = {...picked.value, [end]: second}; }}>${t(`orders.${end}_here`)}</button>
    ${picked.value[end] === null ? html`<span class="hint">–</span>` : html`<button type="button" class="link" data-testid="seal-${end}" onClick=${() => onSeek(picked.value[end] ?? 0)}>${clockTime(timeAt(told, picked.value[end] ?? 0, end === 'to'))}</button>`}</span>`;
  return html`<div class="seal-bench" role="group" aria-label=${t('orders.mark')} data-testid="seal-bench">
    <span class="seal-title"><${Icon} name="lock" />${t('orders.mark')}</span>${place('from')}${place('to')}
    <button type="button" class="button ${isSpan ? 'primary' : ''}" disabled=${!isSpan} data-testid="btn-seal" onClick=${ask}>${t(list.may_order ? 'orders.order_sealed' : 'orders.propose_sealed')}</button>
    ${from !== null && to !== null && !isSpan && html`<span class="error" role="alert">${t('orders.backwards')}</span>`}
    ${wish.value && html`<${OrderDialog} records=${records} wish=${wish.value} onDone=${() => { wish.value = null; picked.value = {from: null, to: null}; }} />`}</div>`;
}

/** The moment that the film shows at a second; an end on a gap's card takes the whole gap in. @param {MarkList} told @param {number} second @param {boolean} isEnd */
function timeAt(told, second, isEnd) {
  const section = sectionAt(told.sections, second);
  if (section?.reason && isEnd) return Date.parse(section.ended_at);
  return wallMs(told.sections, second) ?? 0;
}

/** The holes of the film, in words: from when to when and on which ground. @param {{told: MarkList, onSeek: (second: number) => void}} props */
export function Holes({told, onSeek}) {
  if (told.sealed.length === 0) return null;
  return html`<ul class="holes" aria-label=${t('orders.holes')} data-testid="holes">${told.sealed.map((hole) => html`<li key=${hole.order}><button type="button" class="link" onClick=${() => onSeek(hole.from_s)}>
    <span class="hole-sign" aria-hidden="true"></span>${t('orders.sealed', {span: spanWords(hole)})}</button><span class="hint">${hole.ground ? `${t(`ground.${hole.ground}`)}${t('list.colon')}` : ''}${hole.reason}</span></li>`)}</ul>`;
}
