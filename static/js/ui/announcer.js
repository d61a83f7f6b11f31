/** The one voice of the courtroom for screen readers: what happened, a sentence at a time, never faster than it can be heard. */
import {html, useEffect, useRef, useSignal} from '../html.js';
import {t, word} from '../language.js';

const APART_MS = 2500;
const MOST_WAIT = 4;

/** @param {{view: import('../types.js').View, toasts: import('../store.js').Toast[]}} props */
export function Announcer({view, toasts}) {
  const said = useSignal('');
  const speech = useRef(/** @type {{waiting: string[], timer: ReturnType<typeof setTimeout>|null}} */ ({waiting: [], timer: null}));
  const toldId = useRef(0);

  function speak() {
    const next = speech.current.waiting.shift();
    speech.current.timer = next === undefined ? null : setTimeout(speak, APART_MS);
    if (next !== undefined) said.value = next;
  }
  /** The newest matter most: what waits too long is left out. @param {string} sentence */
  function say(sentence) {
    const {waiting, timer} = speech.current;
    if (!waiting.includes(sentence)) waiting.push(sentence);
    if (waiting.length > MOST_WAIT) waiting.shift();
    if (!timer) speak();
  }

  useEffect(() => {
    for (const {id, text} of toasts) if (id > toldId.current) say(text);
    toldId.current = Math.max(toldId.current, ...toasts.map(({id}) => id));
  }, [toasts]);
  useEffect(() => say(t('announce.session', {session: word('session', view.session)})), [view.session]);
  useEffect(() => {
    if (view.opened_at) say(t('announce.phase', {phase: word('phase', view.phase)}));
  }, [view.phase]);
  useEffect(() => () => clearTimeout(speech.current.timer ?? undefined), []);
  return html`<p class="for-readers" role="status" aria-live="polite" data-testid="announcer">${said.value}</p>`;
}
