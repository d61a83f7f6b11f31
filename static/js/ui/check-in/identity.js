/** A snapshot with the document in hand, for the clerk to compare. Nothing is seen of it by anyone else. */
import {html, useEffect, useSignal} from '../../html.js';
import {t} from '../../language.js';
import {takePicture} from '../../snapshot.js';
import {DeviceHelp} from '../device-help.js';
import {SelfPicture} from '../picture.js';
import {Picker} from '../preview.js';
import {CodeField} from './who.js';
import {Screen} from './wizard.js';

/** @typedef {import('./wizard.js').StepProps} StepProps */

/** @param {StepProps & {onDone?: () => void}} props */
export function IdentityStep({court, view, onDone = () => undefined}) {
  const {camera, areDevicesKnown, mayAskDevices} = court.state.value;
  const taken = useSignal(/** @type {{blob: Blob, url: string}|null} */ (null));
  const isBusy = useSignal(false);
  const {identity} = view.lobby.check_in.done;
  useEffect(() => () => taken.value && URL.revokeObjectURL(taken.value.url), []);

  const take = async () => {
    if (!camera.track) return;
    isBusy.value = true;
    const blob = await takePicture(camera.track).catch(() => null);
    if (blob) taken.value = {blob, url: URL.createObjectURL(blob)};
    isBusy.value = false;
  };
  const hand = async () => {
    if (!taken.value) return;
    isBusy.value = true;
    if (await court.intents.handInSnapshot(taken.value.blob)) onDone();
    isBusy.value = false;
  };
  const defer = async () => {
    if (await court.intents.deferIdentity()) onDone();
  };
  const again = html`<button type="button" class="button big" data-testid="btn-retake" onClick=${() => { taken.value = null; }}>${t('checkin.photo_again')}</button>`;
  const without = html`<button type="button" class="button big" data-testid="btn-no-photo" onClick=${defer}>${t('checkin.photo_without')}</button>`;
  const refused = identity.state === 'refused' && html`<p class="notice" role="alert" data-testid="identity-refused">${t('checkin.photo_refused', {reason: identity.reason})}</p>`;

  if (taken.value) {
    return html`<${Screen} title=${t('checkin.photo_good_title')} next=${t('checkin.photo_use')} onNext=${hand} isBusy=${isBusy.value} others=${again}>
      <div class="mirror"><img class="picture" src=${taken.value.url} alt=${t('checkin.photo_alt')} data-testid="photo" /></div>
      <p>${t('checkin.photo_good_words')}</p><//>`;
  }
  if (camera.track) {
    return html`<${Screen} title=${t('checkin.photo_title')} next=${t('checkin.photo_take')} onNext=${take} isBusy=${isBusy.value} others=${without}>
      ${refused}<div class="mirror"><${SelfPicture} track=${camera.track} /></div>
      <p>${t('checkin.photo_hold')}</p><${Picker} court=${court} which="camera" /><//>`;
  }
  const isAsking = mayAskDevices && !areDevicesKnown;
  if (camera.problem) {
    return html`<${Screen} title=${t('checkin.photo_title')} next=${t('checkin.photo_without')} onNext=${defer}>
      ${refused}<${DeviceHelp} court=${court} speaks=${true} isSeen=${true} /><${CodeField} court=${court} view=${view} /><//>`;
  }
  return html`<${Screen} title=${t('checkin.identity_title')} next=${t(isAsking ? 'preview.asking' : 'checkin.camera_on')}
    onNext=${court.intents.askForDevices} isBusy=${isAsking} others=${without}>
    ${refused}<p>${t('checkin.identity_words')}</p>
    <ul class="step-list"><li>${t('checkin.identity_who_sees')}</li><li>${t('checkin.identity_kept')}</li></ul>
    <${CodeField} court=${court} view=${view} /><//>`;
}
