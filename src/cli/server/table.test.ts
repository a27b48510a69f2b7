import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainStyle } from '../style.ts';
import { renderFields, renderTable } from './table.ts';

test('columns are as wide as their longest cell, and the last one is not padded', () => {
  const lines = renderTable(
    ['ID', 'NAME'],
    [
      ['1', 'long name'],
      ['1000', 'x'],
    ],
    plainStyle,
  );
  assert.deepEqual(lines, ['ID    NAME', '1     long name', '1000  x']);
});

test('a line end in a cell does not break the table', () => {
  assert.deepEqual(renderTable(['A', 'B'], [['x\ny', '']], plainStyle), ['A    B', 'x y']);
});

test('fields of one thing are aligned, and empty ones are left out', () => {
  const lines = renderFields(
    [
      ['NAME', 'x'],
      ['DESCRIPTION', ''],
      ['ERROR', 'one\ntwo'],
    ],
    plainStyle,
  );
  assert.deepEqual(lines, ['NAME   x', 'ERROR  one\n       two']);
});
