/** The confidence monitor: what was written some seconds ago, to be seen, heard and measured, for judge and clerk. */
import {html, useEffect, useRef, useSignal} from '../html.js';
import {t, word} from '../language.js';
import {playProgram} from '../program-player.js';
import {recordProgram} from '../program-source.js';
import {loudness, may} from '../stage.js';
import {Icon} from './icons.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */
/** @typedef {import('../types.js').Written} Written */
/** @typedef {import('../program-player.js').PlayerState} PlayerState */

const WISH = {startBehindS: 5, mostBehindS: 18};
const SHOWN_AT_ONCE = 2;
const LATE_S = 30;

/** @param {{court: Court, view: View}} props */
export function Monitor({court, view}) {
  const isOpen = useSignal(view.you.role === 'clerk' && matchMedia('(min-width: 900px)').matches);
  if (!may(view, 'listen_to_record') || view.opened_at === null) return null;
  return html`<section class="panel-part monitor" aria-labelledby="monitor-title" data-testid="monitor">
    <div class="part-head"><h3 id="monitor-title">${t('monitor.title')}</h3>
      <button type="button" class="button small" data-testid="btn-monitor" aria-expanded=${isOpen.value}
        onClick=${() => { isOpen.value = !isOpen.value; }}>${t(isOpen.value ? 'monitor.hide' : 'monitor.show')}</button></div>
    ${isOpen.value && html`<${Written5s} court=${court} view=${view} />`}
    ${may(view, 'mute_others') && html`<${Levels} written=${court.state.value.written} view=${view} />`}
  </section>`;
}

/** Picture and sound as they stand in the record. @param {{court: Court, view: View}} props */
function Written5s({court, view}) {
  const video = useRef(/** @type {HTMLVideoElement|null} */ (null));
  const shown = useSignal(/** @type {PlayerState} */ ({phase: 'waiting', behindS: null, code: ''}));
  const isHeard = useSignal(false);
  useEffect(() => {
    const life = new AbortController();
    const token = () => court.state.peek().seat?.seat_token ?? '';
    if (video.current) {
      const player = playProgram(video.current, recordProgram(view.hearing_id, token), WISH, life.signal);
      life.signal.addEventListener('abort', player.state.subscribe((state) => { shown.value = state; }));
    }
    return () => life.abort();
  }, []);
  const {phase, behindS} = shown.value;
  const listen = () => {
    isHeard.value = !isHeard.value;
    if (video.current) video.current.muted = !isHeard.value;
  };
  return html`<div class="program-picture small" data-testid="monitor-screen" data-phase=${phase}>
      <video ref=${video} class="${phase === 'playing' ? '' : 'dark'}" muted autoplay playsinline data-testid="monitor-video" aria-label=${t('monitor.picture')}></video>
      ${phase !== 'playing' && html`<p class="program-wait" role="status">${t(phase === 'unsupported' ? 'program.unsupported' : 'monitor.wait')}</p>`}
    </div>
    <div class="program-foot">
      <p class="program-age ${behindS !== null && behindS > LATE_S ? 'late' : ''}" data-testid="monitor-age" data-seconds=${behindS === null ? '' : Math.round(behindS)}>${behindS === null ? t('monitor.wait') : t('monitor.age', {seconds: Math.round(behindS)})}</p>
      <button type="button" class="button small" data-testid="btn-monitor-listen" aria-pressed=${isHeard.value} disabled=${phase !== 'playing'} onClick=${listen}>
        <${Icon} name="sound" />${t(isHeard.value ? 'monitor.stop_listening' : 'monitor.listen')}</button>
    </div>
    ${behindS !== null && behindS > LATE_S && html`<p class="hint">${t('monitor.late')}</p>`}
    ${isHeard.value && html`<p class="hint">${t('monitor.headphones')}</p>`}`;
}

/** Everyone's level in the file. @param {{written: Written|null, view: View}} props */
function Levels({written, view}) {
  if (!written) return html`<p class="hint" data-testid="monitor-unchecked">${t('monitor.unchecked')}</p>`;
  return html`<ul class="written" data-testid="written-levels">${written.people.map((each) => html`<li key=${each.participant_id} class=${alarmed(written, each.participant_id) ? 'alarmed' : ''}>
    <span class="written-who">${who(view, each.participant_id)}</span>
    <meter class="loudness level" min="0" max="1" value=${loudness(each.rms_dbfs ?? -127).toFixed(2)} aria-label=${t('monitor.level', {who: who(view, each.participant_id)})}></meter>
    <span class="written-words">${levelWords(each)}</span></li>`)}</ul>
    ${written.alarms.length === 0 && html`<p class="hint" data-testid="monitor-good">${t('monitor.good')}</p>`}`;
}

/** @param {Written['people'][number]} each */
function levelWords({rms_dbfs: level, silent_s: silentS}) {
  if (level === null) return t('monitor.nothing');
  if (silentS === null) return t('monitor.never_heard');
  if (silentS > 5) return t('monitor.quiet_for', {seconds: silentS});
  return t('monitor.db', {level: Math.round(level)});
}

/** @param {Written} written @param {string} id */
const alarmed = (written, id) => written.alarms.some((alarm) => alarm.participant_id === id);

/** @param {View} view @param {string} id */
function who(view, id) {
  const person = view.people.find((each) => each.id === id);
  return person ? `${word('role', person.role)} ${person.name}` : '';
}

/** What is wrong with the record's sound, across the page: it can still be said again. @param {{court: Court, view: View}} props */
export function SoundAlarms({court, view}) {
  const alarms = court.state.value.written?.alarms ?? [];
  const further = alarms.length - SHOWN_AT_ONCE;
  return html`<div role="status" aria-live="polite">${alarms.slice(0, SHOWN_AT_ONCE).map((alarm) => html`<p key=${`${alarm.participant_id} ${alarm.kind}`}
      class="banner alarm sound-alarm" data-testid="sound-alarm" data-kind=${alarm.kind}>${t(`alarm.${alarm.kind}`, {who: who(view, alarm.participant_id), percent: alarm.percent ?? 0})}</p>`)}
    ${further > 0 && html`<p class="banner alarm">${t('alarm.further', {count: further})}</p>`}</div>`;
}
