/** The few pictures of the interface, drawn in the text's own colour. */
import {html} from '../html.js';

const SHAPES = {
  microphone: ['M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3Z', 'M5.5 11a6.5 6.5 0 0 0 13 0', 'M12 17.5V21'],
  microphone_off: ['M15 8.5V6a3 3 0 0 0-5.8-1', 'M9 9v2a3 3 0 0 0 4.6 2.5', 'M5.5 11a6.5 6.5 0 0 0 10.4 5.2', 'M18.5 11c0 1-.2 1.900-.6 2.700', 'M12 17.500V21', 'M4 4l16 16'],
  camera: ['M4 7.500A1.500 1.500 0 0 1 5.500 6h8A1.500 1.500 0 0 1 15 7.500v9a1.500 1.500 0 0 1-1.500 1.500h-8A1.500 1.500 0 0 1 4 16.500Z', 'M15 10.500l5-3v9l-5-3'],
  camera_off: ['M9.500 6h4A1.500 1.500 0 0 1 15 7.500v4', 'M15 16.500a1.500 1.500 0 0 1-1.500 1.500h-8A1.500 1.500 0 0 1 4 16.500v-9c0-.6.3-1 .8-1.300', 'M16.500 11.500l3.500-4v9', 'M4 4l16 16'],
  leave: ['M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4', 'M4 12h11', 'M11 8l4 4-4 4'],
  people: ['M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7Z', 'M2.500 20a6.500 6.500 0 0 1 13 0', 'M16 4.300a3.500 3.500 0 0 1 0 6.400', 'M18 14.500a6.500 6.500 0 0 1 3.500 5.500'],
  sound: ['M4 9.500h3.500L12 5.500v13l-4.500-4H4Z', 'M15.500 9a4 4 0 0 1 0 6', 'M18 6.500a8 8 0 0 1 0 11'],
  copy: ['M9 9h10v11H9Z', 'M5 15V4h10'],
  close: ['M6 6l12 12', 'M18 6L6 18'],
  hand: ['M8 12V5.500a1.500 1.500 0 0 1 3 0V11', 'M11 11V4a1.500 1.500 0 0 1 3 0v7', 'M14 11V5.500a1.500 1.500 0 0 1 3 0V14', 'M17 13v-3a1.500 1.500 0 0 1 3 0v4.500c0 4-2.500 6.500-6 6.500-3 0-4.500-1.300-6-3.500L4.300 13.500c-.9-1.500 1-2.900 2.200-1.700L8 13.500'],
  lock: ['M6.500 11h11a1 1 0 0 1 1 1v7.500a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1V12a1 1 0 0 1 1-1Z', 'M8 11V8a4 4 0 0 1 8 0v3'],
  more: ['M5 12h.01', 'M12 12h.01', 'M19 12h.01'],
  unlock: ['M6.500 11h11a1 1 0 0 1 1 1v7.500a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1V12a1 1 0 0 1 1-1Z', 'M8 11V8a4 4 0 0 1 7.700-1.500'],
  door: ['M6 20V4h10v16', 'M4 20h16', 'M13 12h.01'],
  download: ['M12 4v11', 'M7.500 11l4.500 4.500 4.500-4.500', 'M5 20h14'],
  help: ['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z', 'M9.200 9.500a2.900 2.900 0 1 1 4.300 2.500c-.9.5-1.500 1.100-1.500 2.200', 'M12 17h.01'],
  board: ['M6 5h12a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z', 'M9 5V3h6v2', 'M8.500 11l1.200 1.200 2-2.200', 'M8.500 16l1.200 1.200 2-2.200', 'M14 11.500h2', 'M14 16.500h2'],
  back: ['M20 12H5', 'M11 6l-6 6 6 6'],
  play: ['M8 5.5v13l10.500-6.500Z'],
  pause: ['M9 5.500v13', 'M15.500 5.500v13'],
  rewind: ['M11.500 7l-5 5 5 5', 'M18 7l-5 5 5 5'],
  forward: ['M12.500 7l5 5-5 5', 'M6 7l5 5-5 5'],
  sound_off: ['M4 9.500h3.500L12 5.500v13l-4.500-4H4Z', 'M16 9.500l5 5', 'M21 9.500l-5 5'],
  theme: ['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z', 'M12 3v18', 'M15 6v12', 'M18 8.500v7'],
  keyboard: ['M4 7h16a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1Z', 'M6.500 10.500h.01', 'M10 10.500h.01', 'M14 10.500h.01', 'M17.500 10.500h.01', 'M8.500 14h7'],
  layout: ['M4 5h16v9H4Z', 'M4 18h4v2H4Z', 'M10 18h4v2h-4Z', 'M16 18h4v2h-4Z'],
  screen: ['M4 5h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z', 'M9 21h6', 'M12 14V8.500', 'M9 11l3-3 3 3'],
  fullscreen: ['M4 9V4h5', 'M15 4h5v5', 'M20 15v5h-5', 'M9 20H4v-5'],
};

/** @typedef {keyof typeof SHAPES} IconName */

/** Decoration only: the words stand beside it, or in the button's label. @param {{name: IconName}} props */
export function Icon({name}) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    ${SHAPES[name].map((line) => html`<path key=${line} d=${line} />`)}
  </svg>`;
}

/** Our own emblem: scales, and nobody's coat of arms. */
export function Emblem() {
  return html`<svg class="emblem" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
    <path d="M24 7v32M14 41h20M9 14c5 0 10-1 15-3 5 2 10 3 15 3" />
    <path d="M10 14l-6 14h12ZM38 14l-6 14h12Z" />
    <path class="emblem-bowl" d="M4 28a6 5 0 0 0 12 0ZM32 28a6 5 0 0 0 12 0Z" />
  </svg>`;
}
