// A camera and microphone whose picture flashes white in the same instant as its sound beeps, once a second.
(() => {
  const [TONE_HZ, COLOUR] = /** @type {[number, string]} */ (globalThis.__flashAndBeep || [1100, '#b03030']);
  /** @type {Promise<MediaStream> | null} */
  let source = null;

  async function start() {
    const audio = new AudioContext({sampleRate: 48000});
    await audio.resume();
    const loudness = audio.createGain();
    loudness.gain.value = 0;
    const tone = audio.createOscillator();
    tone.frequency.value = TONE_HZ;
    const out = audio.createMediaStreamDestination();
    tone.connect(loudness).connect(out);
    tone.start();

    const canvas = document.createElement('canvas');
    canvas.width = 640;
    canvas.height = 360;
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    let next = Math.ceil(audio.currentTime) + 1;
    setInterval(() => {
      const now = audio.currentTime;
      if (now > next - 0.5) {
        loudness.gain.setValueAtTime(0.4, next);
        loudness.gain.setValueAtTime(0, next + 0.2);
        next += 1;
      }
      pen.fillStyle = now % 1 < 0.2 && now > 1 ? '#ffffff' : COLOUR;
      pen.fillRect(0, 0, 640, 360);
      pen.fillStyle = '#000000';
      pen.fillRect((now * 100) % 600, 320, 40, 20);
    }, 10);

    const stream = canvas.captureStream(30);
    out.stream.getAudioTracks().forEach((track) => stream.addTrack(track));
    return stream;
  }

  navigator.mediaDevices.getUserMedia = async (wish) => {
    source ||= start();
    const stream = (await source).clone();
    stream.getTracks().forEach((track) => {
      if (!wish?.[/** @type {'audio' | 'video'} */ (track.kind)]) stream.removeTrack(track);
    });
    return stream;
  };
})();
