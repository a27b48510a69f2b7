/** `npm start`: says what there is, and runs the flagship example in the foreground (from the cache where it has run before). */
import { fileURLToPath } from 'node:url';
import { openPlatform } from '../src/start.ts';
import { runPenguins, showResult, style } from './penguins.ts';

console.log(style.strong('pipewright'));
console.log(
  'This version runs pipelines in the foreground: pipewright local FILE. A server with a dashboard is not part of it yet.',
);
console.log(style.dim('Here is the example pipeline (examples/penguins):\n'));

const platform = await openPlatform({ dataDir: fileURLToPath(new URL('../.pipewright', import.meta.url)) });
try {
  const run = await runPenguins(platform);
  if (run.state === 'SUCCEEDED') await showResult(platform, run);
  process.exitCode = run.state === 'SUCCEEDED' ? 0 : 1;
} finally {
  await platform.close({ cancelRunning: true });
}
console.log('\nYour own pipeline: bin/pipewright.js local FILE.yaml -p name=value   (bin/pipewright.js local --help)');
