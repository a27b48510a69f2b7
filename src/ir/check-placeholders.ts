/** Checks the placeholders of a container: one that names an input or output that does not exist would silently be empty text. */
import { type ComponentScope, didYouMean, isHandedIn, type Report } from './check-scope.ts';
import type { Path } from './problem-list.ts';
import type { ContainerSpec } from './spec.ts';

const USE = /\{\{\$\.(inputs|outputs)\.(parameters|artifacts)\[(?:'([^']*)'|"([^"]*)"|\\"([^"\\]*)\\")\]/g;

export function checkPlaceholders(scope: ComponentScope, container: ContainerSpec, path: Path, report: Report): void {
  container.command.forEach((text, index) => checkText(scope, text, [...path, 'command', index], report));
  container.args.forEach((text, index) => checkText(scope, text, [...path, 'args', index], report));
  container.env.forEach(({ value }, index) => checkText(scope, value, [...path, 'env', index, 'value'], report));
  checkText(scope, container.image, [...path, 'image'], report);
}

function checkText(scope: ComponentScope, text: string, path: Path, report: Report): void {
  if (!text.includes('{{$.')) return;
  for (const [, direction, group, single, double, escaped] of text.matchAll(USE)) {
    const name = single ?? double ?? escaped!;
    const kind = group as 'parameters' | 'artifacts';
    const { inputDefinitions, outputDefinitions } = scope.component;
    const declared = (direction === 'inputs' ? inputDefinitions : outputDefinitions)[kind];
    if (Object.hasOwn(declared, name) || (direction === 'inputs' && isHandedIn(scope, kind, name))) continue;
    const what = `${direction === 'inputs' ? 'input' : 'output'} ${kind === 'parameters' ? 'parameter' : 'artifact'}`;
    report(path, `the component has no ${what} "${name}"`, { severity: 'warning', hint: didYouMean(name, declared) });
  }
}
