import type { Source } from '../../core/declare/source.ts';
import { cap } from './cap.ts';
import { captureFile } from './capture-file.ts';
import { dumpcap } from './dumpcap.ts';
import { folder } from './folder.ts';
import { tcpdump } from './tcpdump.ts';

/** Inputs that come with Packetloom; of the live ones the first that can be used is the default. */
export const sources: readonly Source[] = [captureFile, folder, dumpcap, tcpdump, cap];
