// npm run fuzz -- --seconds N: mutated frames of real captures against the contract of dissectors, on the sources.
import { createJiti } from 'jiti';

await createJiti(import.meta.url, { fsCache: false }).import('./main.ts');
