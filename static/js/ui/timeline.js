/** What is on the record and what isn't, and why: a bar, and the same in words. */
import {html} from '../html.js';
import {duration, t, when, word} from '../language.js';
import {noticeText} from './notice.js';

/** @typedef {import('../types.js').Manifest} Manifest */
/** @typedef {{kind: string, label: string, note: string, began: number, ended: number, isOpen: boolean}} Stretch */

/** @param {Manifest} manifest @returns {Stretch[]} */
function stretches(manifest) {
  const now = manifest.ended_at ? Date.parse(manifest.ended_at) : Date.now();
  /** @param {{began_at: string, ended_at: string|null}} one @param {string} kind @param {string} label @param {string} note */
  const stretch = (one, kind, label, note) => ({
    kind, label, note, began: Date.parse(one.began_at), ended: one.ended_at ? Date.parse(one.ended_at) : now, isOpen: !one.ended_at,
  });
  return [
    ...manifest.spans.map((span) => stretch(span, 'recorded', t('timeline.recorded'), '')),
    ...manifest.gaps.map((gap) => stretch(gap, gap.reason, word('gap', gap.reason), noticeText(gap.note))),
  ].sort((a, b) => a.began - b.began);
}

/** @param {{manifest: Manifest}} props */
export function Timeline({manifest}) {
  const all = stretches(manifest);
  if (!all.length) return html`<p class="empty">${t('timeline.empty')}</p>`;
  return html`
    <div class="timeline" data-testid="timeline" aria-hidden="true">${all.map((one, at) => html`<span key=${at} class="stretch ${one.kind}"
      title=${one.label} style=${{flexGrow: Math.max(1, one.ended - one.began)}}></span>`)}</div>
    <ol class="timeline-words">${all.map((one, at) => html`<li key=${at} class=${one.kind}>
      <span class="stretch-mark ${one.kind}" aria-hidden="true"></span>
      <span>${when(new Date(one.began).toISOString(), {timeStyle: 'medium'})} – ${one.isOpen ? t('timeline.now') : when(new Date(one.ended).toISOString(), {timeStyle: 'medium'})}</span>
      <strong>${one.label}</strong> <span class="hint">${duration((one.ended - one.began) / 1000)}${one.note ? ` · ${one.note}` : ''}</span></li>`)}</ol>`;
}
