import type { Analysis } from '../../../core/declare/analysis.ts';
import { connectionAnalysis } from './connection.ts';
import { tcpAnalysis } from './tcp.ts';

/** Every analysis that comes with packetloom. */
export const analyses: readonly Analysis[] = [connectionAnalysis, tcpAnalysis];
