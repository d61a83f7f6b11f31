/** How one person's connection did: a plain finding with its confidence, and a line of the last minutes. The judge decides. */
import {html, useSignal} from '../html.js';
import {clockTime, t} from '../language.js';
import {gradeOf, may} from '../stage.js';
import {spaced} from './diagnosis.js';
import {Dialog} from './frame.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').Connectivity} Connectivity */
/** @typedef {Connectivity['samples'][number]} Sample */
/** @typedef {import('../types.js').Finding} Finding */

const SHOWN_SAMPLES = 60;

/** @param {Finding} finding */
export const findingWords = (finding) => t('weather.finding', {what: t(`weather.${finding.kind}`), sure: t(`weather.${finding.confidence}`)});

/** On a person's row: what their connection most likely is going through. @param {{court: Court, id: string}} props */
export function FindingSign({court, id}) {
  const {findings, incidents} = court.state.value;
  const finding = findings[id];
  const newest = incidents.filter(({participant_id: whose}) => whose === id).at(-1);
  return html`${finding && html`<p class="who-state finding" data-testid="finding-${id}" data-kind=${finding.kind}>${findingWords(finding)}</p>`}
    ${newest && html`<p class="who-state" data-testid="incident-of-${id}">${t('weather.checked', {number: spaced(newest.number), at: time(newest.at)})}</p>`}`;
}

/** The way to a person's connection, for those who keep order. @param {{court: Court, view: import('../types.js').View, id: string, who: string}} props */
export function ConnectivityButton({court, view, id, who}) {
  const shown = useSignal(/** @type {Connectivity|null} */ (null));
  if (!may(view, 'mute_others')) return null;
  const open = async () => {
    shown.value = await court.connectivity(id).catch(() => null);
  };
  return html`<button type="button" class="button small" data-testid="btn-connectivity-${id}" onClick=${open}>${t('weather.title')}</button>
    ${shown.value && html`<${Dialog} title=${t('weather.of', {who})} confirm=${t('dialog.done')} asks=${false} testid="connectivity" onAnswer=${() => { shown.value = null; }}>
      <${History} known=${shown.value} /><//>`}`;
}

/** @param {{known: Connectivity}} props */
function History({known}) {
  const {samples, finding, incidents} = known;
  if (!finding) return html`<p class="empty">${t('weather.nothing')}</p>`;
  return html`<p data-testid="connectivity-finding"><strong>${findingWords(finding)}</strong> · ${t('weather.since', {at: time(finding.since)})}</p>
    <${Line} samples=${samples.slice(-SHOWN_SAMPLES)} />
    <ol class="weather-turns">${turns(samples).map(({at, words}) => html`<li key=${at + words}><time>${time(at)}</time> ${words}</li>`)}</ol>
    ${incidents.map(({number, at, diagnosis}) => html`<p key=${number} class="hint" data-testid="incident-${number}">${t('weather.incident', {number: spaced(number), at: time(at)})}
      ${' '}${diagnosis.browser} · ${diagnosis.screen} · ${diagnosis.microphone} / ${diagnosis.camera}${diagnosis.errors.length ? ` · ${diagnosis.errors.join(', ')}` : ''}</p>`)}
    <p class="hint">${t('weather.decide')}</p>`;
}

/** One mark a sample: its height is the grade, and the words below say the same. @param {{samples: Sample[]}} props */
function Line({samples}) {
  const step = 300 / Math.max(1, samples.length);
  return html`<svg class="weather-line" viewBox="0 0 300 40" role="img" aria-label=${t('weather.line', {count: samples.length})}>
    ${samples.map((sample, at) => html`<rect key=${sample.at} class="weather-${state(sample)}" x=${at * step} y=${40 - HEIGHT[state(sample)]} width=${Math.max(1, step - 1)} height=${HEIGHT[state(sample)]} />`)}</svg>`;
}

const HEIGHT = {good: 36, fair: 28, weak: 18, hidden: 28, none: 5};

/** @param {Sample} sample @returns {keyof typeof HEIGHT} */
function state({is_linked: isLinked, hidden, path, rtt_ms: rttMs, loss_percent: loss}) {
  if (!isLinked) return 'none';
  if (hidden) return 'hidden';
  return gradeOf({connected: true, participant_id: '', transport: path, rtt_ms: rttMs, loss_up_percent: loss, loss_down_percent: loss, up_kbps: 0, down_kbps: 0, level_dbov: 0});
}

const SHOWN_TURNS = 8;

/** What changed from one sample to the next, newest first. @param {Sample[]} samples */
function turns(samples) {
  /** @type {{at: string, words: string}[]} */
  const found = [];
  samples.forEach((now, index) => {
    const before = samples[index - 1];
    const say = (/** @type {string} */ words) => found.unshift({at: now.at, words});
    if (now.is_linked !== before?.is_linked) say(t(now.is_linked ? 'weather.linked' : `weather.ended_${now.ended ?? 'broken'}`));
    if (now.hidden !== (before?.hidden ?? false)) say(t(now.hidden ? 'weather.hid' : 'weather.showed'));
    if (before && now.microphone !== before.microphone) say(t(`weather.microphone_${now.microphone}`));
    if (before && now.path !== before.path && now.is_linked) say(t(now.path === 'none' ? 'weather.media_gone' : 'weather.media_here', {delay: now.rtt_ms ?? 0, percent: now.loss_percent}));
  });
  return found.slice(0, SHOWN_TURNS);
}

/** @param {string} iso */
const time = (iso) => clockTime(Date.parse(iso));
