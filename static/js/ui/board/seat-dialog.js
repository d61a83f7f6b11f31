/** Somebody comes late, or in another's place: who it is, and then their link as a code and to copy. */
import {html, useSignal} from '../../html.js';
import {t, word} from '../../language.js';
import {ROLES, seatPerson, tiesFor} from '../../people.js';
import {Field, FormError, fieldErrors} from '../fields.js';
import {Copy, Dialog} from '../frame.js';

/** @typedef {import('../../people.js').Seated} Seated */
/** @typedef {import('../../types.js').Role} Role */
/** @typedef {import('../../types.js').JoinLink} JoinLink */

/**
 * @param {{hearingId: string, token: string|null, people: Seated[], replaced?: Seated|null, hasOpened: boolean,
 *   onClose: () => void, onSeated?: (link: JoinLink) => void}} props
 */
export function SeatDialog({hearingId, token, people, replaced = null, hasOpened, onClose, onSeated}) {
  const role = useSignal(/** @type {Role} */ (replaced?.role ?? 'representative'));
  const name = useSignal('');
  const tie = useSignal('');
  const reason = useSignal('');
  const errors = useSignal(/** @type {import('../fields.js').FieldErrors} */ ({}));
  const link = useSignal(/** @type {JoinLink|null} */ (null));
  const isBusy = useSignal(false);
  if (link.value) return html`<${LinkDialog} link=${link.value} onClose=${onClose} />`;
  const ties = replaced ? null : tiesFor(role.value, people);
  /** @param {boolean} isConfirmed */
  const answer = async (isConfirmed) => {
    if (!isConfirmed) return onClose();
    if (isBusy.value) return;
    isBusy.value = true;
    errors.value = {};
    const bound = ties && tie.value ? {[ties.field]: tie.value} : {};
    const instead = replaced ? {replaces: replaced.id} : {};
    try {
      link.value = await seatPerson(hearingId, token, {role: role.value, name: name.value, reason: reason.value, ...bound, ...instead});
      onSeated?.(link.value);
    } catch (failure) {
      errors.value = fieldErrors(failure);
    }
    isBusy.value = false;
  };
  const who = replaced ? `${word('role', replaced.role)} ${replaced.name}` : '';
  const needsReason = replaced !== null && hasOpened;
  return html`<${Dialog} title=${replaced ? t('people.replace_title', {who}) : t('people.add_title')} confirm=${t(replaced ? 'people.replace_go' : 'people.seat')}
    tone=${replaced ? 'danger' : 'primary'} testid="dialog-seat" canConfirm=${name.value.trim() !== '' && (!needsReason || reason.value.trim() !== '')} onAnswer=${answer}>
    <p>${replaced ? t('people.replace_words', {who}) : t('people.add_words')}</p>
    ${!replaced && html`<label class="field"><span>${t('case.role')}</span><select data-testid="seat-role" value=${role.value}
      onChange=${(/** @type {Event} */ event) => {
    role.value = /** @type {Role} */ (/** @type {HTMLSelectElement} */ (event.target).value);
    tie.value = '';
  }}>${ROLES.map((each) => html`<option key=${each} value=${each} selected=${each === role.value}>${word('role', each)}</option>`)}</select></label>`}
    <${Field} label=${t('case.name')} name="seat-name" max=${60} value=${name.value} error=${errors.value['name']}
      onValue=${(/** @type {string} */ value) => { name.value = value; }} />
    ${ties && html`<label class="field"><span>${t(ties.field === 'side' ? 'case.side' : 'case.linked')}</span><select data-testid="seat-tie" value=${tie.value}
      onChange=${(/** @type {Event} */ event) => { tie.value = /** @type {HTMLSelectElement} */ (event.target).value; }}>
      <option value="" selected=${!tie.value}>${t('case.nobody')}</option>
      ${ties.choices.map((each) => html`<option key=${each.value} value=${each.value} selected=${each.value === tie.value}>${word('role', each.role)} ${each.name}</option>`)}</select></label>`}
    ${needsReason && html`<${Field} label=${t('people.reason')} name="seat-reason" max=${200} value=${reason.value} error=${errors.value['reason']}
      onValue=${(/** @type {string} */ value) => { reason.value = value; }} />`}
    <${FormError} text=${errors.value['']} />
  <//>`;
}

/** @param {{link: JoinLink, onClose: () => void}} props */
function LinkDialog({link, onClose}) {
  const who = `${word('role', link.role)} ${link.name}`;
  return html`<${Dialog} title=${t('people.link_title', {who})} confirm=${t('people.link_done')} testid="dialog-link" onAnswer=${onClose}>
    <p>${t('people.link_words')}</p>
    <img class="qr" src=${link.qr_svg} alt=${t('desk.qr', {who: link.name})} data-testid="seat-qr" />
    <p class="link-address" data-testid="seat-link">${link.url}</p>
    <${Copy} text=${link.url} label=${t('desk.copy')} testid="btn-copy-seat" />
  <//>`;
}

/** @param {import('../../types.js').Readiness[]} board @returns {Seated[]} */
export function seatedOf(board) {
  return board.map(({participant_id: id, role, name, state}) => ({id, role, name, isGone: state === 'removed'}));
}
