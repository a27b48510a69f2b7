import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowColumns } from './row-columns.ts';

interface Lamp {
  readonly lampId: string;
  readonly watts: number | null;
  readonly isOn: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

const lamps = rowColumns<Lamp>({ lampId: 'lamp_id', watts: 'watts', isOn: { flag: 'is_on' }, tags: { json: 'labels' } });
const lamp: Lamp = { lampId: 'a', watts: null, isOn: false, tags: { room: 'hall' } };

test('a row has its columns in the order of the table, with JSON as text and flags as numbers', () => {
  const record = lamps.toRecord(lamp);
  assert.deepEqual(Object.entries(record), [
    ['lamp_id', 'a'],
    ['watts', null],
    ['is_on', 0],
    ['labels', '{"room":"hall"}'],
  ]);
});

test('a record is read as the row that was written, whatever other columns it has', () => {
  assert.deepEqual(lamps.toRow({ ...lamps.toRecord({ ...lamp, isOn: true }), other: 1 }), { ...lamp, isOn: true });
});
