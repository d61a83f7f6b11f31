/** What happened to order and floor, as a sentence for this person. */
import {personOf} from './floor.js';
import {language, t, word} from './language.js';
import {may} from './stage.js';

/** @typedef {import('./types.js').View} View */
/** @typedef {import('./types.js').CourtEvent} CourtEvent */
/** @typedef {import('./store.js').Store['toast']} ShowToast */

/** @type {Record<string, (event: CourtEvent, view: View, toast: ShowToast, before: View) => void>} */
const TOLD = {
  hand_raised(event, view, toast, before) {
    if (may(view, 'mute_others')) toast(t('hand.news', named(event, view, before)));
  },
  floor_given(event, view, toast, before) {
    toast(event.participant_id === view.you.id ? t('floor.news_you') : t('floor.news_given', named(event, view, before)));
  },
  floor_taken(event, view, toast) {
    if (event.participant_id === view.you.id) toast(t('floor.news_taken'));
  },
  floor_mode_changed: (event, _, toast) => toast(t(event.is_on ? 'floor.news_mode_on' : 'floor.news_mode_off')),
  microphone_lock_changed: (event, _, toast) => toast(t(event.is_on ? 'floor.news_locked' : 'floor.news_unlocked')),
  court_asked(event, view, toast, before) {
    if (event.participant_id === view.you.id || !may(view, 'answer_requests')) return;
    toast(t('ask.news', {...named(event, view, before), what: t(`ask.kind_${event.request ?? 'recess'}`)}));
  },
  request_answered(event, view, toast) {
    if (event.participant_id !== view.you.id || event.is_granted == null) return;
    const what = t(`ask.thing_${event.request ?? 'recess'}`);
    toast(t(event.is_granted ? 'ask.news_granted' : 'ask.news_refused', {what}));
  },
  person_warned(event, view, toast, before) {
    if (event.participant_id !== view.you.id) toast(t(event.step === 'notice' ? 'warn.news_notice' : 'warn.news_warning', named(event, view, before)));
  },
  walk_out_drafted(event, view, toast, before) {
    toast(t('walk.news', named(event, view, before)), 'alarm');
  },
  presiding_changed(event, view, toast, before) {
    toast(event.participant_id === view.you.id ? t('preside.news_you') : t('preside.news', named(event, view, before)));
  },
  phase_changed(event, view, toast) {
    const phase = word('phase', view.phase);
    if (event.mark === 'returned') toast(t('news.phase_returned', {phase}));
    else if (event.mark === 'merged') toast(t('news.phase_merged', {phases: phaseNames(view)}));
    else toast(t('news.phase', {phase}));
  },
};

/** The phase of now and what is held together with it. @param {View} view */
export function phaseNames(view) {
  return [view.phase, ...view.merged_phases].map((phase) => word('phase', phase)).join(language.value === 'en' ? ', ' : '、');
}

/** True when the event was one of order, whether or not this person is told of it. @param {CourtEvent} event @param {View} before @param {View} view @param {ShowToast} toast */
export function announceOrder(event, before, view, toast) {
  TOLD[event.kind]?.(event, view, toast, before);
  return event.kind in TOLD;
}

/** @param {CourtEvent} event @param {View} view @param {View} before */
function named(event, view, before) {
  const person = personOf(view, event.participant_id ?? null) ?? personOf(before, event.participant_id ?? null);
  return {who: person ? `${word('role', person.role)} ${person.name}` : ''};
}
