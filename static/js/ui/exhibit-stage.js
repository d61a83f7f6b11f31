/** What stands before the court, large, with the people beside it. Everyone follows the presenter until they look for themselves. */
import {isPlayed, pointed, shownNow} from '../exhibits.js';
import {saidOf} from '../exhibit-news.js';
import {html, useEffect, useRef, useSignal} from '../html.js';
import {t} from '../language.js';
import {ExhibitPage} from './exhibit-page.js';
import {ExhibitPlayer} from './exhibit-player.js';
import {Icon} from './icons.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */

const ZOOMS = [1, 1.5, 2, 3, 4];
const POINTS_EVERY_MS = 100;

/** @param {{court: Court, view: View}} props */
export function ExhibitStage({court, view}) {
  const shown = shownNow(view);
  const {seat} = court.state.value;
  if (!shown || !seat) return null;
  const {exhibit, version, showing} = shown;
  const presents = view.exhibits.may_present;
  const {file} = version;
  return html`<section class="exhibit-stage" data-testid="exhibit-stage" aria-label=${t('exhibit.on_stage')}>
    <header class="exhibit-head">
      <p class="exhibit-name" data-testid="exhibit-name" aria-live="polite"><strong>${t('exhibit.name', {number: exhibit.number, title: exhibit.title})}</strong>
        ${file.pages > 1 && html`<span class="exhibit-place">${t('exhibit.page', {page: showing.page, pages: file.pages})}</span>`}
        <span class="exhibit-by">${t('exhibit.presented_by', {who: saidOf(view, showing.by)})}</span></p>
      ${presents && html`<${Turning} court=${court} shown=${shown} />`}
    </header>
    ${isPlayed(file)
    ? html`<${ExhibitPlayer} key=${file.sha256} court=${court} seat=${seat} file=${file} showing=${showing} presents=${presents} />`
    : html`<${Paper} key=${file.sha256} court=${court} presents=${presents}>
        <${ExhibitPage} seat=${seat} file=${file} page=${showing.page} testid="exhibit-page"
          alt=${t('exhibit.alt', {number: exhibit.number, title: exhibit.title, page: showing.page})} />
      <//>`}
  </section>`;
}

/** @param {{court: Court, shown: NonNullable<ReturnType<typeof shownNow>>}} props */
function Turning({court, shown}) {
  const {exhibit, version, showing} = shown;
  /** @param {number} by */
  const turn = (by) => court.intents.showExhibit(exhibit.number, version.number, showing.page + by);
  return html`<div class="exhibit-acts">
    ${version.file.pages > 1 && html`
      <button type="button" class="tool" data-testid="btn-page-back" aria-label=${t('exhibit.previous')} title=${t('exhibit.previous')}
        disabled=${showing.page <= 1} onClick=${() => turn(-1)}><${Icon} name="back" /></button>
      <button type="button" class="tool turned" data-testid="btn-page-on" aria-label=${t('exhibit.next')} title=${t('exhibit.next')}
        disabled=${showing.page >= version.file.pages} onClick=${() => turn(1)}><${Icon} name="back" /></button>`}
    <button type="button" class="button quiet put-away" data-testid="btn-put-away" aria-label=${t('exhibit.put_away')} onClick=${() => court.intents.putAway()}>
      <${Icon} name="close" /><span>${t('exhibit.put_away')}</span></button>
  </div>`;
}

/** The paper itself: it can be looked at nearer; the presenter's look and pointer are everyone's. @param {{court: Court, presents: boolean, isLed?: boolean, children?: import('../html.js').Children}} props */
export function Paper({court, presents, isLed = true, children}) {
  const element = useRef(/** @type {HTMLElement|null} */ (null));
  const zoom = useSignal(1);
  const follows = useSignal(true);
  const led = useRef({x: /** @type {number|null} */ (null), y: /** @type {number|null} */ (null)});
  const tell = useRef(teller(court.intents.point)).current;
  const leader = presents || !isLed ? null : pointed.value;

  function tellOthers() {
    const box = element.current;
    if (presents && box) tell({...led.current, zoom: zoom.peek(), left: share(box.scrollLeft, box.scrollWidth), top: share(box.scrollTop, box.scrollHeight)});
  }
  /** @param {number} next */
  function look(next) {
    const box = element.current;
    zoom.value = Math.min(4, Math.max(1, next));
    if (!presents && isLed) follows.value = false;
    requestAnimationFrame(() => {
      if (box && next > 1) box.scrollTo((box.scrollWidth - box.clientWidth) / 2, box.scrollTop);
      tellOthers();
    });
  }
  /** @param {number} direction */
  const step = (direction) => {
    const at = ZOOMS.findIndex((each) => each >= zoom.peek());
    look(ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, at + direction))] ?? 1);
  };
  /** @param {PointerEvent} event */
  const points = (event) => {
    if (!presents) return;
    const paper = element.current?.querySelector('.exhibit-fit')?.getBoundingClientRect();
    if (!paper?.width) return;
    led.current = {x: within((event.clientX - paper.left) / paper.width), y: within((event.clientY - paper.top) / paper.height)};
    tellOthers();
  };
  const rest = () => {
    led.current = {x: null, y: null};
    tellOthers();
  };
  useEffect(() => {
    const box = element.current;
    if (!leader || !follows.value || !box) return;
    zoom.value = leader.zoom;
    requestAnimationFrame(() => box.scrollTo(leader.left * box.scrollWidth, leader.top * box.scrollHeight));
  }, [leader, follows.value]);
  const pinch = usePinch(zoom, look);
  return html`<div class="exhibit-paper">
    <div class="exhibit-view" ref=${element} tabindex="0" data-testid="exhibit-view" data-zoom=${zoom.value} onScroll=${tellOthers}
      onPointerMove=${points} onPointerDown=${points} onPointerLeave=${rest} ...${pinch}>
      <div class="exhibit-sheet" style=${{'--zoom': String(zoom.value)}}>
        <div class="exhibit-fit">${children}
          ${leader && leader.x !== null && leader.y !== null && html`<span class="exhibit-pointer" data-testid="exhibit-pointer" aria-hidden="true"
            style=${{left: `${leader.x * 100}%`, top: `${leader.y * 100}%`}}></span>`}</div></div></div>
    <div class="exhibit-zoom">
      ${!presents && !follows.value && html`<button type="button" class="button follow" data-testid="btn-follow"
        onClick=${() => { follows.value = true; zoom.value = pointed.value?.zoom ?? 1; }}>${t('exhibit.follow')}</button>`}
      <button type="button" class="tool" data-testid="btn-farther" aria-label=${t('exhibit.farther')} title=${t('exhibit.farther')} disabled=${zoom.value <= 1} onClick=${() => step(-1)}>−</button>
      <button type="button" class="tool" data-testid="btn-nearer" aria-label=${t('exhibit.nearer')} title=${t('exhibit.nearer')} disabled=${zoom.value >= 4} onClick=${() => step(1)}>+</button>
    </div></div>`;
}

/** Two fingers look nearer. @param {import('../../vendor/signals.js').Signal<number>} zoom @param {(next: number) => void} look */
function usePinch(zoom, look) {
  const held = useRef({apart: 0, zoom: 1});
  /** @param {TouchEvent} event */
  const apart = ({touches: [one, other]}) => (one && other ? Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) : 0);
  return {
    /** @param {TouchEvent} event */
    onTouchStart(event) {
      if (event.touches.length === 2) held.current = {apart: apart(event), zoom: zoom.peek()};
    },
    /** @param {TouchEvent} event */
    onTouchMove(event) {
      if (event.touches.length !== 2 || !held.current.apart) return;
      event.preventDefault();
      look(held.current.zoom * apart(event) / held.current.apart);
    },
  };
}

/** At most ten a second go out, and always the last. @param {(place: import('../exhibits.js').Pointing) => void} point */
function teller(point) {
  /** @type {import('../exhibits.js').Pointing|null} */
  let latest = null;
  let isResting = false;
  /** @param {import('../exhibits.js').Pointing} place */
  return function tell(place) {
    latest = place;
    if (isResting) return;
    isResting = true;
    point(latest);
    latest = null;
    setTimeout(() => {
      isResting = false;
      if (latest) tell(latest);
    }, POINTS_EVERY_MS);
  };
}

/** @param {number} part @param {number} whole */
const share = (part, whole) => (whole > 0 ? within(part / whole) : 0);

/** @param {number} value */
const within = (value) => Math.min(1, Math.max(0, value));
