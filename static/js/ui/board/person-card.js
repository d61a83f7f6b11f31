/** One person on the board: where they are, what is known of them, and what the clerk can do about it. */
import {html, useSignal} from '../../html.js';
import {t, word} from '../../language.js';
import {may} from '../../stage.js';
import {isHelped, ownTalk} from '../../talk.js';
import {ApartDialog} from './apart-dialog.js';
import {IdentityDialog} from './identity-dialog.js';
import {SeatDialog, seatedOf} from './seat-dialog.js';

/** @typedef {import('../../types.js').Readiness} Readiness */

const COURTS_OWN = new Set(['judge', 'bench_member', 'clerk']);

/** @param {{court: import('../../hearing.js').Court, view: import('../../types.js').View, line: Readiness, onWrite: () => void}} props */
export function PersonCard({court, view, line, onWrite}) {
  const isComparing = useSignal(false);
  const asked = useSignal(/** @type {'replace'|'apart'|null} */ (null));
  const done = () => { asked.value = null; };
  const id = line.participant_id;
  const isOwn = COURTS_OWN.has(line.role);
  const {identity} = line.check_in;
  const canReplace = id !== view.you.id && id !== view.order.presiding;
  const canTalk = may(view, 'talk_to_one') && view.you.state === 'in_court' && !ownTalk(view) && line.role !== 'witness'
    && (line.state === 'ready_in_lobby' || line.state === 'in_court');
  const canAdmit = line.state === 'ready_in_lobby' && view.session !== 'scheduled';
  return html`<li class="board-card ${identity.state === 'submitted' ? 'calls' : ''}" data-testid="board-${id}" data-lacks=${line.lacks.join(' ')}>
    <${CardHead} line=${line} />
    ${line.kept_from.length > 0 && html`<dl class="board-facts"><${Fact} name="apart.fact" tone="look" words=${namesOf(view.lobby.board, line.kept_from)} /></dl>`}
    ${isHelped(view, id) && html`<p class="who-state" role="status" data-testid="helped-${id}">${t('talk.going_on')}</p>`}
    ${!isOwn && html`<${Facts} line=${line} />
    <div class="pair">
      ${identity.state !== 'accepted' && html`<button type="button" class="button small ${identity.state === 'submitted' ? 'primary' : ''}" data-testid="btn-identity-${id}"
        onClick=${() => { isComparing.value = true; }}>${t(identity.state === 'submitted' ? 'board.compare' : 'board.verify')}</button>`}
      ${canAdmit && html`<button type="button" class="button small" data-testid="board-admit-${id}" disabled=${line.lacks.length > 0}
        onClick=${() => court.intents.admit(id)}>${t('roster.admit')}</button>`}
      <button type="button" class="button small" data-testid="btn-write-${id}" onClick=${onWrite}>${t('board.write')}</button>
      ${canTalk && html`<button type="button" class="button small" data-testid="btn-talk-${id}" onClick=${() => court.intents.beginTalk(id)}>${t('talk.begin')}</button>`}</div>`}
    ${may(view, 'change_people') && line.state !== 'removed' && !view.ended_at && (canReplace || !isOwn) && html`<div class="pair">
      ${canReplace && html`<button type="button" class="button small" data-testid="btn-replace-${id}" onClick=${() => { asked.value = 'replace'; }}>${t('people.replace')}</button>`}
      ${!isOwn && html`<button type="button" class="button small" data-testid="btn-apart-${id}" onClick=${() => { asked.value = 'apart'; }}>${t('apart.button')}</button>`}</div>`}
    ${asked.value === 'apart' && html`<${ApartDialog} court=${court} board=${view.lobby.board} line=${line} onClose=${done} />`}
    ${asked.value === 'replace' && html`<${SeatDialog} hearingId=${view.hearing_id} token=${court.state.value.seat?.seat_token ?? null} people=${seatedOf(view.lobby.board)}
      replaced=${seatedOf([line])[0] ?? null} hasOpened=${view.opened_at !== null} onClose=${done} />`}
    ${isComparing.value && html`<${IdentityDialog} court=${court} line=${line} onClose=${() => { isComparing.value = false; }} />`}
  </li>`;
}

/** @param {{line: Readiness}} props */
export function CardHead({line}) {
  return html`<div class="board-who"><p class="who-name"><span class="seat-label">${word('role', line.role)}</span> ${line.name}</p>
    <p class="who-state"><span class="dot state-${line.state}" aria-hidden="true"></span> ${word('state', line.state)}</p></div>`;
}

/** What is known, as short words; colour is never the only sign. @param {{line: Readiness}} props */
export function Facts({line}) {
  const {identity, declaration, place, devices, connection} = line.check_in;
  const isHere = line.state !== 'invited';
  return html`<dl class="board-facts">
    <${Fact} name="board.identity" tone=${{accepted: 'good', refused: 'bad', submitted: 'look', deferred: 'look', none: 'none'}[identity.state]}
      words=${t(identity.method === 'vouched' ? 'board.vouched' : `board.identity_${identity.state}`)} />
    <${Fact} name="board.declaration" tone=${declaration ? 'good' : 'none'} words=${t(declaration ? 'board.signed' : 'board.unsigned')} />
    ${place && html`<${Fact} name="board.place" tone=${place.driving ? 'bad' : place.quiet && place.alone ? 'good' : 'look'} words=${placeWords(place)} />`}
    ${devices && html`<${Fact} name="board.devices" tone=${devicesTone(devices)} words=${deviceWords(devices)} />`}
    ${connection && line.grade && html`<${Fact} name="board.link" tone=${{good: 'good', okay: 'look', bad: 'bad'}[line.grade]}
      words=${`${t(`board.grade_${line.grade}`)}${connection.rtt_ms === null ? '' : t('board.delay_ms', {delay: connection.rtt_ms})}`} />`}
    ${line.must && isHere && line.step !== 'done' && html`<${Fact} name="board.step" tone="none" words=${t(`board.step_${line.step}`)} />`}
  </dl>`;
}

/** @param {{name: import('../../language.js').Word, tone: string, words: string}} props */
function Fact({name, tone, words}) {
  return html`<div class="fact fact-${tone}"><dt>${t(name)}</dt><dd><span class="fact-mark" aria-hidden="true"></span>${words}</dd></div>`;
}

/** @param {NonNullable<Readiness['check_in']['place']>} place */
function placeWords({driving, quiet, alone}) {
  if (driving) return t('board.driving');
  const odd = [...(quiet ? [] : [t('board.not_quiet')]), ...(alone ? [] : [t('board.not_alone')])];
  return odd.length ? odd.join(t('list.comma')) : t('board.place_good');
}

/** @param {NonNullable<Readiness['check_in']['devices']>} devices */
function devicesTone({microphone, camera, speaker_heard}) {
  const isWell = (/** @type {string} */ state) => state === 'works' || state === 'unneeded';
  return isWell(microphone) && isWell(camera) ? (speaker_heard === false ? 'look' : 'good') : 'bad';
}

/** @param {NonNullable<Readiness['check_in']['devices']>} devices */
function deviceWords({microphone, camera, speaker_heard}) {
  const odd = [
    ...(microphone === 'works' || microphone === 'unneeded' ? [] : [`${t('picker.microphone')} ${t(`board.device_${microphone}`)}`]),
    ...(camera === 'works' || camera === 'unneeded' ? [] : [`${t('picker.camera')} ${t(`board.device_${camera}`)}`]),
    ...(speaker_heard === false ? [t('board.hears_nothing')] : []),
  ];
  return odd.length ? odd.join(t('list.comma')) : t('board.device_works');
}

/** @param {Readiness[]} board @param {string[]} ids */
function namesOf(board, ids) {
  return board.filter((line) => ids.includes(line.participant_id)).map(({role, name}) => `${word('role', role)} ${name}`).join(t('list.comma'));
}
