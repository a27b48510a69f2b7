/** `npm start`: the platform with its dashboard, kept up until Ctrl-C. Arguments are those of `pipewright up`. */
import { fileURLToPath } from 'node:url';
import { buildProgram } from '../src/cli/program.ts';
import { reportError } from '../src/cli/command-error.ts';
import { buildWeb } from './build-web.ts';

const { isNew, durationMs } = await buildWeb();
if (isNew) console.log(`Built the dashboard in ${(durationMs / 1000).toFixed(1)} s.`);
const data = fileURLToPath(new URL('../.pipewright', import.meta.url));
try {
  await buildProgram().parseAsync(['up', '--data', data, '--samples', ...process.argv.slice(2)], { from: 'user' });
} catch (error) {
  process.exitCode = reportError(error, { json: false });
}
