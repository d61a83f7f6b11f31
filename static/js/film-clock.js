/** Film time and court time in the browser. The sections and marks were worked out by the server. */

/** @typedef {import('./types.js').GapReason} GapReason */
/** @typedef {{from_s: number, length_s: number, began_at: string, ended_at: string, reason: GapReason|null}} FilmSection */
/** @typedef {'opened'|'phase'|'phase_returned'|'phases_merged'|'presiding'|'recess'|'suspended'|'resumed'|'closed'|'adjourned'|'converted_offline'|'came'|'went'|'removed'|'warned'|'walked_out'|'link_lost'|'note'|'fault'|'fault_over'|'statement'|'override'} MarkKind */
/** @typedef {{seq: number, at: string, kind: MarkKind, film_s: number|null, phase: import('./types.js').Phase|null, person: {participant_id: string, role: import('./types.js').Role, name: string}|null, text: string, is_sealed: boolean}} Mark */
/** @typedef {{order: number, began_at: string, ended_at: string, from_s: number, to_s: number, reason: string, ground: import('./recordings.js').Ground|null, participant: string|null, ordered_at: string}} SealedStretch */
/** @typedef {{sections: FilmSection[], marks: Mark[], sealed: SealedStretch[]}} MarkList */
/** @typedef {'all'|'course'|'people'|'notes'|'faults'} MarkFamily */

/** @type {Record<MarkKind, Exclude<MarkFamily, 'all'>>} */
export const FAMILIES = {
  opened: 'course', phase: 'course', phase_returned: 'course', phases_merged: 'course', presiding: 'course', recess: 'course', resumed: 'course', closed: 'course', adjourned: 'course',
  converted_offline: 'course', came: 'people', went: 'people', removed: 'people', warned: 'people', walked_out: 'people', link_lost: 'people', note: 'notes',
  suspended: 'faults', fault: 'faults', fault_over: 'faults', statement: 'faults', override: 'faults',
};

/** The section that a second of the film belongs to. @param {FilmSection[]} sections @param {number} second */
export function sectionAt(sections, second) {
  return sections.findLast((section) => section.from_s <= second + 0.001) ?? sections[0] ?? null;
}

/** What the clock on the wall showed, in ms; on a gap's card, when the gap began. @param {FilmSection[]} sections @param {number} second */
export function wallMs(sections, second) {
  const section = sectionAt(sections, second);
  if (!section) return null;
  const passed = section.reason ? 0 : Math.min(Math.max(0, second - section.from_s), section.length_s);
  return Date.parse(section.began_at) + passed * 1000;
}

/** The mark that the film has come to, by its place in the list. @param {Mark[]} marks @param {number} second */
export function markAt(marks, second) {
  return marks.findLastIndex((mark) => mark.film_s !== null && mark.film_s <= second + 0.05);
}

/** The next mark after a second of the film, or the one before it; a few moments after a mark count as at it.
 * @param {Mark[]} marks @param {number} second @param {1|-1} direction */
export function nextMark(marks, second, direction) {
  const places = marks.flatMap((mark) => (mark.film_s === null ? [] : [mark.film_s]));
  return direction === 1 ? places.find((at) => at > second + 0.1) : places.findLast((at) => at < second - 1.5);
}
