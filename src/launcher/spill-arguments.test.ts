import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { MAX_ARGUMENT_BYTES, spillArguments, tooLongArgument } from './spill-arguments.ts';

const LONG = `${'long "$0" \\ \n'.repeat(20_000)}\n\n`;

function check(argv: readonly string[], expected: string): void {
  const folder = mkdtempSync(join(tmpdir(), "pipewright-it's-"));
  try {
    const spilled = spillArguments([...argv, join(folder, 'result')], folder);
    assert.equal(tooLongArgument(spilled.argv), undefined);
    for (const [file, content] of Object.entries(spilled.files)) writeFileSync(file, content);
    execFileSync(spilled.argv[0]!, spilled.argv.slice(1));
    assert.equal(readFileSync(join(folder, 'result'), 'utf8'), expected);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('short arguments stay what they are.', () => {
  const argv = ['sh', '-c', 'echo', 'x'.repeat(MAX_ARGUMENT_BYTES)];
  assert.equal(spillArguments(argv, '/nowhere').argv, argv);
});

test('a shell gets long code, a long $0 and long arguments.', () => {
  check(['sh', '-ec', 'printf %s "$1|$2|$3" > "$4"', 'name', 'a b', LONG, ''], `a b|${LONG}|`);
  check(['sh', '-e', '-c', 'printf %s "$0" > "$1"', LONG], LONG);
  check(['sh', '-c', `: ${'x'.repeat(200_000)}\nprintf %s "$0" > "$1"`, 'short'], 'short');
});

test('Python gets long code and long arguments.', () => {
  const code = 'import sys\ndef write():\n    open(sys.argv[-1], "w").write(sys.argv[0] + sys.argv[1] + __name__)\nwrite()';
  check(['python3', '-u', '-c', code, LONG], `-c${LONG}__main__`);
  check(['python3', '-c', `${code}\n#${'ä'.repeat(100_000)}`, 'short'], '-cshort__main__');
});

test('the runtime of the kfp SDK gets long arguments, which a shell could not hand on to it.', () => {
  const modules = mkdtempSync(join(tmpdir(), 'pipewright-kfp-'));
  mkdirSync(join(modules, 'kfp/dsl'), { recursive: true });
  const main = 'import sys\nopen(sys.argv[-1], "w", newline="").write(__name__ + "|".join(sys.argv[1:-1]))';
  writeFileSync(join(modules, 'kfp/dsl/executor_main.py'), main);
  const crlf = `${LONG}\r\n`;
  const script = `cd ${modules}\n_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main --name "$0" "$@"`;
  check(['sh', '-ec', script, 'short', '--input', crlf], `__main__--name|short|--input|${crlf}`);
  const { argv } = spillArguments(['python3', '-u', '-m', 'kfp.dsl.executor_main', '--input', crlf], '/nowhere');
  assert.deepEqual(
    [argv.slice(0, 3), argv.slice(4)],
    [
      ['python3', '-u', '-c'],
      ['--input', 'pipewright-argument:/nowhere/marked-1'],
    ],
  );
  rmSync(modules, { recursive: true });
});

test('what no file can be made of is told apart.', () => {
  const argv = ['cat', 'a', LONG];
  assert.equal(spillArguments(argv, '/nowhere').argv, argv);
  assert.deepEqual(tooLongArgument(argv), { position: 2, bytes: LONG.length });
});
