/** Until when parties hand in: said to everyone, set by judge and clerk. */
import {EXCHANGE_TIME} from '../exhibit-news.js';
import {html, useSignal} from '../html.js';
import {t, when} from '../language.js';
import {may} from '../stage.js';
import {Field} from './fields.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */

/** True once parties only read; the court's own people add at any time. @param {Court} court @param {View} view */
export function isExchangeOver(court, view) {
  const {exchange_ends_at: endsAt} = view.exhibits;
  return endsAt !== null && Date.now() + court.state.value.clockOffsetMs >= Date.parse(endsAt);
}

/** @param {{court: Court, view: View}} props */
export function Exchange({court, view}) {
  const {exchange_ends_at: endsAt} = view.exhibits;
  const leads = may(view, 'answer_requests');
  if (!leads && !endsAt) return null;
  const isOver = isExchangeOver(court, view);
  return html`<section class="exhibit-card" data-testid="exchange"><h3>${t('exchange.title')}</h3>
    <p data-testid="exchange-words">${endsAt ? t(isOver ? 'exchange.over' : 'exchange.until', {at: when(endsAt, EXCHANGE_TIME)}) : t('exchange.no_end')}</p>
    ${leads && html`<${Setting} court=${court} endsAt=${endsAt} />`}</section>`;
}

/** @param {{court: Court, endsAt: string|null}} props */
function Setting({court, endsAt}) {
  const wanted = useSignal('');
  const at = Date.parse(wanted.value); // the field knows no zone: it is this device's
  const set = () => court.intents.setExchange(new Date(at).toISOString());
  return html`<div class="exchange-line">
    <${Field} label=${t('exchange.field')} name="exchange-ends" type="datetime-local" required=${false} value=${wanted.value}
      onValue=${(/** @type {string} */ value) => { wanted.value = value; }} />
    <button type="button" class="button" data-testid="btn-exchange-set" disabled=${Number.isNaN(at)} onClick=${set}>${t('exchange.set')}</button>
    ${endsAt && html`<button type="button" class="button" data-testid="btn-exchange-lift" onClick=${() => court.intents.setExchange(null)}>${t('exchange.lift')}</button>`}</div>`;
}
