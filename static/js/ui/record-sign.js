/** Whether the court is on the record, as the recorder's own bytes prove it. */
import {html} from '../html.js';
import {bytes, t} from '../language.js';
import {recordSign} from '../stage.js';
import {useNow} from './court-clock.js';

/** @param {{state: import('../store.js').State, view: import('../types.js').View}} props */
export function RecordSign({state, view}) {
  const {recorder} = state;
  const sign = recordSign(state, view, useNow(1000));
  const written = recorder ? t('rec.bytes', {written: bytes(recorder.bytes_written), recent: bytes(recorder.bytes_last_5s)}) : '';
  return html`<p class="rec ${sign}" data-testid="rec-sign" data-state=${sign} role="status"
    title=${sign === 'writing' ? written : t(`rec.${sign}_long`)}>
    <span class="rec-dot" aria-hidden="true"></span><span>${t(`rec.${sign}`)}</span></p>`;
}
