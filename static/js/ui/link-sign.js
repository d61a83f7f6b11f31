/** How a person's connection does, and how loud they are: for those who keep order. Words and bars, never colour alone. */
import {YOU} from '../figures.js';
import {html} from '../html.js';
import {t, word} from '../language.js';
import {gradeOf, loudness} from '../stage.js';

/** @typedef {import('../types.js').Person} Person */

const BARS = ['M5 20v-4', 'M12 20v-9', 'M19 20V6'];
const FULL = {none: 0, weak: 1, fair: 2, good: 3};

/** Nothing where the court has told nothing. @param {{court: import('../hearing.js').Court, person: Person}} props */
export function LinkSign({court, person}) {
  const link = court.state.value.links[person.id];
  if (!link) return null;
  const grade = gradeOf(link);
  const percent = Math.max(link.loss_up_percent, link.loss_down_percent).toFixed(1);
  const figures = t('link.figures', {delay: link.rtt_ms ?? '–', percent, up: link.up_kbps, down: link.down_kbps});
  const words = t(`link.${grade}`);
  const all = grade === 'none' ? words : `${words}${t('list.comma')}${figures}`;
  return html`<span class="link-sign grade-${grade}" data-testid="link-${person.id}" data-grade=${grade}
    role="img" aria-label=${all} title=${all}>
    <svg class="icon bars" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      ${BARS.map((line, at) => html`<path key=${line} class=${at < FULL[grade] ? '' : 'faint'} d=${line} />`)}
      ${grade === 'none' && html`<path class="cross" d="M4 4l16 16" />`}
    </svg><span class="link-words">${words}</span></span>`;
}

/** @param {{court: import('../hearing.js').Court, person: Person}} props */
export function LevelMeter({court, person}) {
  const {links, view} = court.state.value;
  const heard = court.levels.value[person.id === view?.you.id ? YOU : person.id];
  const level = heard === undefined ? loudness(links[person.id]?.level_dbov ?? -127) : loudness(20 * Math.log10(heard + 1e-6));
  return html`<meter class="loudness level" data-testid="level-${person.id}" min="0" max="1" value=${level.toFixed(2)}
    aria-label=${t('link.level', {who: `${word('role', person.role)} ${person.name}`})}></meter>`;
}
