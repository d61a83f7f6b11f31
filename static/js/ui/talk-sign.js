/** The sign of a word of help, for both: with whom, that nobody else hears it, and the way out. */
import {html} from '../html.js';
import {t, word} from '../language.js';
import {ownTalk} from '../talk.js';
import {sitsInCourt} from '../stage.js';
import {Icon} from './icons.js';
import {PersonPicture} from './picture.js';

/** @param {{court: import('../hearing.js').Court, view: import('../types.js').View}} props */
export function TalkSign({court, view}) {
  const talk = ownTalk(view);
  if (!talk) return null;
  const state = court.state.value;
  const who = `${word('role', talk.with_role)} ${talk.with_name}`;
  const hasTile = sitsInCourt(view.you) && view.people.some((person) => person.id === talk.with_id && sitsInCourt(person));
  return html`<div class="talk-sign" role="status" data-testid="talk-sign" data-with=${talk.with_id}>
    ${!hasTile && html`<div class="talk-picture" data-testid="talk-${talk.with_id}"><${PersonPicture} stream=${state.streams[talk.with_id]} name=${who}
      isSoundBlocked=${state.isSoundBlocked} onSoundBlocked=${court.intents.soundIsBlocked} /></div>`}
    <div class="talk-words"><p><strong>${t('talk.with', {who})}</strong></p><p>${t(talk.in_court ? 'talk.words_in_court' : 'talk.words_outside')}</p></div>
    <button type="button" class="button" data-testid="btn-end-talk" onClick=${court.intents.endTalk}><${Icon} name="close" />${t('talk.end')}</button>
  </div>`;
}
