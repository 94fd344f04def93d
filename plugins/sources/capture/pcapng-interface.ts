import type { SourceInterface } from '../../../core/declare/source.ts';
import { type InterfaceClock, interfaceClock } from './pcapng-clock.ts';
import { readOptions, readText, readWide } from './pcapng-options.ts';
import { effectiveSnapLength, maximumCaptured } from './record-limits.ts';

/** What an interface description block says, as its frames need it. */
export interface PcapngInterface extends SourceInterface {
  /** Index into the source's interfaces. */
  readonly id: number;
  readonly clock: InterfaceClock;
  /** Bytes of frame check sequence that its frames carry. */
  readonly checkLength: number;
  readonly maximumCaptured: number;
  /** Counters of the last statistics block; undefined when it did not state them. */
  dropsInterface: number | undefined;
  dropsKernel: number | undefined;
}

/** Shortest interface description block. */
export const INTERFACE_BLOCK_LENGTH = 20;

/**
 * Reads an interface description block of `length` bytes at `at`.
 * @returns the interface, and whether its options lay inside the block
 */
export function readInterface(view: DataView, at: number, length: number, little: boolean, id: number) {
  const linkType = view.getUint16(at + 8, little);
  let name: string | undefined;
  let description: string | undefined;
  let resolution = 6;
  let offset = 0;
  let check = 0;
  const whole = readOptions(view, at + 16, at + length - 4, little, (code, place, size) => {
    if (code === 2) name ??= readText(view, place, size);
    else if (code === 3) description ??= readText(view, place, size);
    else if (code === 9 && size >= 1) resolution = view.getUint8(place);
    else if (code === 13 && size >= 1) check = view.getUint8(place);
    else if (code === 14 && size >= 8) {
      const high = little ? place + 4 : place;
      offset = view.getInt32(high, little) * 0x100000000 + view.getUint32(little ? place : place + 4, little);
    }
  });
  const interfaceBlock: PcapngInterface = {
    id,
    name,
    description,
    linkType,
    snapLength: effectiveSnapLength(view.getUint32(at + 12, little), linkType),
    clock: interfaceClock(resolution, offset),
    // The specification says bits, its example and its writers say bytes.
    checkLength: check >= 16 ? check >> 3 : check,
    maximumCaptured: maximumCaptured(linkType),
    dropsInterface: undefined,
    dropsKernel: undefined,
  };
  return { interface: interfaceBlock, whole };
}

/** Takes the counters of an interface statistics block over: they are totals since the capture began. */
export function readStatistics(
  view: DataView,
  at: number,
  length: number,
  little: boolean,
  owner: PcapngInterface,
): boolean {
  return readOptions(view, at + 20, at + length - 4, little, (code, place, size) => {
    if (size < 8) return;
    if (code === 5) owner.dropsInterface = readWide(view, place, little);
    else if (code === 7) owner.dropsKernel = readWide(view, place, little);
  });
}
