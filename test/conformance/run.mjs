// npm run conformance -- [captures or folders...]: every field shared with tshark, compared; on the sources.
import { createJiti } from 'jiti';

await createJiti(import.meta.url, { fsCache: false }).import('./main.ts');
