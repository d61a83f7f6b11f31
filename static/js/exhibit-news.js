/** What happened to exhibits, as a sentence for this person. */
import {nameOf} from './exhibits.js';
import {t, when, word} from './language.js';

/** How the end of an exchange is written. @type {Intl.DateTimeFormatOptions} */
export const EXCHANGE_TIME = {dateStyle: 'medium', timeStyle: 'short'};

/** @typedef {import('./types.js').View} View */

/**
 * @param {import('./types.js').CourtEvent} event @param {View} view @param {import('./store.js').Store['toast']} toast
 * @returns {boolean} true when the event was about exhibits
 */
export function announceExhibits(event, view, toast) {
  const isOwn = event.participant_id === view.you.id;
  const who = saidOf(view, event.participant_id ?? '');
  const number = event.exhibit ?? 0;
  switch (event.kind) {
    case 'exhibit_received':
      if (!isOwn) toast(t(event.is_original ? 'exhibit.news_original' : 'exhibit.news_received', {who, number, title: event.title ?? ''}));
      return true;
    case 'opinion_given':
      if (!isOwn) toast(t(event.demands_original ? 'exhibit.news_demand' : 'exhibit.news_opinion', {who, number}));
      return true;
    case 'presenting_allowed':
      if (isOwn) toast(t(event.is_allowed ? 'exhibit.news_may' : 'exhibit.news_may_not'));
      return true;
    case 'exchange_set': {
      const endsAt = view.exhibits.exchange_ends_at;
      toast(endsAt ? t('exchange.until', {at: when(endsAt, EXCHANGE_TIME)}) : t('exchange.no_end'));
      return true;
    }
    case 'screen_shared':
      if (!isOwn) toast(t('screen.news_shared', {who}));
      return true;
    case 'screen_ended':
      toast(isOwn ? t('screen.news_ended_yours') : t('screen.news_ended', {who}));
      return true;
    case 'exhibit_shown':
    case 'exhibit_played':
    case 'exhibit_put_away':
      return true;
    default:
      return false;
  }
}

/** Seat and name; the seat alone where the person isn't known here. @param {View} view @param {string} id */
export function saidOf(view, id) {
  const person = nameOf(view, id);
  return person ? `${word('role', person.role)} ${person.name}` : t('exhibit.someone');
}
