// npm run faults -- --runs 200: kill -9 and other faults at random moments, on dist/.
import { createJiti } from 'jiti';

await createJiti(import.meta.url, { fsCache: false }).import('./main.ts');
