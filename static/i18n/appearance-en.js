/** English words of the picture, light and dark, and the keys. */

/** @type {Record<keyof typeof import('./appearance-zh-CN.js').default, import('./zh-CN.js').Entry>} */
const appearance = {
  'look.title': 'View',
  'look.layout': 'Layout',
  'look.layout_grid': 'By seats',
  'look.layout_speaker': 'Speaker large',
  'look.self': 'Show my own picture',
  'look.self_hidden': 'The court still sees you; only you do not.',
  'look.theme': 'Colours',
  'look.theme_system': 'As the device',
  'look.theme_light': 'Light',
  'look.theme_dark': 'Dark',
  'look.to_light': 'Change to light',
  'look.to_dark': 'Change to dark',
  'look.fill': 'Full screen',
  'look.unfill': 'Leave full screen',
  'look.float': 'Small window',
  'look.no_picture': 'There is no picture for a small window now.',
  'keys.title': 'Keyboard',
  'keys.words': 'The keys do nothing while you type or while a question is open.',
  'keys.on': 'Use these keys',
  'keys.M': 'Microphone on or off',
  'keys.V': 'Camera on or off',
  'keys.H': 'Raise or lower your hand',
  'keys.C': 'Help, a word with the court',
  'keys.P': 'The panel of the hearing',
  'keys.L': 'Change the layout',
  'keys.F': 'Full screen',
  'keys.sheet': 'Open this sheet',
  'keys.tab': 'Move between buttons',
  'keys.enter': 'Press the button',
  'keys.escape': 'Close a dialog',
  'announce.session': ({session}) => `The court: ${session}`,
  'announce.phase': ({phase}) => `Part of the hearing: ${phase}`,
};

export default appearance;
