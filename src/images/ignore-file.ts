/**
 * `.dockerignore` (docs.docker.com, "build context"): the last line that matches a path, or a folder above it, decides. Patterns
 * are those of Go's filepath.Match and `**`.
 */
export function readIgnore(text: string): (path: string) => boolean {
  const rules = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim())
    .flatMap((line) => {
      const isException = line.startsWith('!');
      const pattern = cleaned(isException ? line.slice(1).trim() : line);
      return pattern === '' ? [] : [{ isException, expression: new RegExp(`^${patternText(pattern)}(?:/|$)`, 's') }];
    });
  return (path) =>
    rules.reduce((ignored, { isException, expression }) => (expression.test(path) ? !isException : ignored), false);
}

/** Without `.`, empty parts and what `..` takes back; a pattern is always relative to the folder. */
function cleaned(pattern: string): string {
  const parts: string[] = [];
  for (const part of pattern.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function patternText(pattern: string): string {
  return pattern
    .split(/(\*\*\/?|\*|\?|\[(?:\\.|[^\]\\])+\]|\\.)/s)
    .map((part, index, parts) => {
      const isLast = parts.slice(index + 1).every((rest) => rest === '');
      if (part === '**' && isLast) return '.*';
      if (part.startsWith('**')) return '(?:.*/)?';
      if (part === '*') return '[^/]*';
      if (part === '?') return '[^/]';
      if (/^\[.+\]$/s.test(part)) return `[${part.slice(1, -1).replaceAll('[', '\\[')}]`;
      if (part.startsWith('\\') && part.length === 2) return escaped(part.slice(1));
      return escaped(part);
    })
    .join('');
}

const escaped = (text: string): string => text.replaceAll(/[.*?+^${}()|[\]\\]/g, '\\$&');
