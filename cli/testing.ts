/**
 * What tests of plugins import: `packetloom/testing`. Frames built by layers, hex dumps laid out by layer, dissected
 * frames as plain objects, and the contract suite of dissectors.
 *
 * @module
 */
export { loadPlugin } from '../core/run/load.ts';
export * from '../core/testing.ts';
export * from '../dissectors/build.ts';
export { standardRegistry } from './library/registry.ts';
