/**
 * Packetloom as a library: flows and frames of capture files as plain objects, and the parts they are made of.
 *
 * @example
 * import { flows } from 'packetloom';
 * for await (const flow of flows('x.pcap', { preset: 'basic' })) console.log(flow);
 *
 * @module
 */
export { definePlugin, type Plugin } from '../core/declare/plugin.ts';
export { createRegistry, type Registry } from '../core/declare/registry.ts';
export type { SourceStatistics } from '../core/declare/source.ts';
export { ERROR_CODES, type ErrorCode, PacketloomError } from '../core/errors.ts';
export { defaultFlowSettings, END_REASONS, type FlowSettings } from '../core/flow/settings.ts';
export type { DecodeAs } from '../core/frame/dispatch.ts';
export type { FlowRow, FlowValue, TimeForm } from '../core/output/row-objects.ts';
export type { Configuration, FeatureConfiguration, FlowConfiguration } from '../core/run/configuration.ts';
export type { FlowRun, RunResult } from '../core/run/flow-run.ts';
export { loadPlugin, loadPlugins, type PluginRequest } from '../core/run/load.ts';
export { runFlows } from '../core/run/pipeline.ts';
export { type Problem, problemsOf } from '../core/run/problem.ts';
export { configurationSchema } from '../core/run/schema.ts';
export { standard } from '../plugins/standard.ts';

export { type FlowsOptions, flows } from './library/flows.ts';
export { type FieldValue, FRAME_FIELDS, type FrameRow, type FramesOptions, frames } from './library/frames.ts';
export { fileSource, standardRegistry } from './library/registry.ts';
