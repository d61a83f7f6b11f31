/** The waiting room: what the court is doing, what comes next, and a word with the court; nothing of the courtroom. */
import {html, useLayoutEffect, useSignal} from '../html.js';
import {t, when, word} from '../language.js';
import {may} from '../stage.js';
import {delayWords} from './board/delay-form.js';
import {FactsOfView} from './case-facts.js';
import {PrivateWays, WitnessRule} from './consult.js';
import {IdentityStep} from './check-in/identity.js';
import {OwnButtons} from './controls.js';
import {CourtClock} from './court-clock.js';
import {DeviceHelp, OpenElsewhere} from './device-help.js';
import {Head, Toasts} from './frame.js';
import {Conversation} from './messages.js';
import {SelfPicture} from './picture.js';
import {noticeOf} from './notice.js';
import {LinkBanner, SoundBanner} from './banners.js';
import {TalkSign} from './talk-sign.js';

/** @typedef {import('../hearing.js').Court} Court */
/** @typedef {import('../types.js').View} View */
/** @typedef {{court: Court, view: View}} Props */

/** @param {Props} props */
export function WaitingRoom({court, view}) {
  const state = court.state.value;
  const isSeen = may(view, 'be_seen');
  const notice = noticeOf(view);
  const {delay} = view.lobby;
  useLayoutEffect(() => scrollTo(0, 0), []); // the page before may have been scrolled
  const isWitness = view.you.role === 'witness';
  return html`<div class="page">
    <${Head} speak=${court.intents.speak}><${CourtClock} offsetMs=${state.clockOffsetMs} /><//>
    <${LinkBanner} court=${court} />
    <${SoundBanner} court=${court} />
    <${TalkSign} court=${court} view=${view} />
    <main class="waiting" data-testid="waiting-room">
      <section class="waiting-status" role="status">
        <p class="waiting-place">${t(isWitness ? 'witness.title' : 'waiting.title')}</p>
        <h1>${t(statusOf(view))}</h1>
        <p>${t('waiting.scheduled', {at: when(view.scheduled_at, {timeStyle: 'short', dateStyle: 'medium'})})}</p>
        ${delay && html`<p class="notice" data-testid="delay-notice">${delayWords(delay)}</p>`}
        ${notice && html`<p class="notice">${notice}</p>`}
      </section>
      <${PrivateWays} court=${court} view=${view} />
      <${OwnIdentity} court=${court} view=${view} />
      ${isWitness ? html`<${WitnessRule} />` : html`<${WhatComes} view=${view} />`}
      ${isSeen && state.wish.camera && state.camera.track && html`<div class="mirror small"><${SelfPicture} track=${state.camera.track} />
        <p class="mirror-caption">${t('waiting.only_you')}</p></div>`}
      <${OpenElsewhere} />
      <${DeviceHelp} court=${court} speaks=${may(view, 'speak')} isSeen=${isSeen} />
      <section class="card"><${Conversation} court=${court} view=${view} /></section>
      <${FactsOfView} view=${view} />
    </main>
    <${OwnButtons} court=${court} view=${view} />
    <${Toasts} toasts=${state.toasts} />
  </div>`;
}

/** Where the check of the identity stands; after a refusal, the way to try again. @param {Props} props */
function OwnIdentity({court, view}) {
  const isTaking = useSignal(false);
  const {lacks, done} = view.lobby.check_in;
  if (!lacks.includes('identity')) return null;
  if (isTaking.value) {
    return html`<section class="card step-inside" data-testid="retake"><${IdentityStep} court=${court} view=${view} onDone=${() => { isTaking.value = false; }} /></section>`;
  }
  const {state, reason} = done.identity;
  const words = state === 'refused' ? t('checkin.photo_refused', {reason}) : t(state === 'submitted' ? 'waiting.identity_looked_at' : 'waiting.identity_open');
  return html`<section class="notice" role="status" data-testid="identity-status" data-state=${state}><p>${words}</p>
    ${state !== 'submitted' && html`<button type="button" class="button" data-testid="btn-photo" onClick=${() => { isTaking.value = true; }}>${t('waiting.take_photo')}</button>`}</section>`;
}

/** The steps from here into court. @param {{view: View}} props */
function WhatComes({view}) {
  const {lacks} = view.lobby.check_in;
  const isSitting = view.opened_at !== null;
  return html`<section aria-labelledby="next-title"><h2 id="next-title" class="waiting-next">${t('waiting.next')}</h2>
    <ol class="ticks">
      <li class="tick ${lacks.length ? '' : 'done'}">${t(lacks.length ? 'waiting.not_ready' : 'waiting.you_ready')}</li>
      <li class="tick ${view.judge_present ? 'done' : ''}">${t(view.judge_present ? 'waiting.judge_here' : 'waiting.judge_absent')}</li>
      <li class="tick ${isSitting ? 'done' : ''}">${t('waiting.session', {session: word('session', view.session)})}</li>
      <li class="tick">${t('waiting.will_call')}</li>
    </ol><p class="hint">${t('waiting.sound_cue')}</p></section>`;
}

/** @param {View} view */
function statusOf(view) {
  if (view.you.role === 'witness') return view.you.state === 'called' ? 'witness.called' : 'witness.waits';
  if (view.session === 'scheduled') return 'waiting.not_open';
  if (view.session === 'lobby_open') return view.judge_present ? 'waiting.soon' : 'waiting.for_judge';
  if (view.session === 'recess') return 'waiting.recess';
  if (view.session === 'suspended') return 'waiting.suspended';
  return 'waiting.sitting';
}
