/** A real connection to the court's own server, in plain words; then the door of the waiting room. */
import {html, useEffect, useSignal} from '../../html.js';
import {t} from '../../language.js';
import {Screen} from './wizard.js';

/** @typedef {import('../../link-test.js').LinkFound} LinkFound */
/** @typedef {import('../../link-test.js').PathName} PathName */

/** @param {import('./wizard.js').StepProps} props */
export function ConnectionStep({court, view}) {
  const {grade, done} = view.lobby.check_in;
  const isTesting = useSignal(grade === null);
  const isGoing = useSignal(false);
  const seen = useSignal(/** @type {Partial<LinkFound>} */ (done.connection ?? {}));
  const test = async () => {
    isTesting.value = true;
    seen.value = {};
    const found = await court.testLink((path, state) => { seen.value = {...seen.value, [path]: state}; });
    await court.intents.reportConnection(found);
    seen.value = found;
    isTesting.value = false;
  };
  useEffect(() => {
    if (grade === null) void test();
  }, []);
  const enter = async () => {
    isGoing.value = true;
    await court.intents.reportReady();
    isGoing.value = false;
  };
  const isKnown = !isTesting.value && grade !== null;
  return html`<${Screen} title=${t('checkin.link_title')} next=${t(isTesting.value ? 'checkin.link_testing' : 'preview.enter_lobby')}
    onNext=${enter} isBusy=${isTesting.value || isGoing.value}
    others=${!isTesting.value && html`<button type="button" class="button big" data-testid="btn-test-again" onClick=${test}>${t('checkin.link_again')}</button>`}>
    <div role="status">${isKnown && grade && html`<p class="grade grade-${grade}" data-testid="link-grade" data-grade=${grade}>${t(`checkin.grade_${grade}`)}</p>
      <p>${t(`checkin.advice_${grade}`)}</p>`}</div>
    ${!isKnown && html`<p>${t('checkin.link_words')}</p>`}
    <ul class="paths">${/** @type {PathName[]} */ (['udp', 'tcp', 'relay']).map((path) => html`<${PathLine} key=${path} path=${path} found=${seen.value[path]}
      isTesting=${isTesting.value} />`)}</ul>
    ${isKnown && typeof seen.value.rtt_ms === 'number' && html`<p class="hint">${t('checkin.link_figures', {delay: seen.value.rtt_ms, percent: seen.value.loss_percent ?? 0})}</p>`}<//>`;
}

/** @param {{path: PathName, found: import('../../link-test.js').PathFound|undefined, isTesting: boolean}} props */
function PathLine({path, found, isTesting}) {
  if (path === 'relay' && (!found || found === 'untried')) return null; // this court has none
  const state = found ?? (isTesting ? 'waiting' : 'untried');
  return html`<li class="path path-${state}" data-testid="path-${path}" data-state=${state}><span class="path-mark" aria-hidden="true"></span>
    <span class="path-name">${t(`checkin.path_${path}`)}</span><span class="path-state">${t(`checkin.found_${state}`)}</span></li>`;
}
