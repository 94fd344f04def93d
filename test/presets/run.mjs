// npm run presets -- [folders of expected rows]: presets against the rows of the tools they follow, on the sources.
import { createJiti } from 'jiti';

await createJiti(import.meta.url, { fsCache: false }).import('./main.ts');
