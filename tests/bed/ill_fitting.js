// What doesn't fit on the page, or in the dialog over it: a list of sentences, empty when all is well.
() => {
  const CONTROLS = 'button, a[href], select, input:not([type=checkbox]):not([type=radio]), summary';
  const WORDS = 'button, h1, h2, h3, p, label > span, .seat-label, .chip, .strip, dt, dd';
  const OWN_WAY = '.for-readers, .exhibit-view, .tiles'; // for readers only, or scrolled on purpose
  const found = new Set();
  const page = document.documentElement;
  const wide = page.clientWidth, high = page.clientHeight;
  const dialog = [...document.querySelectorAll('dialog[open], .warning-card')].at(-1);
  const root = dialog ?? document.body;

  const named = (element) => element.dataset.testid ?? `${element.tagName.toLowerCase()}.${element.className}`;
  const isShown = (element) => element.checkVisibility({opacityProperty: true, visibilityProperty: true});
  const says = (element) => element.textContent.trim().slice(0, 40);
  const canScroll = (element) => {
    for (let each = element; each && each !== page; each = each.parentElement) {
      const {overflowX, overflowY, position} = getComputedStyle(each);
      if (/auto|scroll/.test(overflowX + overflowY)) return true;
      if (position === 'fixed') return false;
    }
    return page.scrollHeight > high;
  };

  if (page.scrollWidth > wide) found.add(`wider than the page by ${page.scrollWidth - wide}`);
  for (const each of root.querySelectorAll(CONTROLS)) {
    const {left, right, top, bottom, width, height} = each.getBoundingClientRect();
    if (!isShown(each) || !width || each.closest('.for-readers')) continue;
    if ((left < -1 || right > wide + 1) && !each.closest(OWN_WAY)) found.add(`${named(each)} stands beside the page`);
    if ((bottom > high + 1 || top < -1) && !canScroll(each)) found.add(`${named(each)} stands above or below the page`);
    const isInText = getComputedStyle(each).display === 'inline';
    if (!isInText && (height < 43.5 || width < 24)) found.add(`${named(each)} is ${Math.round(width)}x${Math.round(height)}`);
  }
  for (const each of root.querySelectorAll(WORDS)) {
    if (!isShown(each) || !says(each) || each.closest('.for-readers, .exhibit-view')) continue;
    const {fontSize, overflowX, textOverflow} = getComputedStyle(each);
    const {left, right, width} = each.getBoundingClientRect();
    const overflows = each.scrollWidth > each.clientWidth + 1;
    const isClipped = /hidden|clip/.test(overflowX) && textOverflow !== 'ellipsis';
    if (parseFloat(fontSize) < 15) found.add(`${named(each)} has letters of ${fontSize}`);
    if (overflows && (isClipped || each.tagName === 'BUTTON')) found.add(`${named(each)} is cut off: ${says(each)}`);
    if (width && (left < -1 || right > wide + 1) && !each.closest(OWN_WAY)) found.add(`${named(each)} leaves the page: ${says(each)}`);
  }
  return [...found];
}
