import { anomalyCode } from '../../../core/frame/anomaly.ts';

/** Anomalies of records as batches hold them: code + 1. */
export const TIME_FRACTION = anomalyCode('time.fraction') + 1;
export const RECORD_SNAPPED = anomalyCode('record.snapped') + 1;
export const RECORD_EMPTY = anomalyCode('record.empty') + 1;
export const RECORD_LENGTH = anomalyCode('record.length') + 1;
export const BLOCK_TRAILER = anomalyCode('block.trailer') + 1;

/** Most bytes that a record can hold; more are damage. libpcap pcap-common.c, max_snaplen_for_dlt. */
export function maximumCaptured(linkType: number): number {
  switch (linkType) {
    case 231: // D-Bus
      return 128 * 1024 * 1024;
    case 279: // EBHSCR
      return 8 * 1024 * 1024;
    case 249: // USBPcap
      return 1024 * 1024;
    default:
      return 262_144;
  }
}

/** A snap length that says something: 0 and absurd ones are no limit. */
export function effectiveSnapLength(stated: number, linkType: number): number {
  return stated === 0 || stated > 0x7fffffff ? maximumCaptured(linkType) : stated;
}
