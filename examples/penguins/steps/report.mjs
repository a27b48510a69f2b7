// One page for people: the verdict, how the candidates did, and which species is taken for which.
import { finish, parameters, writeArtifact } from './step.mjs';

const { verdict, ranking, species, matrix } = parameters;
const percent = (value) => `${(100 * value).toFixed(1)} %`;

const markdown = [
  '# Which penguin is it?',
  '',
  `**${verdict}**`,
  '',
  '| candidate | measurements | accuracy (5-fold) |',
  '|---|---|---|',
  ...ranking.map((row) => `| ${row.name} | ${row.features} | ${percent(row.accuracy)} |`),
  '',
  `| truth \\ guess | ${species.join(' | ')} |`,
  `|---|${species.map(() => '---|').join('')}`,
  ...matrix.map((row, index) => `| ${species[index]} | ${row.join(' | ')} |`),
  '',
];
writeArtifact('summary', markdown.join('\n'));

const escape = (text) => String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;');
const tableRow = (cells, tag = 'td') => `<tr>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>`;
const shade = (count, total) => `background: rgb(38 110 180 / ${((0.9 * count) / Math.max(1, total)).toFixed(2)})`;
writeArtifact(
  'page',
  `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Which penguin is it?</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem; color: #222 }
  table { border-collapse: collapse; margin: 1.5rem 0 } th, td { padding: .4rem .8rem; text-align: left; border-bottom: 1px solid #ddd }
  .matrix td:not(:first-child) { text-align: center; min-width: 4rem }
</style>
<h1>Which penguin is it?</h1>
<p><strong>${escape(verdict)}</strong></p>
<table>${tableRow(['candidate', 'measurements', 'accuracy (5-fold)'], 'th')}
${ranking.map((row) => tableRow([row.name, row.features, percent(row.accuracy)])).join('\n')}
</table>
<table class="matrix">${tableRow(['truth \\ guess', ...species], 'th')}
${matrix
  .map((row, index) => {
    const total = row.reduce((sum, value) => sum + value, 0);
    return `<tr><th>${escape(species[index])}</th>${row.map((count) => `<td style="${shade(count, total)}">${count}</td>`).join('')}</tr>`;
  })
  .join('\n')}
</table>
</html>
`,
);
finish({ metadata: { page: { verdict }, summary: { verdict } } });
