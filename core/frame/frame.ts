import type { Dissector } from '../declare/dissector.ts';
import type { Field } from '../declare/field.ts';
import type { Table } from '../declare/table.ts';
import { LENGTH_EXCEEDS, MALFORMED, TRUNCATED } from './anomaly.ts';
import type { Dispatch } from './dispatch.ts';
import { PacketFacts } from './packet-facts.ts';

/** Layers of one frame at most. */
export const MAXIMUM_LAYERS = 32;
/** Anomalies kept of one frame at most; more are counted in `anomaliesLost`. */
const MAXIMUM_ANOMALIES = 64;
/** Layers waiting for their turn: siblings such as TLS records or SCTP chunks. */
const MAXIMUM_PENDING = 256;

/** Wire lengths beyond this are lies of the record, and offsets are 32 bits wide. */
const MAXIMUM_WIRE = 0x3fff_ffff;

/** The layer is shorter than its fixed header; only the fields that fit are present. */
export const PARTIAL = 1;
/** The layer belongs to a packet quoted in an ICMP error: shown, never part of a key or a feature. */
export const QUOTED = 2;

/** Who decided that a layer follows. */
export const DECIDED_BY = ['table', 'decode-as', 'heuristic'] as const;

/** Bits of {@link Frame.special}: what a frame has that most have not. */
export const TUNNELLED = 1;
export const FRAGMENTED = 2;
/** Fragmented packets inside each other that one frame tells of at most. */
const MAXIMUM_FRAGMENTS = 8;

/** What the ports' place in the key holds. */
export const PORTS_NONE = 0;
export const PORTS = 1;
/** ICMP type and code, with a counterpart (request and reply). */
export const EXCHANGE = 2;
/** ICMP type and code of a one-way message. */
export const ONE_WAY = 3;
/** Ethertype, beside link addresses: the frame is not IP. */
export const LINK = 4;

/**
 * One frame and its layer table. One object is reused for all frames: what it says is valid until the next frame.
 * All offsets are places in `bytes`; subtract `start` for the place in the frame.
 */
export class Frame {
  bytes: Uint8Array = new Uint8Array(0);
  /** First byte of the frame in `bytes`. */
  start = 0;
  /** End of what was captured. */
  capturedEnd = 0;
  /** End on the wire, without a frame check sequence. */
  wireEnd = 0;
  linkType = 0;

  layerCount = 0;
  /** Dissector id of each layer. */
  readonly layerId = new Int32Array(MAXIMUM_LAYERS);
  readonly layerOffset = new Int32Array(MAXIMUM_LAYERS);
  /** Contained end: what the enclosing headers' own length fields say. May exceed what was captured. */
  readonly layerEnd = new Int32Array(MAXIMUM_LAYERS);
  /** The layer whose length field set that end; -1 for the record itself. */
  readonly layerLimitedBy = new Int32Array(MAXIMUM_LAYERS);
  readonly layerFlags = new Uint8Array(MAXIMUM_LAYERS);
  /** Index into {@link DECIDED_BY}. */
  readonly layerDecidedBy = new Uint8Array(MAXIMUM_LAYERS);
  /** The layer that handed over; -1 for the first. */
  readonly layerParent = new Int32Array(MAXIMUM_LAYERS);
  /** Where the layer's own header ends and its payload begins, when it said so or passed something on; else -1. */
  readonly layerPayload = new Int32Array(MAXIMUM_LAYERS);
  /** By dissector id: its last layer that is not quoted, or -1. */
  lastLayer: Int32Array = new Int32Array(0);

  anomalyCount = 0;
  anomaliesLost = 0;
  readonly anomalyCodes = new Int32Array(MAXIMUM_ANOMALIES);
  readonly anomalyLayer = new Int32Array(MAXIMUM_ANOMALIES);
  readonly anomalyOffset = new Int32Array(MAXIMUM_ANOMALIES);
  /** -1 where no length is concerned. */
  readonly anomalyNeeded = new Float64Array(MAXIMUM_ANOMALIES);
  readonly anomalyAvailable = new Float64Array(MAXIMUM_ANOMALIES);

  // What dissectors tell the meter: the innermost network and transport layer that is not quoted.
  /** Layer that gave the addresses, or -1. */
  networkLayer = -1;
  /** Place of the source address; the destination address follows it. */
  addressAt = 0;
  /** 4 or 16. */
  addressLength = 0;
  /** IP protocol number of what follows the network layer (and its extension headers); -1 unknown. */
  protocol = -1;
  /** Place behind the network header and its extension headers. */
  transportAt = 0;
  /** The packet is a fragment other than the first: no transport header. */
  laterFragment = false;
  /** The packet is a fragment (first or later). */
  fragmented = false;
  /** Layer that gave ports, or -1. */
  transportLayer = -1;
  portKind = PORTS_NONE;
  /** Port, or ICMP type. */
  sourcePort = 0;
  /** Port, or ICMP code. */
  destinationPort = 0;
  /** ICMP type of the counterpart, for {@link EXCHANGE}. */
  mate = 0;
  /** Place where the transport payload begins; -1 when that was not captured. */
  payloadAt = -1;
  /** End of the transport payload. */
  payloadEnd = 0;
  /** TCP: flags byte and numbers; `control` is -1 for anything else. */
  control = -1;
  sequence = 0;
  acknowledgment = 0;

  /** {@link TUNNELLED} and {@link FRAGMENTED}; 0 for most frames. */
  special = 0;
  /** Packets around the innermost one. */
  tunnels = 0;
  /** What dissectors told of the outermost packet, when there are tunnels. */
  readonly outer = new PacketFacts();
  /** Network layer of the packet that the outermost one carries. */
  tunnelledLayer = -1;
  /** Packets that are fragments, outermost first; only the last one can be a later fragment. */
  fragmentCount = 0;
  /** Packets around the fragment. */
  readonly fragmentDepth = new Int32Array(MAXIMUM_FRAGMENTS);
  readonly fragmentLater = new Uint8Array(MAXIMUM_FRAGMENTS);
  readonly fragmentIdentification = new Int32Array(MAXIMUM_FRAGMENTS);
  /** Index of the network layer. */
  readonly fragmentLayer = new Int32Array(MAXIMUM_FRAGMENTS);
  readonly fragmentAddressAt = new Int32Array(MAXIMUM_FRAGMENTS);
  readonly fragmentAddressLength = new Int32Array(MAXIMUM_FRAGMENTS);
  readonly fragmentProtocol = new Int32Array(MAXIMUM_FRAGMENTS);

  // State of the walk, valid inside `dissect`.
  /** Index of the layer being dissected. */
  layer = -1;
  /** Readable end of the layer being dissected: contained and captured. */
  end = 0;
  /** While the items of a list are read: where the layer or item begins that the list stands in. */
  listAt = 0;
  #quoting = false;
  /** A fragment has been passed, of whatever packet. */
  #inFragment = false;
  #dispatch: Dispatch | undefined;
  readonly #pending: (Dissector | undefined)[] = new Array(MAXIMUM_PENDING).fill(undefined);
  readonly #pendingAt = new Int32Array(MAXIMUM_PENDING);
  readonly #pendingEnd = new Int32Array(MAXIMUM_PENDING);
  readonly #pendingParent = new Int32Array(MAXIMUM_PENDING);
  readonly #pendingDecided = new Uint8Array(MAXIMUM_PENDING);
  readonly #pendingLimitedBy = new Int32Array(MAXIMUM_PENDING);
  #pendingCount = 0;
  // The only layer that waits, as nearly always: no detour through the columns above.
  #next: Dissector | undefined;
  #nextAt = 0;
  #nextEnd = 0;
  #nextParent = -1;
  #nextDecided = 0;
  #nextLimitedBy = -1;

  /** Forgets the last frame and takes up another. Used by the walk. */
  begin(dispatch: Dispatch, bytes: Uint8Array, start: number, captured: number, wire: number, linkType: number): void {
    const { lastLayer } = this;
    for (let i = this.layerCount - 1; i >= 0; i -= 1) lastLayer[this.layerId[i]!] = -1;
    this.#dispatch = dispatch;
    if (lastLayer.length < dispatch.dissectorIds) this.lastLayer = new Int32Array(dispatch.dissectorIds).fill(-1);
    this.bytes = bytes;
    this.start = start;
    this.capturedEnd = start + captured;
    this.wireEnd = start + Math.min(wire, MAXIMUM_WIRE);
    this.linkType = linkType;
    this.layerCount = 0;
    this.anomalyCount = 0;
    this.anomaliesLost = 0;
    this.networkLayer = -1;
    this.addressLength = 0;
    this.protocol = -1;
    this.laterFragment = false;
    this.fragmented = false;
    this.transportLayer = -1;
    this.portKind = PORTS_NONE;
    this.payloadAt = -1;
    this.payloadEnd = 0;
    this.control = -1;
    this.special = 0;
    this.tunnels = 0;
    this.fragmentCount = 0;
    this.layer = -1;
    this.end = Math.min(this.capturedEnd, this.wireEnd);
    this.#quoting = false;
    this.#inFragment = false;
    this.#pendingCount = 0;
    this.#next = undefined;
  }

  // For dissectors ------------------------------------------------------------------------------------------------

  /** Contained end of the layer being dissected, captured or not. */
  get contained(): number {
    return this.layerEnd[this.layer]!;
  }

  /** Bytes that can be read from `at` in this layer. */
  available(at: number): number {
    return this.end > at ? this.end - at : 0;
  }

  /**
   * States where this layer ends by its own length field: padding behind it is not payload. An end beyond what contains
   * the layer changes nothing, and is an anomaly unless a fragment carries less than the whole by nature.
   */
  limit(end: number, field: Field): void {
    const { layer } = this;
    const contained = this.layerEnd[layer]!;
    if (end > contained) {
      const at = this.layerOffset[layer]!;
      if (!this.#quoting && !this.#inFragment)
        this.anomaly(LENGTH_EXCEEDS, at + Math.max(field.offset, 0), end - at, contained - at);
      return;
    }
    this.layerEnd[layer] = end;
    this.layerLimitedBy[layer] = layer;
    if (end < this.end) this.end = end;
  }

  /**
   * Hands the bytes from `at` on to the dissector that claims `number` in `table`, to run after this one, as far as
   * `end`. False when nobody does, or the one who does refuses them.
   */
  next(table: Table, number: number, at: number, end: number = this.layerEnd[this.layer]!): boolean {
    const claimed = this.#dispatch!.tables[table.id];
    if (claimed === undefined) return false;
    const child = claimed.at(number);
    if (child === undefined) return false;
    return this.#push(child, at, end, claimed.isDecodedAs(number) ? 1 : 0);
  }

  /** Hands the bytes from `at` on to the first dissector with a heuristic in `table` that recognises them. */
  guess(table: Table, at: number, end: number = this.layerEnd[this.layer]!): boolean {
    const claimed = this.#dispatch!.tables[table.id];
    if (claimed === undefined) return false;
    for (const child of claimed.guesses) if (this.#push(child, at, end, 2)) return true;
    return false;
  }

  /**
   * Hands the bytes from `at` on by one of two numbers, as ports are: to what the configuration decodes either as, else
   * to who claims the lower one, else the higher one, else to who recognises the bytes.
   */
  either(table: Table, one: number, other: number, at: number): boolean {
    const claimed = this.#dispatch!.tables[table.id];
    if (claimed === undefined) return false;
    const low = Math.min(one, other);
    const high = Math.max(one, other);
    if (!claimed.isDecodedAs(low) && claimed.isDecodedAs(high) && this.next(table, high, at)) return true;
    return this.next(table, low, at) || (low !== high && this.next(table, high, at)) || this.guess(table, at);
  }

  #push(child: Dissector, at: number, end: number, decidedBy: number): boolean {
    const { layer } = this;
    if (child.accept !== undefined) {
      const readable = Math.min(end, this.capturedEnd);
      if (at > readable || !child.accept(this.bytes, at, readable, this)) return false;
    }
    if (this.#next !== undefined) this.#spill(this.#next);
    if (this.#pendingCount >= MAXIMUM_PENDING) return false;
    this.#next = child;
    this.#nextAt = at;
    this.#nextEnd = end;
    this.#nextParent = layer;
    this.#nextDecided = decidedBy;
    this.#nextLimitedBy = -1;
    if (layer >= 0) {
      this.#nextLimitedBy = end < this.layerEnd[layer]! ? layer : this.layerLimitedBy[layer]!;
      if (this.layerPayload[layer]! < 0) this.layerPayload[layer] = at;
    }
    return true;
  }

  /** Puts the only waiting layer in line with others. */
  #spill(next: Dissector): void {
    const place = this.#pendingCount;
    if (place >= MAXIMUM_PENDING) return;
    this.#pending[place] = next;
    this.#pendingAt[place] = this.#nextAt;
    this.#pendingEnd[place] = this.#nextEnd;
    this.#pendingParent[place] = this.#nextParent;
    this.#pendingDecided[place] = this.#nextDecided;
    this.#pendingLimitedBy[place] = this.#nextLimitedBy;
    this.#pendingCount = place + 1;
    this.#next = undefined;
  }

  /** From here on, what follows this layer is a quoted packet: an ICMP error's. */
  quote(): void {
    this.#quoting = true;
  }

  /** Says that this layer holds two addresses one after the other, and which protocol begins where. */
  network(addressAt: number, addressLength: number, protocol: number, transportAt: number): void {
    this.layerPayload[this.layer] = transportAt;
    if (this.#quoting) return;
    if (this.networkLayer >= 0) this.#enterTunnel();
    this.networkLayer = this.layer;
    this.addressAt = addressAt;
    this.addressLength = addressLength;
    this.protocol = protocol;
    this.transportAt = transportAt;
    this.laterFragment = false;
    this.fragmented = false;
    this.transportLayer = -1;
    this.portKind = PORTS_NONE;
    this.payloadAt = transportAt;
    this.payloadEnd = this.layerEnd[this.layer]!;
    this.control = -1;
  }

  #enterTunnel(): void {
    if (this.tunnels === 0) {
      this.outer.copy(this);
      this.tunnelledLayer = this.layer;
    }
    this.tunnels += 1;
    this.special |= TUNNELLED;
  }

  /** Says that an extension header was passed: which protocol begins where now. */
  extend(protocol: number, transportAt: number): void {
    this.layerPayload[this.layer] = transportAt;
    if (this.#quoting) return;
    this.protocol = protocol;
    this.transportAt = transportAt;
    this.payloadAt = transportAt;
  }

  /**
   * Says that the packet is a fragment, the first one or a later one.
   * @param identification what all fragments of one packet have in common; without it they cannot be joined
   */
  fragment(later: boolean, identification?: number): void {
    if (this.#quoting) return;
    this.#inFragment = true;
    this.fragmented = true;
    this.laterFragment = later;
    const place = this.fragmentCount;
    if (identification === undefined || place >= MAXIMUM_FRAGMENTS) return;
    this.special |= FRAGMENTED;
    this.fragmentDepth[place] = this.tunnels;
    this.fragmentLater[place] = later ? 1 : 0;
    this.fragmentIdentification[place] = identification;
    this.fragmentLayer[place] = this.networkLayer;
    this.fragmentAddressAt[place] = this.addressAt;
    this.fragmentAddressLength[place] = this.addressLength;
    this.fragmentProtocol[place] = this.protocol;
    this.fragmentCount = place + 1;
  }

  /** Says which ports this layer has. */
  ports(source: number, destination: number): void {
    if (this.#quoting) return;
    this.transportLayer = this.layer;
    this.portKind = PORTS;
    this.sourcePort = source;
    this.destinationPort = destination;
  }

  /** Says that this layer is a message with type and code; `mate` is the type of its counterpart, -1 for one-way types. */
  exchange(type: number, code: number, mate: number): void {
    if (this.#quoting) return;
    this.transportLayer = this.layer;
    this.portKind = mate < 0 ? ONE_WAY : EXCHANGE;
    this.sourcePort = type;
    this.destinationPort = code;
    this.mate = mate;
  }

  /** Says where the transport payload lies; -1 as place when the header's end was not captured. */
  payload(at: number, end: number = this.layerEnd[this.layer]!): void {
    if (at >= 0) this.layerPayload[this.layer] = at;
    if (this.#quoting) return;
    this.payloadAt = at;
    this.payloadEnd = Math.max(end, at);
  }

  /** Says what a stream transport states: flags (FIN 1, SYN 2, RST 4, PSH 8, ACK 16) and numbers. */
  stream(control: number, sequence: number, acknowledgment: number): void {
    if (this.#quoting) return;
    this.control = control;
    this.sequence = sequence;
    this.acknowledgment = acknowledgment;
  }

  /** Records that a value contradicts the protocol: the bytes it needed and those there were, or the values themselves. */
  malformed(field: Field, needed = -1, available = -1): void {
    this.anomaly(MALFORMED, this.layerOffset[this.layer]! + Math.max(field.offset, 0), needed, available);
  }

  /**
   * Records that bytes of this layer from `at` are missing: `truncated` when the capture cut them, `malformed` when the
   * headers did. The layer is partial then. A quoted packet is cut by custom (RFC 792, RFC 4443), which is no anomaly.
   */
  short(at: number, needed: number): void {
    this.layerFlags[this.layer]! |= PARTIAL;
    if (!this.#quoting)
      this.anomaly(at + needed <= this.layerEnd[this.layer]! ? TRUNCATED : MALFORMED, at, needed, this.available(at));
  }

  /** Records an anomaly at a place in `bytes`. */
  anomaly(code: number, at: number, needed = -1, available = -1): void {
    const place = this.anomalyCount;
    if (place >= MAXIMUM_ANOMALIES) {
      this.anomaliesLost += 1;
      return;
    }
    this.anomalyCodes[place] = code;
    this.anomalyLayer[place] = this.layer;
    this.anomalyOffset[place] = at;
    this.anomalyNeeded[place] = needed;
    this.anomalyAvailable[place] = available;
    this.anomalyCount = place + 1;
  }

  // For the walk --------------------------------------------------------------------------------------------------

  /** Where dissectors of these layers stand: index into {@link LEVELS} by dissector id. */
  get levels(): Uint8Array {
    return this.#dispatch!.levels;
  }

  /** By dissector id of a tunnel's header: the field with the tunnel's id. */
  get tunnelIds(): readonly (Field | undefined)[] {
    return this.#dispatch!.tunnelIds;
  }

  /** Layers that wait in line, behind the next one. */
  get waiting(): number {
    return this.#pendingCount;
  }

  /** True when another layer follows. */
  get more(): boolean {
    return this.#next !== undefined || this.#pendingCount > 0;
  }

  /**
   * Siblings pushed by one `dissect` stand in line from `place`, in wire order, but for the last, which is next: puts
   * them so that the first of them runs first.
   */
  arrange(place: number): void {
    this.#spill(this.#next!);
    this.#reverseFrom(place);
  }

  /** Takes up the layer that is next from the line. */
  #take(): Dissector {
    const place = this.#pendingCount - 1;
    this.#pendingCount = place;
    this.#nextAt = this.#pendingAt[place]!;
    this.#nextEnd = this.#pendingEnd[place]!;
    this.#nextParent = this.#pendingParent[place]!;
    this.#nextDecided = this.#pendingDecided[place]!;
    this.#nextLimitedBy = this.#pendingLimitedBy[place]!;
    return this.#pending[place]!;
  }

  /** Records the layer that is next; undefined when it is only partly there. */
  enter(): Dissector | undefined {
    const dissector = this.#next ?? this.#take();
    this.#next = undefined;
    const at = this.#nextAt;
    const end = this.#nextEnd;
    const index = this.layerCount;
    this.layerCount = index + 1;
    const { id } = dissector;
    // A packet is quoted once the layer that quotes it has said so; siblings of the quoting layer do not occur.
    const quoted = this.#quoting;
    this.layerId[index] = id;
    this.layerOffset[index] = at;
    this.layerEnd[index] = end;
    this.layerLimitedBy[index] = this.#nextLimitedBy;
    this.layerParent[index] = this.#nextParent;
    this.layerDecidedBy[index] = this.#nextDecided;
    this.layerPayload[index] = -1;
    if (!quoted) this.lastLayer[id] = index;
    this.layer = index;
    this.end = Math.min(end, this.capturedEnd);
    this.layerFlags[index] = quoted ? QUOTED : 0;
    const { minimum } = dissector;
    if (minimum > 0 && at + minimum > this.end) {
      this.short(at, minimum);
      return undefined;
    }
    return dissector;
  }

  #reverseFrom(place: number): void {
    for (let low = place, high = this.#pendingCount - 1; low < high; low += 1, high -= 1) {
      const dissector = this.#pending[low];
      this.#pending[low] = this.#pending[high];
      this.#pending[high] = dissector;
      for (const column of [
        this.#pendingAt,
        this.#pendingEnd,
        this.#pendingParent,
        this.#pendingLimitedBy,
        this.#pendingDecided,
      ]) {
        const value = column[low]!;
        column[low] = column[high]!;
        column[high] = value;
      }
    }
  }
}
