import { absoluteTimeText } from '../../core/frame/absolute-time.ts';
import { u32 } from './vector.ts';

/** Seconds from 1900, where NTP's first era begins, to 1970. */
const FROM_1900 = 2_208_988_800;
const ERA = 0x1_0000_0000;
const HALF = 0x8000_0000;

/**
 * An NTP timestamp (RFC 5905, section 6) as text: seconds and a 32-bit fraction. Seconds in the lower half of their range
 * are those of the era that begins in 2036 (RFC 4330, section 3). All zeros are no time.
 */
export function ntpTimeText(view: Uint8Array, at: number): string {
  const seconds = u32(view, at);
  const fraction = u32(view, at + 4);
  const whole = (seconds >= HALF ? seconds : seconds + ERA) - FROM_1900;
  const nanoseconds = Math.floor((fraction * 1e9) / ERA);
  if (seconds === 0 && nanoseconds === 0) return 'NULL';
  return absoluteTimeText(whole, nanoseconds);
}
