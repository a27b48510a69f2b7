import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ComponentStore } from '../../src/components/component-store.ts';
import { cliWorld } from '../support/run-cli.ts';

const COMPONENT = 'name: Greet\nimplementation:\n  container:\n    image: alpine\n    command: [echo, hello]\n';

test('a folder of components is served at plain URLs until Ctrl-C, and a ComponentStore loads from it', async () => {
  await using world = await cliWorld();
  await world.write('component.yaml', COMPONENT);
  let loaded: Promise<string> | undefined;
  const result = await world.run(['component', 'serve', world.folder, '--port', '0'], {
    onOutput: (text, signal) => {
      const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(text)?.[0];
      if (url === undefined || loaded) return;
      loaded = fetch(`${url}component.yaml`)
        .then(async (response) => {
          const other = await fetch(`${url}../../etc/passwd`);
          const component = await new ComponentStore({}).loadComponentFromUrl(`${url}component.yaml`);
          return `${response.status} ${other.status} ${component.name}`;
        })
        .finally(() => signal('SIGINT'));
    },
  });
  assert.equal(await loaded, '200 404 Greet');
  assert.match(result.stdout, /^1 component of /);
  assert.equal(result.exitCode, 0);
});

test('component build writes what an image is built from, and says what is next', async () => {
  await using world = await cliWorld();
  await world.write(
    'train.py',
    'from kfp import dsl\n\n@dsl.component(target_image="registry/train:1")\ndef train(n: int = 3) -> str:\n    return str(n)\n',
  );
  const result = await world.run(['component', 'build', world.folder, '--no-build-image']);
  assert.equal(result.exitCode, 0, result.stderr);
  assert.match(
    result.stdout,
    /Dockerfile\n[\s\S]*component\.yaml\n1 component \(train\)\nnext: docker build -t registry\/train:1/,
  );
  const missing = await world.run(['component', 'build', `${world.folder}/nowhere`]);
  assert.equal(missing.exitCode, 2);
  assert.match(missing.stderr, /there is no folder .*nowhere/);
});
