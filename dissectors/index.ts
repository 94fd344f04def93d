/** Every dissector of the package. @module */
import type { Dissector } from '../core/declare/dissector.ts';
import { applications } from './applications.ts';
import { carriers } from './carriers.ts';

export const dissectors: readonly Dissector[] = [...carriers, ...applications];
