/** How the courtroom is shown: the layout, your own picture, the whole screen, a small window, light and dark. */
import {layout, selfView, theme} from '../appearance.js';
import {canFill, canFloat, fillScreen, floatPicture} from '../full-picture.js';
import {html, useEffect, useSignal} from '../html.js';
import {t} from '../language.js';
import {Icon} from './icons.js';
import {KeysButton} from './keys-sheet.js';

/** @typedef {import('../../vendor/signals.js').Signal<string>} Choice */

/** In the head of the courtroom where there is room, one press each. */
export function CourtTools() {
  return html`<div class="court-tools">
    <button type="button" class="tool" data-testid="btn-layout" aria-keyshortcuts="L" aria-pressed=${layout.value === 'speaker'}
      title="${t('look.layout_speaker')} (L)" aria-label=${t('look.layout_speaker')} onClick=${changeLayout}><${Icon} name="layout" /></button>
    ${canFill() && html`<button type="button" class="tool" data-testid="btn-fill" aria-keyshortcuts="F"
      title="${t('look.fill')} (F)" aria-label=${t('look.fill')} onClick=${fillScreen}><${Icon} name="fullscreen" /></button>`}
    <${KeysButton} />
  </div>`;
}

function changeLayout() {
  layout.value = layout.peek() === 'grid' ? 'speaker' : 'grid';
}

/** The same and more, in the dialog behind "more". */
export function ViewMenu() {
  const isFilled = useFilled();
  const isPictureless = useSignal(false);
  const float = async () => {
    isPictureless.value = !(await floatPicture());
  };
  return html`<section class="panel-part view-menu" aria-labelledby="look-title"><h3 id="look-title">${t('look.title')}</h3>
    <${Choices} name="layout" label=${t('look.layout')} choice=${layout} all=${['grid', 'speaker']} />
    <${Choices} name="theme" label=${t('look.theme')} choice=${theme} all=${['system', 'light', 'dark']} />
    <label class="check"><input type="checkbox" data-testid="check-self" checked=${selfView.value === 'shown'}
      onChange=${() => { selfView.value = selfView.peek() === 'shown' ? 'hidden' : 'shown'; }} /><span>${t('look.self')}</span></label>
    ${selfView.value === 'hidden' && html`<p class="hint">${t('look.self_hidden')}</p>`}
    <div class="pair">
      ${canFill() && html`<button type="button" class="button small" onClick=${fillScreen}><${Icon} name="fullscreen" />${t(isFilled ? 'look.unfill' : 'look.fill')}</button>`}
      ${canFloat() && html`<button type="button" class="button small" data-testid="btn-float" onClick=${float}>${t('look.float')}</button>`}
    </div>
    ${isPictureless.value && html`<p class="hint" role="status">${t('look.no_picture')}</p>`}
  </section>`;
}

/** @param {{name: 'layout'|'theme', label: string, choice: Choice, all: string[]}} props */
function Choices({name, label, choice, all}) {
  return html`<div class="looks" role="radiogroup" aria-label=${label}><span class="look-label" aria-hidden="true">${label}</span>
    ${all.map((each) => html`<label key=${each} class="look"><input type="radio" name="look-${name}" value=${each} data-testid="${name}-${each}"
      checked=${choice.value === each} onChange=${() => { choice.value = each; }} /><span>${t(/** @type {import('../language.js').Word} */ (`look.${name}_${each}`))}</span></label>`)}
  </div>`;
}

/** True while the page has the whole screen. */
function useFilled() {
  const isFilled = useSignal(Boolean(document.fullscreenElement));
  useEffect(() => {
    const life = new AbortController();
    document.addEventListener('fullscreenchange', () => { isFilled.value = Boolean(document.fullscreenElement); }, {signal: life.signal});
    return () => life.abort();
  }, []);
  return isFilled.value;
}
