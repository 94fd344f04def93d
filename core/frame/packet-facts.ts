import type { Frame } from './frame.ts';

/** What dissectors tell the meter of one packet of a frame: the outermost, when others lie inside. */
export class PacketFacts {
  networkLayer = -1;
  addressAt = 0;
  addressLength = 0;
  protocol = -1;
  transportAt = 0;
  laterFragment = false;
  fragmented = false;
  transportLayer = -1;
  portKind = 0;
  sourcePort = 0;
  destinationPort = 0;
  mate = 0;
  payloadAt = -1;
  payloadEnd = 0;
  control = -1;
  sequence = 0;
  acknowledgment = 0;

  /** Takes over what a frame says now. */
  copy(frame: Frame): void {
    write(frame, this);
  }

  /** Makes a frame say this. */
  restore(frame: Frame): void {
    write(this, frame);
  }
}

type Facts = { -readonly [K in Exclude<keyof PacketFacts, 'copy' | 'restore'>]: PacketFacts[K] };

function write(from: Readonly<Facts>, to: Facts): void {
  to.networkLayer = from.networkLayer;
  to.addressAt = from.addressAt;
  to.addressLength = from.addressLength;
  to.protocol = from.protocol;
  to.transportAt = from.transportAt;
  to.laterFragment = from.laterFragment;
  to.fragmented = from.fragmented;
  to.transportLayer = from.transportLayer;
  to.portKind = from.portKind;
  to.sourcePort = from.sourcePort;
  to.destinationPort = from.destinationPort;
  to.mate = from.mate;
  to.payloadAt = from.payloadAt;
  to.payloadEnd = from.payloadEnd;
  to.control = from.control;
  to.sequence = from.sequence;
  to.acknowledgment = from.acknowledgment;
}
