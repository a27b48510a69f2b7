import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accuracyOf, areaUnder, readClassification, readSlices, scalarsOf } from './classification.ts';
import { columnStatistics } from './column-statistics.ts';
import { parseCsv } from './csv.ts';
import { formatNumber, niceTicks } from './axis.ts';
import { jsonTable } from './json-table.ts';
import { parseMarkdown } from './markdown.ts';
import { previewKind, type PreviewKind } from './preview-kind.ts';

const WHOLE = { maxRows: 100, isWhole: true };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const CSV_ROWS: readonly [title: string, text: string, header: readonly string[], rows: readonly (readonly string[])[]][] = [
  [
    'plain',
    'a,b\n1,2\n3,4\n',
    ['a', 'b'],
    [
      ['1', '2'],
      ['3', '4'],
    ],
  ],
  ['quotes with separators, quotes and line breaks in them', 'a,b\n"x, ""y""\nz",2', ['a', 'b'], [['x, "y"\nz', '2']]],
  ['tabs and lines of Windows', 'a\tb\r\n1\t2\r\n', ['a', 'b'], [['1', '2']]],
  ['semicolons, a byte order mark, an empty cell', '\ufeffa;b\n;2\n', ['a', 'b'], [['', '2']]],
];
for (const [title, text, header, rows] of CSV_ROWS) {
  test(`CSV: ${title}`, () => assert.deepEqual(parseCsv(text, WHOLE), { header, rows, isCut: false }));
}

test('CSV: of a text that was cut the last row is left out', () => {
  const table = parseCsv('a,b\n1,2\n3,', { maxRows: 100, isWhole: false });
  assert.deepEqual([table.rows, table.isCut], [[['1', '2']], true]);
  assert.equal(parseCsv('a\n1\n2\n3\n', { maxRows: 2, isWhole: true }).rows.length, 2);
});

test('a column of numbers has a mean and a histogram, one of words its most frequent', () => {
  const numbers = columnStatistics(['1', '2', '3', '', 'NaN']);
  assert.ok(numbers.kind === 'number');
  assert.deepEqual([numbers.mean, numbers.least, numbers.most, numbers.missing], [2, 1, 3, 2]);
  assert.equal(
    numbers.histogram.reduce((sum, count) => sum + count),
    3,
  );
  const words = columnStatistics(['a', 'b', 'a']);
  assert.ok(words.kind === 'text');
  assert.deepEqual([words.distinct, words.top[0]], [2, { value: 'a', count: 2 }]);
  assert.equal(columnStatistics([null, '']).kind, 'empty');
});

test('JSON that is a table is shown as one', () => {
  const rows = [
    [1, 'x'],
    [2, null],
  ];
  for (const text of ['[{"a":1,"b":"x"},{"a":2}]', '{"a":1,"b":"x"}\n{"a":2}\n', '{"a":[1,2],"b":["x",null]}']) {
    const table = jsonTable(text, WHOLE);
    assert.deepEqual([table?.header, table?.rows], [['a', 'b'], rows], text);
  }
  assert.equal(jsonTable('{"features":["a"],"rows":[{"a":1},{"a":2}]}', WHOLE)?.rowCount, 2);
  for (const text of ['[1,2]', '{"a":1}', 'not json', '']) assert.equal(jsonTable(text, WHOLE), undefined, text);
});

const METRICS = {
  confidenceMetrics: [
    { confidenceThreshold: 0.5, recall: 1, falsePositiveRate: 0.5 },
    { confidenceThreshold: 0.9, recall: 0.5, falsePositiveRate: 0 },
  ],
  confusionMatrix: {
    annotationSpecs: [{ displayName: 'cat' }, { displayName: 'dog' }],
    rows: [{ row: [8, 2] }, { row: [1, 9] }],
  },
};

test('classification metrics are read as the SDK writes them and as the reference server keeps them', () => {
  const wrapped = {
    confidenceMetrics: { list: METRICS.confidenceMetrics },
    confusionMatrix: { struct: METRICS.confusionMatrix },
  };
  for (const metadata of [METRICS, wrapped]) {
    const { roc, confusion } = readClassification(metadata);
    assert.deepEqual(
      roc.map(({ threshold }) => threshold),
      [0.9, 0.5],
    );
    assert.equal(areaUnder(roc), 0.875);
    assert.deepEqual(confusion!.labels, ['cat', 'dog']);
    assert.equal(accuracyOf(confusion!), 0.85);
  }
  assert.deepEqual(readClassification({}), { roc: [], confusion: undefined });
});

test('sliced metrics are one classification for each slice', () => {
  const slices = readSlices({ evaluationSlices: [{ slice: 'country=DE', sliceClassificationMetrics: METRICS }] });
  assert.deepEqual(
    slices.map(({ name, roc }) => [name, roc.length]),
    [['country=DE', 2]],
  );
});

test('scalar metrics are the plain values of the metadata', () => {
  assert.deepEqual(scalarsOf({ accuracy: 0.9, note: 'ok', list: [1] }), [
    { name: 'accuracy', value: 0.9 },
    { name: 'note', value: 'ok' },
  ]);
});

test('Markdown becomes headings, lists, tables, code and emphasis', () => {
  const blocks = parseMarkdown(
    '# Title\n\nSome **bold** and `code`.\n\n- one\n- two\n  more\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```py\nx = 1\n```',
  );
  assert.deepEqual(
    blocks.map(({ kind }) => kind),
    ['heading', 'paragraph', 'list', 'table', 'code'],
  );
  assert.deepEqual(blocks[1], {
    kind: 'paragraph',
    text: [
      { kind: 'text', text: 'Some ' },
      { kind: 'strong', parts: [{ kind: 'text', text: 'bold' }] },
      { kind: 'text', text: ' and ' },
      { kind: 'code', text: 'code' },
      { kind: 'text', text: '.' },
    ],
  });
});

test('Markdown cannot bring scripts or call foreign servers', () => {
  assert.deepEqual(parseMarkdown('[x](javascript:alert(1))')[0], {
    kind: 'paragraph',
    text: [
      { kind: 'text', text: 'x' },
      { kind: 'text', text: ')' },
    ],
  });
  assert.deepEqual(parseMarkdown('![x](https://example.org/a.png)')[0], {
    kind: 'paragraph',
    text: [{ kind: 'image', text: 'x', source: '' }],
  });
  assert.deepEqual(parseMarkdown('<script>alert(1)</script>')[0], {
    kind: 'paragraph',
    text: [{ kind: 'text', text: '<script>alert(1)</script>' }],
  });
});

const KINDS: readonly [name: string, type: string, head: Uint8Array, kind: PreviewKind][] = [
  ['data.csv', 'system.Dataset', bytes(''), 'csv'],
  ['data', 'system.Dataset', bytes('a,b\n1,2\n'), 'csv'],
  ['data', 'system.Artifact', bytes('{"a":1}'), 'json'],
  ['report', 'system.HTML', bytes('<b>x'), 'html'],
  ['report', 'system.Markdown', bytes('# x'), 'markdown'],
  ['data', 'system.Dataset', bytes('PAR1....'), 'parquet'],
  ['plot', 'system.Artifact', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'image'],
  ['model', 'system.Model', Uint8Array.of(0x80, 0x04, 0x95, 0), 'binary'],
  ['notes', 'system.Artifact', bytes('hello\nworld, I am text'), 'text'],
];
for (const [name, type, head, kind] of KINDS)
  test(`${name} of type ${type} is shown as ${kind}`, () => assert.equal(previewKind(name, type, head), kind));

test('axes are marked at round numbers', () => {
  assert.deepEqual(niceTicks(0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(niceTicks(3, 47), [10, 20, 30, 40]);
  assert.deepEqual(
    [formatNumber(0.123456), formatNumber(1234567), formatNumber(0.00001234)],
    ['0.1235', '1,234,567', '1.234e-5'],
  );
});
