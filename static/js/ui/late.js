/** Someone waits while the court sits: one tap lets them in. */
import {html} from '../html.js';
import {t, word} from '../language.js';
import {may, waiting} from '../stage.js';

/** @param {{court: import('../hearing.js').Court, view: import('../types.js').View, onShow: () => void}} props */
export function LateBanner({court, view, onShow}) {
  const late = waiting(view).filter((person) => person.state === 'ready_in_lobby' && person.role !== 'witness');
  const [first] = late;
  if (!may(view, 'admit') || view.opened_at === null || !first) return null;
  const isOne = late.length === 1;
  return html`<div class="banner question" role="status" data-testid="banner-late">
    <span>${isOne ? t('late.one', {who: `${word('role', first.role)} ${first.name}`}) : t('late.many', {count: late.length})}</span>
    <span class="banner-answers">${isOne
    ? html`<button type="button" class="button small primary" data-testid="btn-late-admit" onClick=${() => court.intents.admit(first.id)}>${t('late.admit')}</button>`
    : html`<button type="button" class="button small" data-testid="btn-late-show" onClick=${onShow}>${t('late.show')}</button>`}</span></div>`;
}
