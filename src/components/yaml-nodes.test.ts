import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeValue, readYamlNodes, type YamlNode } from './yaml-nodes.ts';

function read(text: string): YamlNode {
  const { documents, problems } = readYamlNodes(text);
  assert.deepEqual(problems, []);
  return documents[0]!;
}

describe('scalars have the types PyYAML gives them', () => {
  const rows: readonly (readonly [source: string, type: string, text: string])[] = [
    ['5', 'integer', '5'],
    ['0o17', 'string', '0o17'],
    ['017', 'integer', '15'],
    ['0x1F', 'integer', '31'],
    ['1_000', 'integer', '1000'],
    ['1:30', 'integer', '90'],
    ['-12345678901234567890', 'integer', '-12345678901234567890'],
    ['5.0', 'float', '5.0'],
    ['1e3', 'string', '1e3'],
    ['1.0e+3', 'float', '1000.0'],
    ['.inf', 'float', 'inf'],
    ['.5', 'float', '0.5'],
    ['yes', 'boolean', 'True'],
    ['Off', 'boolean', 'False'],
    ['y', 'string', 'y'],
    ['~', 'null', 'None'],
    ['2020-01-02', 'timestamp', '2020-01-02'],
    ["'5'", 'string', '5'],
    ['!!str 5', 'string', '5'],
    ['!!float 5', 'float', '5.0'],
  ];
  for (const [source, type, text] of rows) {
    it(source, () => {
      const node = read(source);
      assert.deepEqual(node.kind === 'scalar' && [node.type, node.text], [type, text]);
    });
  }
});

describe('maps', () => {
  it('a key given twice keeps its place and takes the last value', () => {
    assert.deepEqual(Object.entries(nodeValue(read('a: 1\nb: 2\na: 3\n')) as object), [
      ['a', 3],
      ['b', 2],
    ]);
  });

  it('merged keys yield to those of the map, and earlier sources to none', () => {
    assert.deepEqual(nodeValue(read('x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz: {<<: [*x, *y], a: 9}\n')), {
      x: { a: 1, b: 1 },
      y: { b: 2, c: 2 },
      z: { a: 9, b: 1, c: 2 },
    });
  });

  it('lines are those of the file, also behind brackets that start too far left', () => {
    const node = read('a: [\n  1,\n]\nb:\n  c: [\n  x,\n  ]\n  d: 1\n');
    const b = node.kind === 'map' ? node.entries[1]!.value : node;
    assert.deepEqual(b.kind === 'map' && b.entries.map(({ key }) => key.line), [5, 8]);
  });
});

describe('what is no YAML is a problem with a line', () => {
  const rows: readonly (readonly [text: string, line: number])[] = [
    ['a: b: c\n', 1],
    ['a: *nothing\n', 1],
    ['a: 1\nb: !!python/object:os.system x\n', 2],
    ['a:\n  b: 1\n c: 2\n', 3],
    ['a: "x\n', 1],
  ];
  for (const [text, line] of rows) {
    it(JSON.stringify(text), () => {
      const { problems } = readYamlNodes(text);
      assert.equal(problems.length, 1);
      assert.equal(problems[0]!.line, line);
    });
  }
});
