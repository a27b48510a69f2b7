/** What has to be known of a Dockerfile before it is built (docs.docker.com, "Dockerfile reference"). */

interface Instruction {
  /** In capitals. */
  readonly name: string;
  readonly flags: readonly string[];
  readonly rest: string;
}

/**
 * The images a Dockerfile begins its stages with or copies from, in order. `buildArgs` and the defaults of arguments before the
 * first FROM are filled in; an image that is still not known then is left out.
 */
export function baseImages(dockerfile: string, buildArgs: Readonly<Record<string, string>> = {}): readonly string[] {
  const known = new Map<string, string>();
  const stages = new Set(['scratch']);
  const images = new Set<string>();
  let stageCount = 0;
  const add = (image: string) => {
    const isIndex = /^\d+$/.test(image) && Number(image) < stageCount;
    if (image !== '' && !image.includes('$') && !stages.has(image.toLowerCase()) && !isIndex) images.add(image);
  };
  for (const { name, flags, rest } of instructionsOf(dockerfile)) {
    if (name === 'ARG' && stageCount === 0) {
      const [, key, preset] = /^(\w+)(?:=(.*))?$/s.exec(rest) ?? [];
      const value = buildArgs[key ?? ''] ?? (preset === undefined ? undefined : filledIn(unquoted(preset), known));
      if (key !== undefined && value !== undefined) known.set(key, value);
    } else if (name === 'FROM') {
      const [image = '', , stage] = rest.split(/\s+/);
      add(filledIn(image, known));
      if (stage !== undefined) stages.add(stage.toLowerCase());
      stageCount += 1;
    } else for (const image of imagesOfFlags(flags)) add(image);
  }
  return [...images];
}

/** `--from=IMAGE`, and `--mount=type=bind,from=IMAGE,…`. */
function imagesOfFlags(flags: readonly string[]): readonly string[] {
  return flags.flatMap((flag) => {
    const [, image] = /^--(?:from=|mount=(?:[^,]*,)*from=)([^,]+)/.exec(flag) ?? [];
    return image === undefined ? [] : [image];
  });
}

const NEW_FLAGS = /^--(?:mount|network|security|link|chmod|checksum|exclude|parents)\b/;

/** Whether only BuildKit understands it: newer flags, here-documents, platforms it fills in. */
export function needsBuildKit(dockerfile: string): boolean {
  return instructionsOf(dockerfile).some(
    ({ name, flags, rest }) =>
      flags.some((flag) => NEW_FLAGS.test(flag) || /\$\{?(?:BUILD|TARGET)/.test(flag)) ||
      (['RUN', 'COPY', 'ADD'].includes(name) && HERE_DOCUMENT.test(rest)),
  );
}

const HERE_DOCUMENT = /(?:^|\s)<<-?["']?([A-Za-z_]\w*)["']?/;

function instructionsOf(dockerfile: string): readonly Instruction[] {
  const lines = dockerfile.replace(/^\uFEFF/, '').split(/\r?\n/);
  const continued = escapeCharacter(lines) === '`' ? /`\s*$/ : /\\\s*$/;
  const found: Instruction[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    let text = lines[index]!.trim();
    if (text === '' || text.startsWith('#')) continue;
    while (continued.test(text) && index + 1 < lines.length) {
      index += 1;
      const next = lines[index]!.trim();
      // Comments and empty lines may stand between the lines of an instruction.
      if (next !== '' && !next.startsWith('#')) text = `${text.replace(continued, '')} ${next}`;
    }
    const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
    const [, flags = '', operands = ''] = /^((?:--[\w-]+(?:=\S*)?\s+)*)(.*)$/s.exec(rest) ?? [];
    found.push({ name: name.toUpperCase(), flags: flags.split(/\s+/).filter((flag) => flag !== ''), rest: operands.trim() });
    const [, end] = /^(?:RUN|COPY|ADD)$/i.test(name) ? (HERE_DOCUMENT.exec(operands) ?? []) : [];
    if (end !== undefined && lines.slice(index + 1).some((line) => line.trim() === end))
      do index += 1;
      while (lines[index]!.trim() !== end);
  }
  return found;
}

/** A directive in the comments at the very top may choose the backquote, for paths of Windows. */
function escapeCharacter(lines: readonly string[]): string {
  for (const line of lines) {
    const [, key, value] = /^#\s*(\w+)\s*=\s*(\S+)/.exec(line.trim()) ?? [];
    if (key === undefined) break;
    if (key.toLowerCase() === 'escape') return value!;
  }
  return '\\';
}

/** `$NAME`, `${NAME}`, `${NAME:-otherwise}` and `${NAME:+instead}`; what is not known stays. */
function filledIn(text: string, known: ReadonlyMap<string, string>): string {
  return text.replace(/\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})/g, (whole, plain, braced, sign, other: string | undefined) => {
    const value = known.get((plain ?? braced) as string);
    if (sign === '-') return value || other!;
    if (sign === '+') return value ? other! : '';
    return value ?? whole;
  });
}

const unquoted = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/s, '$2');
