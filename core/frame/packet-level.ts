import { LEVELS } from './dispatch.ts';
import { type Frame, PORTS_NONE, QUOTED } from './frame.ts';
import { numberIn } from './values.ts';

const LINK_LEVEL = LEVELS.indexOf('link');
const NETWORK_LEVEL = LEVELS.indexOf('network');
const TRANSPORT_LEVEL = LEVELS.indexOf('transport');

/** True for the layers of a packet's own headers: network (with extension headers) and transport. */
const ofPacket = (level: number): boolean => level === NETWORK_LEVEL || level === TRANSPORT_LEVEL;

/**
 * Makes a frame with tunnels speak of its innermost packet: fields without qualifier are no longer those of the packets
 * around it. Links and tunnels around it stay, so that `vlan.id` and `vxlan.vni` are known of what they carry.
 */
export function showInnermost(frame: Frame): void {
  const { lastLayer, layerId, levels, networkLayer } = frame;
  for (let layer = 0; layer < networkLayer; layer += 1) {
    const id = layerId[layer]!;
    if (lastLayer[id] === layer && ofPacket(levels[id]!)) lastLayer[id] = -1;
  }
}

/** Makes a frame with tunnels speak of its outermost packet, as if it ended with the tunnel's header. */
export function showOutermost(frame: Frame): void {
  const { lastLayer, layerId, layerFlags, levels, layerParent, tunnelledLayer } = frame;
  let inside = tunnelledLayer;
  for (let layer = layerParent[inside]!; layer >= 0 && levels[layerId[layer]!] === LINK_LEVEL; ) {
    inside = layer;
    layer = layerParent[layer]!;
  }
  for (let layer = 0; layer < frame.layerCount; layer += 1) lastLayer[layerId[layer]!] = -1;
  for (let layer = 0; layer < inside; layer += 1)
    if ((layerFlags[layer]! & QUOTED) === 0) lastLayer[layerId[layer]!] = layer;
  frame.outer.restore(frame);
}

/**
 * Makes a frame speak of itself and its links only: it carries a later fragment of a packet in which the flow's packets
 * lie, and none of its headers are theirs.
 */
export function showFrameOnly(frame: Frame): void {
  const { lastLayer, layerId, levels } = frame;
  for (let layer = 0; layer < frame.layerCount; layer += 1)
    if (ofPacket(levels[layerId[layer]!]!)) lastLayer[layerId[layer]!] = -1;
  frame.networkLayer = -1;
  frame.addressLength = 0;
  frame.protocol = -1;
  frame.portKind = PORTS_NONE;
  frame.transportLayer = -1;
  frame.payloadAt = -1;
  frame.control = -1;
}

/** The layer that carries the packet of a network layer: the tunnel's header, or the packet around it (IP in IP); -1 for none. */
export function carrierLayer(frame: Frame, network: number = frame.networkLayer): number {
  if (frame.tunnels === 0 || network < frame.tunnelledLayer) return -1;
  const { layerId, layerParent, levels } = frame;
  let layer = layerParent[network]!;
  while (layer >= 0 && levels[layerId[layer]!] === LINK_LEVEL) layer = layerParent[layer]!;
  return layer;
}

/** The tunnel's header around the packet of a network layer, as the index of its layer; -1 for none (IP in IP). */
export function tunnelLayer(frame: Frame, network: number = frame.networkLayer): number {
  const layer = carrierLayer(frame, network);
  return layer < 0 || ofPacket(frame.levels[frame.layerId[layer]!]!) ? -1 : layer;
}

/** The id of a tunnel from its header, where it is the same in both directions; NaN where it is not, or is absent. */
export function tunnelIdOf(frame: Frame, layer: number): number {
  const field = layer < 0 ? undefined : frame.tunnelIds[frame.layerId[layer]!];
  return field === undefined ? Number.NaN : numberIn(field, [], frame, layer);
}
