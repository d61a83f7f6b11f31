/** Two quiet notes: to test the loudspeaker, and to call a person who waits. Made here, so that no file is needed. */

const NOTES_HZ = [659, 880];
const NOTE_S = 0.45;

/** @param {number} [times] how often the two notes sound @returns {Promise<void>} when they are over */
export async function chime(times = 1) {
  const audio = new AudioContext();
  try {
    await audio.resume();
    const loud = audio.createGain();
    loud.connect(audio.destination);
    loud.gain.value = 0.25;
    const notes = Array.from({length: times}, () => NOTES_HZ).flat();
    notes.forEach((hz, at) => note(audio, loud, hz, audio.currentTime + at * NOTE_S));
    await new Promise((over) => setTimeout(over, notes.length * NOTE_S * 1000 + 100));
  } finally {
    await audio.close();
  }
}

/** @param {AudioContext} audio @param {AudioNode} into @param {number} hz @param {number} atS */
function note(audio, into, hz, atS) {
  const tone = audio.createOscillator();
  const shape = audio.createGain();
  tone.frequency.value = hz;
  shape.gain.setValueAtTime(0, atS);
  shape.gain.linearRampToValueAtTime(1, atS + 0.02);
  shape.gain.exponentialRampToValueAtTime(0.01, atS + NOTE_S);
  tone.connect(shape).connect(into);
  tone.start(atS);
  tone.stop(atS + NOTE_S);
}

/** You are called: by ear and by hand, whatever page is in front. */
export function callIn() {
  navigator.vibrate?.([200, 100, 200]);
  void chime(2).catch(() => undefined); // without a touch before, some browsers stay silent
}
