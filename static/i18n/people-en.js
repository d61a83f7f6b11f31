/** English words for seating people late or in another's place, and for keeping people apart. */

/** @type {Record<keyof typeof import('./people-zh-CN.js').default, import('./zh-CN.js').Entry>} */
export default {
  'people.add': 'Add a person',
  'people.add_title': 'Add a person to this hearing',
  'people.add_words': 'They get a link at once, check in as everyone does, and wait until they are admitted.',
  'people.seat': 'Add and make the link',
  'people.replace': 'Replace',
  'people.replace_title': ({who}) => `Someone else for ${who}`,
  'people.replace_words': ({who}) => `${who} is out of the hearing at once and their link stops working. The new person takes over the same place: side, interpreter, people kept apart.`,
  'people.replace_go': 'Replace and make the link',
  'people.reason': 'Reason (goes into the record)',
  'people.link_title': ({who}) => `Link for ${who}`,
  'people.link_words': 'Let them scan the code or send them the link. It is shown only now; it can be renewed at the clerk’s desk.',
  'people.link_done': 'Done',

  'apart.button': 'Keep apart',
  'apart.title': ({who}) => `Keep ${who} apart from`,
  'apart.words': 'Those you choose and this person neither hear nor see each other, and never meet in a private room. Neither side is told.',
  'apart.save': 'Keep apart so',
  'apart.fact': 'Kept apart',

  'talk.begin': 'Talk',
  'talk.end': 'End the talk',
  'talk.with': ({who}) => `You are talking with ${who} alone`,
  'talk.words_in_court': 'The court goes on; nobody else hears the two of you, and it is not recorded.',
  'talk.words_outside': 'Nobody else hears the two of you, and it is not recorded.',
  'talk.going_on': 'The clerk is talking with this person alone',
};
