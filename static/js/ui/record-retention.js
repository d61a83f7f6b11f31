/** How long the record is kept, and what of it was destroyed when its time was over. */
import {html} from '../html.js';
import {bytes, t, when} from '../language.js';

/** @typedef {import('../recordings.js').RetentionState} RetentionState */

/** @param {{retention: RetentionState|null}} props */
export function Retention({retention}) {
  if (!retention) return null;
  const day = (/** @type {string} */ at) => when(at, {dateStyle: 'medium'});
  return html`<section class="card" data-testid="retention-card"><h2>${t('schedule.kept')}</h2>
    <p><strong>${t(`retention.${retention.retention}`)}</strong></p>
    <ul class="rows">${retention.due.map(({data, due_at: at}) => html`<li key=${data} class="row" data-testid="due-${data}"><span class="row-main">${t(retention.is_held ? 'retention.due_held' : 'retention.due', {what: t(`data.${data}`), at: day(at)})}</span></li>`)}
      ${retention.destroyed.map((gone) => html`<li key=${gone.at} class="row" data-testid="destroyed-${gone.data}"><span class="row-main"><strong>${t('retention.destroyed', {what: t(`data.${gone.data}`), at: day(gone.at)})}</strong>
        <span class="hint">${t('retention.destroyed_words', {years: gone.years, files: gone.files, size: bytes(gone.bytes)})}</span></span></li>`)}</ul></section>`;
}

/** Whether data of that kind are gone. @param {RetentionState|null} retention @param {'record'|'film'} data */
export function isGone(retention, data) {
  return retention?.destroyed.some((gone) => gone.data === data) ?? false;
}
