/** The courtroom: the bench first, then the parties; the judge's and the clerk's desk beside it. */
import {layout, selfView} from '../appearance.js';
import {html, useRef, useSignal} from '../html.js';
import {t} from '../language.js';
import {leadOf} from '../lead.js';
import {may, seated, waiting} from '../stage.js';
import {Announcer} from './announcer.js';
import {ArrangementSign, ShutOut} from './arrangement.js';
import {LinkBanner, SoundBanner} from './banners.js';
import {Bench, BenchActions} from './bench.js';
import {Channels} from './channels.js';
import {ConsultButton, InvitationCards} from './consult.js';
import {OwnButtons} from './controls.js';
import {SoundOnlyBanner} from './sound-only.js';
import {CourtClock, Elapsed} from './court-clock.js';
import {ExhibitStage} from './exhibit-stage.js';
import {ExhibitsButton} from './exhibits-sheet.js';
import {FloorLine} from './floor-panel.js';
import {DeviceTaken} from './device-taken.js';
import {Head, Toasts} from './frame.js';
import {GallerySign} from './gallery-switch.js';
import {Icon} from './icons.js';
import {LateBanner} from './late.js';
import {WarningCard} from './hand.js';
import {PeerPlace} from './peer-place.js';
import {PhaseSign} from './phases.js';
import {StepInBanner} from './presiding.js';
import {TakeoverBanner} from './takeover.js';
import {SoundAlarms} from './monitor.js';
import {Overlay} from './overlays.js';
import {RecordHealth} from './record-health.js';
import {RecordSign} from './record-sign.js';
import {ScreenButton, ScreenStage} from './screen-stage.js';
import {TalkSign} from './talk-sign.js';
import {Tile} from './tile.js';
import {CourtTools} from './view-menu.js';
import {word} from '../language.js';

/** @typedef {import('../types.js').View} View */

/** @param {{court: import('../hearing.js').Court, view: View}} props */
export function Courtroom({court, view}) {
  const state = court.state.value;
  const isPanelOpen = useSignal(false);
  const leads = may(view, 'admit') || may(view, 'start');
  const lead = useRef(/** @type {string|null} */ (null));
  lead.current = leadOf(state, view, lead.current);
  const everyone = seated(view);
  const people = selfView.value === 'hidden' && everyone.length > 1 ? everyone.filter(({id}) => id !== view.you.id) : everyone;
  return html`<div class="page court ${leads ? 'leads' : ''}">
    <${Head} speak=${court.intents.speak} home="">
      <span class="head-case">${view.case_number}</span>
      <${RecordSign} state=${state} view=${view} />
      ${view.opened_at && html`<${Elapsed} openedAt=${view.opened_at} offsetMs=${state.clockOffsetMs} />`}
      <${CourtClock} offsetMs=${state.clockOffsetMs} />
      <${CourtTools} />
    <//>
    <${LinkBanner} court=${court} />
    <${RecordHealth} court=${court} view=${view} />
    <${SoundAlarms} court=${court} view=${view} />
    <${SoundBanner} court=${court} />
    <${SoundOnlyBanner} court=${court} view=${view} />
    <${TalkSign} court=${court} view=${view} />
    <${DeviceTaken} court=${court} view=${view} />
    <${TakeoverBanner} court=${court} view=${view} />
    <${StepInBanner} court=${court} view=${view} />
    <${LateBanner} court=${court} view=${view} onShow=${() => { isPanelOpen.value = true; }} />
    <${PeerPlace} court=${court} testid="courtroom" name="courtroom">
      <div class="stage" data-session=${view.session}>
        <div class="phase-line"><strong>${word('session', view.session)}</strong>${view.opened_at ? html`<${PhaseSign} view=${view} />` : null}<${GallerySign} view=${view} /><${ExhibitsButton} court=${court} view=${view} /></div>
        <${FloorLine} court=${court} view=${view} />
        <${ArrangementSign} court=${court} view=${view} />
        <${Channels} court=${court} view=${view} />
        <${ExhibitStage} court=${court} view=${view} />
        <${ScreenStage} court=${court} view=${view} />
        <div class="tiles count-${Math.min(people.length, 9)} ${layout.value}" tabindex="0" role="group" aria-label=${t('look.people')} data-testid="tiles">
          ${people.map((person) => html`<${Tile} key=${person.id} court=${court} view=${view} person=${person} isLead=${layout.value === 'speaker' && person.id === lead.current} />`)}
        </div>
        <${Overlay} view=${view} offsetMs=${state.clockOffsetMs} />
        <${ShutOut} view=${view} />
        <${ConsultButton} court=${court} view=${view} />
        <${InvitationCards} court=${court} view=${view} />
      </div>
      ${leads && html`<${Bench} court=${court} view=${view} isOpen=${isPanelOpen.value}
        onClose=${() => { isPanelOpen.value = false; }} />`}
    <//>
    <${Toasts} toasts=${state.toasts} isRead />
    ${leads && html`<div class="narrow-only bench-bar"><${BenchActions} court=${court} view=${view} place="bar" /></div>`}
    <${OwnButtons} court=${court} view=${view}>
      <${ScreenButton} court=${court} view=${view} />
      ${leads && html`<button type="button" class="foot-button narrow-only" data-testid="btn-panel" aria-keyshortcuts="P" aria-expanded=${isPanelOpen.value}
        onClick=${() => { isPanelOpen.value = !isPanelOpen.value; }}>
        <${Icon} name="people" /><span>${t('foot.people')}</span>
        ${pending(view) > 0 && html`<b class="count">${pending(view)}</b>`}</button>`}
    <//>
    <${WarningCard} court=${court} view=${view} />
    <${Announcer} view=${view} toasts=${state.toasts} />
  </div>`;
}

/** How many wait for this person: at the door, with a hand up, with a request. @param {View} view */
function pending(view) {
  const {floor, requests} = view.order;
  return waiting(view).length + (may(view, 'mute_others') ? floor.hands.length + requests.length : 0);
}
