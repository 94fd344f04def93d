// npm run docs: writes docs/reference/ from the declarations.
import { createJiti } from 'jiti';

await createJiti(import.meta.url, { fsCache: false }).import('./main.ts');
