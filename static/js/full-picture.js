/** The whole screen for the courtroom, and the speaker in a small window above other programs, where the browser can. */

export const canFill = () => document.fullscreenEnabled === true;
export const canFloat = () => document.pictureInPictureEnabled === true;

/** In or out of the whole screen. */
export async function fillScreen() {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await document.documentElement.requestFullscreen();
}

/** The leading picture in a window of its own, or back. @returns {Promise<boolean>} false when there is no picture to show */
export async function floatPicture() {
  if (document.pictureInPictureElement) {
    await document.exitPictureInPicture();
    return true;
  }
  const pictures = [...document.querySelectorAll('.tile:not(.own):not(.blank) video')];
  const video = pictures.find((each) => each.closest('.lead')) ?? pictures[0];
  if (!(video instanceof HTMLVideoElement) || !video.videoWidth) return false;
  return video.requestPictureInPicture().then(() => true, () => false);
}
