/** Whether the court is on the record, as the recorder's own bytes prove it. */
import {html} from '../html.js';
import {bytes, t} from '../language.js';
import {recordSign} from '../stage.js';

/** @param {{view: import('../types.js').View, recorder: import('../types.js').RecorderHealth|null}} props */
export function RecordSign({view, recorder}) {
  const sign = recordSign(view, recorder);
  const written = recorder ? t('rec.bytes', {written: bytes(recorder.bytes_written), recent: bytes(recorder.bytes_last_5s)}) : '';
  return html`<p class="rec ${sign}" data-testid="rec-sign" data-state=${sign} role="status"
    title=${sign === 'writing' ? written : t(`rec.${sign}_long`)}>
    <span class="rec-dot" aria-hidden="true"></span><span>${t(`rec.${sign}`)}</span></p>`;
}
