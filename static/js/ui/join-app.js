/** One page from the link to the end of the hearing: shows the part that the state calls for. */
import {html} from '../html.js';
import {mustCheckIn, stageOf} from '../stage.js';
import {Elsewhere, shouldLeaveApp} from './check-in/elsewhere.js';
import {CheckIn} from './check-in/wizard.js';
import {Courtroom} from './courtroom.js';
import {Gone, Opening, Over, Refusal} from './gone.js';
import {SeatTaken, TakeoverBanner} from './takeover.js';
import {Preview} from './preview.js';
import {PrivateRoomPage} from './private-room.js';
import {WaitingRoom} from './waiting.js';

/** @param {{court: import('../hearing.js').Court}} props */
export function JoinApp({court}) {
  const state = court.state.value;
  const {view} = state;
  const stage = stageOf(state);
  if (state.isSeatTaken && stage !== 'gone') return html`<${SeatTaken} court=${court} />`;
  if (stage === 'preview' && shouldLeaveApp()) return html`<${Elsewhere} speak=${court.intents.speak} />`;
  if (stage === 'refused') return html`<${Refusal} court=${court} />`;
  if (stage === 'gone') return html`<${Gone} court=${court} />`;
  if (!view) return html`<${Opening} court=${court} />`;
  if (stage === 'over') return html`<${Over} court=${court} view=${view} />`;
  if (stage === 'court') return html`<${Courtroom} court=${court} view=${view} />`;
  return html`<${TakeoverBanner} court=${court} view=${view} /><${Outside} court=${court} view=${view} stage=${stage} />`;
}

/** Anywhere but in the courtroom. @param {{court: import('../hearing.js').Court, view: import('../types.js').View, stage: import('../stage.js').Stage}} props */
function Outside({court, view, stage}) {
  if (stage === 'room') return html`<${PrivateRoomPage} court=${court} view=${view} />`;
  if (stage === 'waiting') return html`<${WaitingRoom} court=${court} view=${view} />`;
  if (mustCheckIn(view)) return html`<${CheckIn} court=${court} view=${view} />`;
  return html`<${Preview} court=${court} view=${view} />`;
}
