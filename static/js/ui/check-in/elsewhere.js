/** Browsers inside chat apps often have no camera: one page that says, step by step, how to get out of them. */
import {hasDevices} from '../../devices.js';
import {html, signal} from '../../html.js';
import {t} from '../../language.js';
import {Copy, Head, Message} from '../frame.js';

const IN_APP = /** @type {const} */ ([
  ['wechat', /MicroMessenger/i], ['alipay', /AlipayClient/i], ['qq', /\bQQ\//i], ['weibo', /Weibo/i], ['dingtalk', /DingTalk/i],
  ['other', /FBAN|FBAV|Instagram|\bLine\/|aweme|BytedanceWebview|baiduboxapp|; wv\)/i],
]);

/** The chat app this page is open in; null in a browser of its own. */
export const appAround = IN_APP.find(([, mark]) => mark.test(navigator.userAgent))?.[0] ?? null;

const goesOn = signal(false);

/** True while the page should be opened elsewhere first. */
export function shouldLeaveApp() {
  return appAround !== null && !goesOn.value;
}

/** @param {{speak: (wanted: import('../../language.js').Language) => void}} props */
export function Elsewhere({speak}) {
  const app = appAround ?? 'other';
  const isMenuLow = app === 'qq' || app === 'other';
  return html`<div class="page"><${Head} speak=${speak} />
    <${Message} title=${t('elsewhere.title')} testid="open-elsewhere">
      <p>${t('elsewhere.why', {app: t(`elsewhere.app_${app}`)})}</p>
      <ol class="step-list numbered">
        <li>${t(isMenuLow ? 'elsewhere.tap_menu_any' : 'elsewhere.tap_menu')}</li>
        <li>${t('elsewhere.choose_browser')}</li>
        <li>${t('elsewhere.come_back')}</li>
      </ol>
      <p class="hint">${t('elsewhere.or_copy')}</p>
      <${Copy} text=${location.href} label=${t('elsewhere.copy')} testid="btn-copy-link" />
      ${hasDevices && html`<button type="button" class="button" data-testid="btn-stay" onClick=${() => { goesOn.value = true; }}>${t('elsewhere.stay')}</button>`}
    <//></div>`;
}
