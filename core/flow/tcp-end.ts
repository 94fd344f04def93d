import { ACK_BACKWARD, ACK_FORWARD, FIN_BACKWARD, FIN_FORWARD, STATE, SYN_BACKWARD, SYN_FORWARD } from './store.ts';

// Flags of the TCP header (RFC 9293, section 3.1).
const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;

// State bits of a flow's record; the bit of the backward direction is the forward bit shifted left by one.
/** The first frame's source is the key's second end. */
export const SWAPPED = 1;
/** The flow has ended and takes late frames for a while. */
export const LINGERING = 2;
/** No frame in the segment yet: the continuation of a flow that was cut by the active timeout. */
export const EMPTY = 4;
/** The direction of the first frame is not the flow's: an earlier frame was missed. */
export const REPAIRED = 1 << 30;
const SEEN = 8;
const SYN_SEEN = 32;
const FIN_SEEN = 128;
const ACK_SEEN = 512;
const FIN_ACKED = 2048;
const RESET = 8192;

/** Sequence numbers are compared modulo 2^32. */
const reaches = (number: number, goal: number): boolean => ((number - goal) | 0) >= 0;

/** True when a SYN without ACK belongs to another connection than the flow's own. */
export function startsAnother(page: Int32Array, at: number, sequence: number, backward: 0 | 1): boolean {
  const state = page[at + STATE]!;
  const known = backward === 0 ? SYN_FORWARD : SYN_BACKWARD;
  if ((state & (SYN_SEEN << backward)) !== 0) return page[at + known] !== (sequence | 0);
  if ((state & (SEEN << backward)) !== 0) return true; // the flow was met in mid-stream
  // Only the other side has spoken: a simultaneous open when it did so with a SYN (RFC 9293, section 3.5).
  const other = backward ^ 1;
  return (state & (SYN_SEEN << other)) === 0 || (state & (FIN_SEEN << other)) !== 0 || (state & RESET) !== 0;
}

/**
 * Takes a frame into the state of its connection; returns true when the flow has ended (again) with it, and so lingers.
 * @param payload bytes of payload, or NaN
 */
export function follow(
  page: Int32Array,
  at: number,
  control: number,
  sequence: number,
  acknowledgment: number,
  payload: number,
  backward: 0 | 1,
  bidirectional: boolean,
): boolean {
  let state = page[at + STATE]! | (SEEN << backward);
  const length = payload === payload ? payload : 0;
  let advances = false;
  if ((control & SYN) !== 0 && (state & (SYN_SEEN << backward)) === 0) {
    state |= SYN_SEEN << backward;
    page[at + (backward === 0 ? SYN_FORWARD : SYN_BACKWARD)] = sequence;
  }
  if ((control & ACK) !== 0) {
    const slot = at + (backward === 0 ? ACK_FORWARD : ACK_BACKWARD);
    if ((state & (ACK_SEEN << backward)) === 0 || !reaches(page[slot]!, acknowledgment)) {
      advances = (state & (ACK_SEEN << backward)) !== 0;
      page[slot] = acknowledgment;
      state |= ACK_SEEN << backward;
    }
  }
  if ((control & FIN) !== 0) {
    state |= FIN_SEEN << backward;
    page[at + (backward === 0 ? FIN_FORWARD : FIN_BACKWARD)] = sequence + length + 1;
  }
  if ((control & RST) !== 0) state |= RESET;
  else if ((state & RESET) !== 0 && (length > 0 || advances)) state &= ~RESET; // the reset was not accepted
  let ended = (state & RESET) !== 0;
  if (!bidirectional) ended ||= (state & FIN_SEEN) !== 0;
  else if ((state & (FIN_SEEN * 3)) === FIN_SEEN * 3) {
    if ((state & ACK_SEEN) !== 0 && reaches(page[at + ACK_FORWARD]!, page[at + FIN_BACKWARD]!)) state |= FIN_ACKED << 1;
    if ((state & (ACK_SEEN << 1)) !== 0 && reaches(page[at + ACK_BACKWARD]!, page[at + FIN_FORWARD]!))
      state |= FIN_ACKED;
    ended ||= (state & (FIN_ACKED * 3)) === FIN_ACKED * 3;
  }
  page[at + STATE] = state;
  return ended;
}
