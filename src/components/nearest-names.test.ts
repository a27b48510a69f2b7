import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { editDistance, nearestNames } from './nearest-names.ts';
import { MAX_SPELLING_GUESSES, otherSpellings, spellingKey } from './name-spellings.ts';

describe('how far names are apart', () => {
  const rows: readonly (readonly [string, string, number])[] = [
    ['train', 'train', 0],
    ['train', 'tran', 1],
    ['train', 'trian', 1],
    ['train', 'brains', 2],
    ['', 'abc', 3],
  ];
  for (const [left, right, distance] of rows) {
    it(`"${left}" and "${right}": ${distance}`, () => {
      assert.equal(editDistance(left, right), distance);
      assert.equal(editDistance(right, left), distance);
    });
  }

  it('the nearest come first, far ones not at all', () => {
    assert.deepEqual(nearestNames('tarin', ['evaluate', 'strain', 'train', 'tarin']), ['train', 'strain']);
  });
});

describe('spellings', () => {
  it('differ in lines and case only', () => assert.equal(spellingKey('ML-Engine/train'), spellingKey('ml_engine/train')));

  it('the likely ones come first, and there is an end to them', () => {
    assert.deepEqual(otherSpellings('ml-engine').slice(0, 2), ['ml_engine', 'mlengine']);
    assert.ok(otherSpellings('mlengine/train').includes('ml_engine/train'));
    assert.equal(otherSpellings('x'.repeat(500)).length, MAX_SPELLING_GUESSES);
  });
});
