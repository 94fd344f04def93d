/** Frames for tests, built by layers. @module */
export { buildFrame, type Layer, type Part } from './build/layer.ts';
export { ethernet, tag } from './build/link.ts';
export { extension, ipv4, ipv6 } from './build/network.ts';
export { message, tcp, udp } from './build/transport.ts';
