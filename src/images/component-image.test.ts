import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withImage, withoutImage } from './component-image.ts';

const V1 = `# image: one
inputs:
- {name: image, default: one}
implementation: {container: {
  image: 'one', # why
  command: [image, one]}}
metadata: {annotations: {image: one}}
`;

const IR = `deploymentSpec:
  executors:
    exec-a: {container: {image: one, args: ['image: one']}}
    exec-b:
      container:
        image: other
`;

test('the image of a component is replaced, and nothing else', () => {
  assert.equal(withImage(V1, { from: 'whatever', to: 'r/one@sha256:1' }), V1.replace("'one', #", "'r/one@sha256:1', #"));
  assert.equal(withImage(IR, { from: 'one', to: 'two' }), IR.replace('image: one,', 'image: two,'));
});

test('a component without an image gets one; a file without a container has no place for it', () => {
  const text = 'implementation:\n  container:\n    command: [a]\n';
  assert.equal(
    withImage(text, { from: '', to: 'r/one:1' }),
    'implementation:\n  container:\n    image: r/one:1\n    command: [a]\n',
  );
  assert.equal(withImage('implementation: {graph: {}}\n', { from: '', to: 'x' }), undefined);
  assert.equal(withImage('a: [', { from: '', to: 'x' }), undefined);
});

test('files that differ only in their image are the same without it', () => {
  assert.equal(withoutImage(V1), withoutImage(withImage(V1, { from: 'one', to: 'two' })!));
  assert.equal(withoutImage(IR), withoutImage(withImage(IR, { from: 'one', to: 'two' })!));
  const without = 'implementation:\n  container:\n    command: [a]\n';
  assert.equal(withoutImage(without), withoutImage(withImage(without, { from: '', to: 'two' })!));
  const named = 'implementation: {container: {image: image}}\n';
  assert.equal(withoutImage(named), withoutImage(withImage(named, { from: 'image', to: 'two' })!));
  assert.notEqual(withoutImage(V1), withoutImage(V1.replace('why', 'how')));
});
