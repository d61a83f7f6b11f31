/** The original before the phone's rear camera: full screen, one still, handed in with its fingerprint. */
import {isSending} from '../exhibits.js';
import {html, useEffect, useRef, useSignal} from '../html.js';
import {t} from '../language.js';

const WANTED = {video: {facingMode: {ideal: 'environment'}, width: {ideal: 2560}, height: {ideal: 1440}}};
const QUALITY = 0.92;

/** @param {{court: import('../hearing.js').Court, exhibit: import('../exhibits.js').Exhibit, onDone: () => void}} props */
export function OriginalCamera({court, exhibit, onDone}) {
  const dialog = useRef(/** @type {HTMLDialogElement|null} */ (null));
  const video = useRef(/** @type {HTMLVideoElement|null} */ (null));
  const isBlocked = useSignal(false);
  const isSharp = useSignal(false);
  useEffect(() => {
    /** @type {MediaStream|null} */
    let stream = null;
    let isOver = false;
    dialog.current?.showModal();
    navigator.mediaDevices?.getUserMedia(WANTED).then((found) => {
      stream = found;
      if (isOver || !video.current) return found.getTracks().forEach((track) => track.stop());
      video.current.srcObject = found;
    }).catch(() => { isBlocked.value = true; });
    return () => {
      isOver = true;
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, []);
  /** @param {Blob|null} still */
  const handIn = async (still) => {
    if (still && await court.intents.handInExhibit(still, {exhibit: exhibit.number, isOriginal: true})) onDone();
  };
  return html`<dialog ref=${dialog} class="original-camera" data-testid="original-camera" aria-label=${t('exhibit.show_original')}
    onCancel=${(/** @type {Event} */ event) => { event.preventDefault(); onDone(); }}>
    <video ref=${video} autoplay playsinline muted onLoadedData=${() => { isSharp.value = true; }}></video>
    <p class="original-words">${t(isBlocked.value ? 'exhibit.no_rear_camera' : 'exhibit.original_words')}</p>
    <div class="exhibit-acts">
      <button type="button" class="button" data-testid="btn-original-cancel" onClick=${onDone}>${t('exhibit.cancel')}</button>
      ${isBlocked.value
    ? html`<label class="button primary file-button"><span>${t(isSending.value ? 'exhibit.sending' : 'exhibit.take_with_phone')}</span>
        <input type="file" accept="image/*" capture="environment" data-testid="file-original"
          onChange=${(/** @type {Event} */ event) => handIn(/** @type {HTMLInputElement} */ (event.target).files?.[0] ?? null)} /></label>`
    : html`<button type="button" class="button primary" data-testid="btn-shoot" disabled=${!isSharp.value || isSending.value}
        onClick=${async () => handIn(video.current && await still(video.current))}>${t(isSending.value ? 'exhibit.sending' : 'exhibit.shoot')}</button>`}
    </div></dialog>`;
}

/** What the camera sees now, in full. @param {HTMLVideoElement} video @returns {Promise<Blob|null>} */
function still(video) {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return new Promise((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
}
