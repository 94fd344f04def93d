import { argus } from './argus.ts';
import { ipfixprobe } from './ipfixprobe.ts';
import { ntlflowlyzer } from './ntlflowlyzer.ts';
import { cic, goFlows, nfs, yaf, zeek } from './others.ts';
import type { Tool } from './tool.ts';

/** The tools whose columns are told in ours, in the order of the page. */
export const TOOLS: readonly Tool[] = [cic, nfs, goFlows, ipfixprobe, yaf, zeek, argus, ntlflowlyzer];
