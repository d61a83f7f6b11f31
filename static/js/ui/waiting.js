/** The waiting room: what the court is doing, how you look, and nothing of the courtroom. */
import {html} from '../html.js';
import {t, word} from '../language.js';
import {may} from '../stage.js';
import {FactsOfView} from './case-facts.js';
import {OwnButtons} from './controls.js';
import {CourtClock} from './court-clock.js';
import {DeviceHelp, OpenElsewhere} from './device-help.js';
import {Head, Toasts} from './frame.js';
import {SelfPicture} from './picture.js';
import {noticeOf} from './notice.js';
import {LinkBanner} from './banners.js';

/** @typedef {import('../types.js').View} View */

/** @param {{court: import('../hearing.js').Court, view: View}} props */
export function WaitingRoom({court, view}) {
  const state = court.state.value;
  const isSeen = may(view, 'be_seen');
  const notice = noticeOf(view);
  return html`<div class="page">
    <${Head} speak=${court.intents.speak}><${CourtClock} offsetMs=${state.clockOffsetMs} /><//>
    <${LinkBanner} court=${court} />
    <main class="waiting" data-testid="waiting-room">
      <section class="waiting-status" role="status">
        <p class="waiting-place">${t('waiting.title')}</p>
        <h1>${t(statusOf(view))}</h1>
        <p>${t('waiting.will_call')}</p>
        <ul class="ticks">
          <li class="tick ${view.judge_present ? 'done' : ''}">${t(view.judge_present ? 'waiting.judge_here' : 'waiting.judge_absent')}</li>
          <li class="tick done">${t('waiting.session', {session: word('session', view.session)})}</li>
        </ul>
        ${notice && html`<p class="notice">${notice}</p>`}
      </section>
      ${isSeen && state.wish.camera && state.camera.track && html`<div class="mirror small"><${SelfPicture} track=${state.camera.track} />
        <p class="mirror-caption">${t('waiting.only_you')}</p></div>`}
      <${OpenElsewhere} />
      <${DeviceHelp} court=${court} speaks=${may(view, 'speak')} isSeen=${isSeen} />
      <${FactsOfView} view=${view} />
    </main>
    <${OwnButtons} court=${court} view=${view} />
    <${Toasts} toasts=${state.toasts} />
  </div>`;
}

/** @param {View} view */
function statusOf(view) {
  if (view.session === 'scheduled') return 'waiting.not_open';
  if (view.session === 'lobby_open') return view.judge_present ? 'waiting.soon' : 'waiting.for_judge';
  if (view.session === 'recess') return 'waiting.recess';
  if (view.session === 'suspended') return 'waiting.suspended';
  return 'waiting.sitting';
}
