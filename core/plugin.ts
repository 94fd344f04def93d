/** What plugin authors import: `packetloom/plugin`. @module */
export {
  type Aggregate,
  type AggregateDeclaration,
  type Choice,
  defineAggregate,
  defineObjectState,
  defineState,
  fromObject,
  fromState,
  type Literal,
  type ObjectState,
  type State,
} from './declare/aggregate.ts';
export {
  type Analysis,
  type AnalysisDeclaration,
  type AnalysisValue,
  defineAnalysis,
} from './declare/analysis.ts';
export { type Dissector, type DissectorDeclaration, defineDissector } from './declare/dissector.ts';
export {
  type CodeFeature,
  defineFeature,
  defineObjectFeature,
  definePreset,
  type ExpressionFeature,
  type Feature,
  type FeatureState,
  type ObjectFeature,
  type Preset,
} from './declare/feature.ts';
export type { Display, Field, FieldOptions, Fields, FieldType, Locate, Repeated, When } from './declare/field.ts';
export {
  defineImitation,
  type ImitatedFlow,
  type ImitatedValue,
  type Imitation,
  type ImitationRun,
  type ImitationSetup,
  JOIN,
  LEAVE_OUT,
} from './declare/imitation.ts';
export * from './declare/kinds.ts';
export { definePlugin, type Plugin } from './declare/plugin.ts';
export { defineSink, type RowWriter, type Sink, type SinkContext, type SinkState } from './declare/sink.ts';
export {
  defineSource,
  type FrameReader,
  type Source,
  type SourceOptions,
  type SourceStatistics,
} from './declare/source.ts';
export { type Claim, defineTable, type Table, tableNamed } from './declare/table.ts';
export type { ValueType } from './declare/value-type.ts';
export { PacketloomError } from './errors.ts';
export { type Column, RowBatch } from './flow/rows.ts';
export { anomalyCode } from './frame/anomaly.ts';
export { FrameBatch } from './frame/batch.ts';
export type { Frame } from './frame/frame.ts';
export { rowTexts } from './output/row-objects.ts';
