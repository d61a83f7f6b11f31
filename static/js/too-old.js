/**
 * Says so when the page's own script isn't there: in a browser without modules, or where one is not understood or can't
 * be had. Written for old browsers, and in both languages at once, because the catalogues are modules too.
 */
(function () {
  'use strict';
  var WORDS = [
    {
      lang: 'zh-CN', title: '页面无法打开', again: '再试一次',
      words: '浏览器版本可能过旧。请用新版浏览器打开这个链接：手机自带浏览器、Chrome、Edge、Safari 或 Firefox。仍打不开时，请致电法庭。'
    },
    {
      lang: 'en', title: 'The page can’t be opened', again: 'Try again',
      words: 'This browser may be too old. Please open the link in a current one: your phone’s own, Chrome, Edge, Safari or Firefox. If that fails too, please call the court.'
    }
  ];

  /** @param {string} name @param {string} text */
  function line(name, text) {
    var element = document.createElement(name);
    element.appendChild(document.createTextNode(text));
    return element;
  }

  /** @param {Element} page @param {typeof WORDS[0]} said @param {boolean} isFirst */
  function tell(page, said, isFirst) {
    var part = document.createElement('section');
    part.lang = said.lang;
    part.appendChild(line(isFirst ? 'h1' : 'h2', said.title));
    part.appendChild(line('p', said.words));
    var again = line('button', said.again);
    again.className = 'button primary';
    again.onclick = function () { location.reload(); };
    part.appendChild(again);
    page.appendChild(part);
  }

  function show() {
    var place = document.getElementById('app');
    if (!place || place.firstChild) return;
    var page = document.createElement('main');
    page.className = 'message too-old';
    page.setAttribute('data-testid', 'too-old');
    WORDS.forEach(function (said, at) { tell(page, said, at === 0); });
    place.appendChild(page);
  }

  var hasFailed = !('noModule' in document.createElement('script'));
  window.addEventListener('error', function (event) {
    var isScript = event.target instanceof HTMLScriptElement;
    if (isScript || event.message) hasFailed = true;
    if (hasFailed && document.readyState === 'complete') show();
  }, true);
  window.addEventListener('load', function () { if (hasFailed) show(); });
}());
