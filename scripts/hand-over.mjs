import { spawn } from 'node:child_process';

/** Runs a program in place of this process: same terminal, same exit code. */
export function handOver(program, args) {
  const child = spawn(program, args, { stdio: 'inherit' });
  // The child decides what a signal means, this process waits for it. A terminal sends Ctrl-C to both, so the child may get it
  // twice; who sends it to this process alone means the child as well.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`pipewright: cannot start ${program}: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
    process.exitCode = code === null ? 1 : code;
  });
}
