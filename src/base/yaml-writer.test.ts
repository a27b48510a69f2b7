import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonValue } from './json.ts';
import { writeYaml, YamlDouble } from './yaml-writer.ts';
import { readYaml } from './yaml.ts';

function readBack(text: string): JsonValue {
  const result = readYaml(text);
  assert.equal(result.kind, 'documents', `${JSON.stringify(result)}\n${text}`);
  return result.kind === 'documents' ? result.documents[0]!.value : null;
}

test('strings that YAML 1.1 or 1.2 would take for something else are quoted', () => {
  const words = 'yes off null ~ 1 1.0 .5 0777 0o17 0x1f 1e3 1_000 1:30 2024-01-01 = << .inf .NaN'.split(' ');
  for (const value of ['', ...words]) assert.match(writeYaml([value]), /^- (['"]).*\1\n$/, value);
});

test('strings that only look strange stay plain', () => {
  for (const value of ['hello world', 'a/b:c', 'gs://bucket/x', 'NaN', 'kfp==2.0.1'])
    assert.equal(writeYaml([value]), `- ${value}\n`);
});

test('numbers are written so that PyYAML reads numbers', () => {
  assert.equal(writeYaml([3, new YamlDouble(3), 1e21, 1.5e-7, -0]), '- 3\n- 3.0\n- 1.0e+21\n- 1.5e-7\n- -0.0\n');
});

test('lists stand at the indentation of their key, and keys are sorted on demand', () => {
  assert.equal(writeYaml({ b: ['x'], a: { c: 1 } }, { sortKeys: true }), 'a:\n  c: 1\nb:\n- x\n');
});

test('whatever is written reads back as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }), (value) => {
      // deepEqual cannot compare objects with a key __proto__.
      fc.pre(!JSON.stringify(value).includes('__proto__'));
      assert.deepEqual(readBack(writeYaml([value])), [value]);
    }),
    { numRuns: 300 },
  );
});
