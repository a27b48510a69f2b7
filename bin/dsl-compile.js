#!/usr/bin/env node
// `dsl-compile --ts|--py FILE --output OUT [--function NAME]`, as the kfp 1.x SDK has it: the same as `pipewright compile`.
// Like pipewright.js this stays within ES2020.
const RENAMED = { '--function': '--pipeline', '--ts': undefined, '--py': undefined };
const args = process.argv.slice(2).flatMap((argument) => {
  const [name, ...value] = argument.split('=');
  if (!(name in RENAMED)) return [argument];
  return [...(RENAMED[name] === undefined ? [] : [RENAMED[name]]), ...(value.length === 0 ? [] : [value.join('=')])];
});
process.argv.splice(2, process.argv.length, 'compile', ...args);
await import('./pipewright.js');
