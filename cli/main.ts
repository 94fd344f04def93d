#!/usr/bin/env node
import { loadChunk } from './chunks.ts';
import { packageVersion } from './version.ts';

// The two commonest calls load nothing else.
const words = process.argv.slice(2);
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  process.stdout.write(`${packageVersion()}\n`);
} else {
  const { main } = loadChunk('program.cjs') as typeof import('./program.ts');
  await main(words);
}
