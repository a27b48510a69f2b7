import type { ParityGroup } from './parity.ts';

/** The page that shows both SDKs side by side, as Markdown. */
export function parityPage(groups: readonly ParityGroup[]): string {
  const sections = groups.map(({ title, rows }) => {
    const lines = rows.map(
      ({ python, here, note = '' }) => `| ${code(python)} | ${here === '–' ? here : code(here)} | ${note} |`,
    );
    return [`## ${title}`, '', '| Python | TypeScript | |', '|---|---|---|', ...lines, ''].join('\n');
  });
  return [
    '# The Python SDK and ours, side by side',
    '',
    'Everything `kfp.dsl` and `kfp.kubernetes` 2.17 offer, and what stands for it in TypeScript. The page is made from',
    '`src/sdk/parity.ts` by `node scripts/write-parity-page.ts`; a test checks that each counterpart exists.',
    '',
    ...sections,
  ].join('\n');
}

function code(text: string): string {
  const escaped = text.replaceAll('|', '\\|');
  return text.includes('`') ? `\`\` ${escaped} \`\`` : `\`${escaped}\``;
}
