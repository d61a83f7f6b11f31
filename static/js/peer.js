/**
 * The media connection to the court (protocol, "Media"): offered at once, watched, and repaired beside itself.
 *
 * A new connection is made before the old one goes; what to do and when is decided in `repair.js`.
 */
import {linkFigures} from './figures.js';
import {watchFrames} from './frozen.js';
import {Refused} from './http.js';
import {bindSeats, fits, layLines, send} from './media-lines.js';
import {createRepair, LOOK_EVERY_MS, MOVES_WITHIN_MS} from './repair.js';
import {tunedForSpeech} from './sdp.js';

/** @typedef {import('./media-lines.js').Attempt} Attempt */
/** @typedef {import('./media-lines.js').Need} Need */
/** @typedef {ReturnType<typeof createPeer>} Peer */

const BUILD_WITHIN_MS = 8000;
const PASSING = new Set(['offline', 'media_unavailable', 'wrong_participant_state']); // the next attempt will do

/**
 * @param {{offer: (sdp: string) => Promise<import('./types.js').MediaAnswer>, relays: import('./relays.js').Relays}} court
 * @param {import('./store.js').Store} store
 */
export function createPeer(court, store) {
  const {tell} = store;
  const repair = createRepair();
  const figures = linkFigures();
  const framesOf = watchFrames();
  /** @type {Attempt|null} the connection that is shown */
  let current = null;
  /** @type {Attempt|null} the one that is to replace it */
  let next = null;
  let isBuilding = false;
  let isLinked = false;
  /** @type {Need|null} */
  let need = null;
  /** @type {ReturnType<typeof setInterval>|undefined} */
  let looking;

  /** Say what is needed now; call it as often as you like. @param {Need|null} wanted @param {boolean} isLive the link stands */
  function keep(wanted, isLive) {
    need = wanted;
    isLinked = isLive;
    if (!wanted) return drop();
    looking ??= setInterval(() => void look(), LOOK_EVERY_MS);
    for (const attempt of [current, next]) if (attempt) send(attempt, wanted);
    provide(wanted);
  }

  /** A connection with a line for every device there is. @param {Need} wanted */
  function provide(wanted) {
    if (!isLinked || isBuilding || !repair.mayTry(performance.now())) return;
    const newest = next ?? current;
    if (!newest) {
      void build();
    } else if (newest.pc.connectionState !== 'closed' && !fits(newest, wanted)) {
      buildAnew();
    }
  }

  /** Whatever is being built is out of date already. */
  function buildAnew() {
    close(next);
    next = null;
    repair.mustRebuild(performance.now());
    void build();
  }

  function drop() {
    if (!looking) return;
    clearInterval(looking);
    looking = undefined;
    close(current);
    close(next);
    current = next = null;
    tell({kind: 'media', media: 'none'});
    tell({kind: 'streams', streams: {}, courtScreen: null});
  }

  /** @param {Attempt|null} attempt */
  function close(attempt) {
    attempt?.life.abort();
    attempt?.pc.close();
  }

  /** @param {import('./repair.js').Remedy} remedy */
  function act(remedy) {
    if (remedy === 'wait') return;
    if (store.state.peek().media !== 'connecting') tell({kind: 'media', media: 'lost'});
    if (remedy === 'restart') void restart();
    else void build();
  }

  /** A new connection; the one of now, if there is one, stays until the new one stands. */
  async function build() {
    if (!need || next || isBuilding) return;
    isBuilding = true;
    const servers = await court.relays.now();
    isBuilding = false;
    if (!need || next) return;
    const mine = layLines(need, servers);
    if (current && current.pc.connectionState !== 'closed') next = mine;
    else show(mine);
    watch(mine);
    try {
      await negotiate(mine);
    } catch (failure) {
      giveUp(mine, failure);
    }
  }

  /** The same connection on another path: keys, streams and lines stay. */
  async function restart() {
    const mine = current;
    if (!mine) return;
    try {
      mine.pc.setConfiguration?.({...mine.pc.getConfiguration(), iceServers: await court.relays.now()});
      mine.pc.restartIce();
      await negotiate(mine);
      repair.answered(performance.now());
    } catch (failure) {
      if (mine !== current) return;
      const isUnreached = failure instanceof Refused && failure.code === 'offline';
      if (isUnreached) repair.failed(performance.now());
      else act(repair.mustRebuild(performance.now())); // the court, or the browser, knows no restart
    }
  }

  /** Offer at once, without waiting for addresses, and take the answer. @param {Attempt} mine */
  async function negotiate(mine) {
    const {pc} = mine;
    const offer = await pc.createOffer();
    const sdp = tunedForSpeech(offer.sdp ?? '');
    await pc.setLocalDescription({type: 'offer', sdp}).catch(() => pc.setLocalDescription(offer));
    const answer = await court.offer(pc.localDescription?.sdp ?? '');
    if (mine !== current && mine !== next) return;
    await pc.setRemoteDescription({type: 'answer', sdp: answer.sdp});
    bindSeats(mine, answer);
    if (mine === current) tell({kind: 'streams', streams: {...mine.streams}, courtScreen: mine.courtScreen});
  }

  /** @param {Attempt} mine */
  function show(mine) {
    close(current);
    current = mine;
    if (mine === next) next = null;
    repair.begun(performance.now());
    tell({kind: 'streams', streams: {...mine.streams}, courtScreen: mine.courtScreen});
    if (mine.pc.connectionState !== 'connected' && store.state.peek().media === 'none') tell({kind: 'media', media: 'connecting'});
  }

  /** @param {Attempt} mine @param {unknown} [failure] */
  function giveUp(mine, failure) {
    if (mine !== current && mine !== next) return;
    if (failure instanceof Refused && !PASSING.has(failure.code)) store.toast(failure.message, 'alarm');
    close(mine);
    if (mine === next) next = null;
    repair.failed(performance.now());
    tell({kind: 'media', media: 'lost'});
  }

  /** @param {Attempt} mine */
  function watch(mine) {
    const {pc, life} = mine;
    const patience = setTimeout(() => mine === next && giveUp(mine), BUILD_WITHIN_MS);
    life.signal.addEventListener('abort', () => clearTimeout(patience));
    pc.addEventListener('connectionstatechange', () => {
      if (pc.connectionState === 'connected') {
        clearTimeout(patience);
        if (mine === next) show(mine);
        if (mine === current) {
          repair.stands();
          tell({kind: 'media', media: 'connected'});
        }
      } else if (pc.connectionState === 'failed' && mine === next) {
        giveUp(mine);
      } else {
        void look();
      }
    }, {signal: life.signal});
  }

  /** Look at the connection of now, and do what it needs. @param {boolean} [isAfterLoss] the link has just come back */
  async function look(isAfterLoss = false) {
    const mine = current;
    if (!mine || !need) return;
    const seen = figures(await mine.pc.getStats(), mine.whose);
    if (mine !== current || !need) return;
    const sight = {
      now: performance.now(),
      state: mine.pc.connectionState,
      isLinked,
      pulse: seen.pulse,
      isExpecting: need.isExpecting,
      isShown: !document.hidden,
      pictures: seen.pictures,
    };
    act(isAfterLoss ? repair.linkIsBack(sight) : repair.look(sight));
    if (store.state.peek().media === 'lost' && repair.isWell(sight)) tell({kind: 'media', media: 'connected'});
    if (!document.hidden && sight.state === 'connected') report(seen, framesOf(seen.pictures, mine.whose, sight.now));
    provide(need);
  }

  /** @param {import('./figures.js').Figures} seen @param {Set<string>} frozen */
  function report({speaking, levels, isWeak}, frozen) {
    store.levels.value = levels;
    const before = store.state.peek();
    const isSame = before.isWeak === isWeak && [...speaking].join() === [...before.speaking].join() && [...frozen].join() === [...before.frozen].join();
    if (!isSame) tell({kind: 'heard', speaking, frozen, isWeak});
  }

  return {
    keep,
    /** The link stands again: a connection that isn't well is restarted at once. */
    async linkIsBack() {
      await look();
      setTimeout(() => void look(true), MOVES_WITHIN_MS);
    },
    /** The court has lost every media connection: offer anew at once. */
    allIsLost() {
      if (!need || !current) return;
      tell({kind: 'media', media: 'lost'});
      buildAnew();
    },
    /** The connection of now, for figures about it. @returns {RTCPeerConnection|null} */
    get connection() {
      return current?.pc ?? null;
    },
  };
}
