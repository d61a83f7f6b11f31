/** How the court is arranged: the judge's choice in plain words, and a sign for everyone whom it concerns. */
import {html, useSignal} from '../html.js';
import {t} from '../language.js';
import {ARRANGEMENTS, isShutOut, MEDIATING, recordOf} from '../rooms.js';
import {may} from '../stage.js';
import {Dialog} from './frame.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */
/** @typedef {import('../rooms.js').Arrangement} Arrangement */
/** @typedef {{court: Court, view: View}} Props */

/** @param {Props} props */
export function ArrangementMenu({court, view}) {
  const isAsking = useSignal(false);
  const {arrangement} = view.rooms;
  const choices = may(view, 'arrange') ? ARRANGEMENTS : ARRANGEMENTS.filter((each) => MEDIATING.has(each));
  const canChange = may(view, 'arrange') || (may(view, 'mediate') && MEDIATING.has(arrangement));
  if (view.session !== 'in_session' || !canChange) return null;
  return html`<section class="panel-part" aria-labelledby="arrange-title" data-testid="arrangement">
    <h3 id="arrange-title">${t('arrange.title')}</h3>
    <div class="part-head"><p>${t('arrange.now', {name: t(`arrange.${arrangement}`)})}</p>
      <button type="button" class="button small" data-testid="btn-arrange" aria-haspopup="dialog" onClick=${() => { isAsking.value = true; }}>${t('arrange.change')}</button></div>
    ${isAsking.value && html`<${ArrangeDialog} court=${court} now=${arrangement} choices=${choices} onDone=${() => { isAsking.value = false; }} />`}
  </section>`;
}

/** @param {{court: Court, now: Arrangement, choices: Arrangement[], onDone: () => void}} props */
function ArrangeDialog({court, now, choices, onDone}) {
  const chosen = useSignal(now);
  return html`<${Dialog} title=${t('arrange.title')} confirm=${t('arrange.confirm')} testid="dialog-arrange"
    onAnswer=${(/** @type {boolean} */ isConfirmed) => {
    onDone();
    if (isConfirmed) void court.intents.arrange(chosen.value);
  }}>
    <fieldset class="arrange-choices"><legend class="for-readers">${t('arrange.title')}</legend>
      ${choices.map((each) => html`<label key=${each} class="arrange-choice"><input type="radio" name="arrangement" value=${each} data-testid="arrange-${each}"
        checked=${chosen.value === each} onChange=${() => { chosen.value = each; }} />
        <span><strong>${t(`arrange.${each}`)}</strong> <span class="chip record-${recordOf(each)}">${t(`arrange.${recordOf(each)}`)}</span>
          <span class="hint">${t(`arrange.${each}_who`)}</span></span></label>`)}
    </fieldset><//>`;
}

/** One line that says what is special now; nothing in open court. @param {Props} props */
export function ArrangementSign({court, view}) {
  const {arrangement} = view.rooms;
  if (view.session !== 'in_session' || arrangement === 'open_court' || isShutOut(view)) return null;
  const name = signOf(arrangement);
  return html`<div class="arranged record-${recordOf(arrangement)}" role="status" data-testid="arrangement-sign" data-arrangement=${arrangement}>
    <strong>${t(`sign.${name}`)}</strong><span>${t(`sign.${name}_in`)}</span>
    ${may(view, 'arrange') && html`<button type="button" class="button small" data-testid="btn-open-court"
      onClick=${() => court.intents.arrange('open_court')}>${t('arrange.back')}</button>`}</div>`;
}

/** What covers the courtroom for whoever is not part of it now. @param {{view: View}} props */
export function ShutOut({view}) {
  if (!isShutOut(view)) return null;
  if (view.rooms.arrangement === 'open_court') {
    return html`<div class="overlay opaque" role="status" data-testid="shut-out"><p class="overlay-title">${t('sign.shut_title')}</p><p>${t('sign.mediator_out')}</p></div>`;
  }
  const name = signOf(view.rooms.arrangement);
  const words = name === 'caucus' && view.rooms.side === null ? t('sign.caucus_court_out') : t(`sign.${name}_out`);
  return html`<div class="overlay opaque" role="status" data-testid="shut-out">
    <p class="overlay-title">${t('sign.shut_title')}</p><p class="overlay-off">${t(`sign.${name}`)}</p><p>${words}</p></div>`;
}

/** @param {Arrangement} arrangement @returns {'sidebar'|'sealed'|'mediation'|'caucus'} */
function signOf(arrangement) {
  if (arrangement === 'sidebar' || arrangement === 'sealed') return arrangement;
  return arrangement === 'mediation' ? 'mediation' : 'caucus';
}
