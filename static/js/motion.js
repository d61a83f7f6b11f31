/**
 * Whether this phone is carried along as in a vehicle: a hint for the clerk, never more (OLR 24: nobody drives in court).
 *
 * A hand trembles and steps go to and fro, and over a second both come to nothing; a vehicle that brakes, turns and
 * speeds up pushes one way for seconds.
 */
import {signal} from './html.js';

const SECONDS_KEPT = 30;
const PUSHED_SECONDS = 12;
const PUSH_M_S2 = 0.5;

/** Means of acceleration without gravity, a second each, in m/s². @param {readonly number[]} seconds the newest last */
export function looksDriven(seconds) {
  return seconds.slice(-SECONDS_KEPT).filter((push) => push >= PUSH_M_S2).length >= PUSHED_SECONDS;
}

/** iPhones ask their person first, and only at a touch: call it from one. Nothing follows from a no. */
export function mayFeelMotion() {
  const asks = /** @type {{requestPermission?: () => Promise<string>}} */ (globalThis.DeviceMotionEvent ?? {});
  void asks.requestPermission?.().catch(() => undefined);
}

/** @param {AbortSignal} aborted @returns {import('../vendor/signals.js').Signal<boolean>} */
export function feelMotion(aborted) {
  const isMoving = signal(false);
  const sum = {x: 0, y: 0, z: 0, count: 0};
  /** @type {number[]} */
  let seconds = [];
  let began = 0;
  addEventListener('devicemotion', ({acceleration, timeStamp}) => {
    if (acceleration?.x == null) return; // no sensor that leaves gravity out
    sum.x += acceleration.x;
    sum.y += acceleration.y ?? 0;
    sum.z += acceleration.z ?? 0;
    sum.count += 1;
    began ||= timeStamp;
    if (timeStamp - began < 1000) return;
    seconds = [...seconds, Math.hypot(sum.x, sum.y, sum.z) / sum.count].slice(-SECONDS_KEPT);
    Object.assign(sum, {x: 0, y: 0, z: 0, count: 0});
    began = timeStamp;
    isMoving.value = looksDriven(seconds);
  }, {signal: aborted});
  return isMoving;
}
