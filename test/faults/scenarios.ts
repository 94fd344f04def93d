import { killWhileRotating } from './kill-while-rotating.ts';
import { killWithStores } from './kill-with-stores.ts';
import type { Scenario } from './scenario.ts';
import { storeAway } from './store-away.ts';
import { terminateAnywhere } from './terminate.ts';

/** Everything that goes wrong at random moments. */
export const scenarios: readonly Scenario[] = [killWhileRotating, killWithStores, storeAway, terminateAnywhere];
