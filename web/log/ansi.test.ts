import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAnsi, plainText, type Span } from './ansi.ts';

const E = '\u001b[';
const ROWS: readonly [title: string, line: string, spans: readonly Span[]][] = [
  ['plain text is one stretch', 'hello', [{ text: 'hello', style: {} }]],
  [
    'a colour lasts until it is reset',
    `${E}31mred${E}0m not`,
    [
      { text: 'red', style: { color: 1 } },
      { text: ' not', style: {} },
    ],
  ],
  ['bright colours and weight', `${E}1;92mok`, [{ text: 'ok', style: { isBold: true, color: 10 } }]],
  ['the cube of 256 colours', `${E}38;5;196mx`, [{ text: 'x', style: { color: 'rgb(255 0 0)' } }]],
  [
    'true colour behind another code',
    `${E}4;48;2;1;2;300mx`,
    [{ text: 'x', style: { isUnderlined: true, background: 'rgb(1 2 255)' } }],
  ],
  [
    'default colour',
    `${E}31ma${E}39mb`,
    [
      { text: 'a', style: { color: 1 } },
      { text: 'b', style: {} },
    ],
  ],
  [
    'a code without numbers is a reset',
    `${E}31ma${E}mb`,
    [
      { text: 'a', style: { color: 1 } },
      { text: 'b', style: {} },
    ],
  ],
  [
    'cursor movements and titles are dropped',
    `${E}2Ka${E}1A\u001b]0;title\u0007b`,
    [
      { text: 'a', style: {} },
      { text: 'b', style: {} },
    ],
  ],
  ['of a progress bar the last state is left', '10%\r50%\r100%', [{ text: '100%', style: {} }]],
  ['lines of Windows end without a trace', 'text\r', [{ text: 'text', style: {} }]],
];
for (const [title, line, spans] of ROWS) test(title, () => assert.deepEqual(parseAnsi(line).spans, spans));

test('a style goes on in the next line', () => {
  const { after } = parseAnsi(`${E}33mfirst`);
  assert.deepEqual(parseAnsi('second', after).spans, [{ text: 'second', style: { color: 3 } }]);
});

test('search sees the text without its colours', () => assert.equal(plainText(`${E}1mER${E}0mROR`), 'ERROR'));
