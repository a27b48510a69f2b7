/**
 * Arguments longer than the system takes (Linux: 128 KiB each, MAX_ARG_STRLEN), handed over through files where the program can
 * be told to: shells and Python that are given their code with -c, and the runtime of the kfp SDK, started by a shell or by itself.
 * Other programs fail to start, with a message that says why.
 */
import { basename, join } from 'node:path';

export const MAX_ARGUMENT_BYTES = 128 * 1024 - 1;

export interface SpilledArguments {
  readonly argv: readonly string[];
  /** Content by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** `folder`: where the files shall be. `argv` comes back as it is if nothing is too long or nothing can be done about it. */
export function spillArguments(argv: readonly string[], folder: string): SpilledArguments {
  if (!argv.some(isTooLong)) return { argv, files: {} };
  const module = argv.indexOf('-m') + 1;
  if (module > 0 && /^python[0-9.]*$/.test(basename(argv[0]!)) && KFP_RUNTIME.test(`python -m ${argv[module] ?? ''}`)) {
    const words = withMarks(argv.slice(module + 1), folder);
    return { argv: [...argv.slice(0, module - 1), '-c', runtimeLoader(argv[module]!), ...words.argv], files: words.files };
  }
  const code = argv.findIndex((word, index) => index > 0 && /^-[a-zA-Z]*c$/.test(word)) + 1;
  const onlyOptionsBefore = argv.slice(1, code).every((word) => word.startsWith('-'));
  if (code === 0 || code >= argv.length || !onlyOptionsBefore) return { argv, files: {} };
  const program = basename(argv[0]!);
  if (/^(ba|da|a|k|z)?sh$/.test(program)) return spillShell(argv, code, folder);
  if (/^python[0-9.]*$/.test(program)) return spillPython(argv, code, folder);
  return { argv, files: {} };
}

/** The first argument the system would refuse: its position and size. */
export function tooLongArgument(argv: readonly string[]): { readonly position: number; readonly bytes: number } | undefined {
  const position = argv.findIndex(isTooLong);
  return position < 0 ? undefined : { position, bytes: Buffer.byteLength(argv[position]!) };
}

function isTooLong(argument: string): boolean {
  // A UTF-16 unit is at most three bytes: most arguments need not be measured.
  return argument.length * 3 > MAX_ARGUMENT_BYTES && Buffer.byteLength(argument) > MAX_ARGUMENT_BYTES;
}

/**
 * `sh -c CODE $0 $1 …`: the code is sourced from a file; a long $1… is read back into the positional parameters. $0 cannot be
 * set, so the code's "$0" becomes a variable. The x keeps line ends that a command substitution would drop.
 */
function spillShell(argv: readonly string[], code: number, folder: string): SpilledArguments {
  const files: Record<string, string> = {};
  const spill = (name: string, content: string) => {
    const file = join(folder, name);
    files[file] = content;
    return quoted(file);
  };
  let script = argv[code]!;
  const [zero, ...rest] = argv.slice(code + 1);
  const prologue: string[] = [];
  let shownZero = zero;
  if (zero !== undefined && isTooLong(zero)) {
    prologue.push(`pipewright_0=$(cat ${spill('argument-0', zero)}; printf x)`, 'pipewright_0=${pipewright_0%x}');
    script = script.replaceAll('"$0"', '"$pipewright_0"').replaceAll('"${0}"', '"$pipewright_0"');
    shownZero = argv[0]!;
  }
  if (rest.some(isTooLong) && KFP_RUNTIME.test(script)) {
    // What the shell could read back it could not hand on.
    const words = withMarks(rest, folder);
    script = script.replace(KFP_RUNTIME, (_whole, python: string, name: string) => `${python} -c ${quoted(runtimeLoader(name))}`);
    rest.splice(0, rest.length, ...words.argv);
    Object.assign(files, words.files);
  }
  if (rest.some(isTooLong)) {
    const words = rest.map((word, index) => {
      if (!isTooLong(word)) return `"\${${index + 1}}"`;
      prologue.push(`pipewright_${index + 1}=$(cat ${spill(`argument-${index + 1}`, word)}; printf x)`);
      return `"\${pipewright_${index + 1}%x}"`;
    });
    prologue.push(`set -- ${words.join(' ')}`);
  }
  const body = isTooLong(script) ? `. ${spill('code', script)}` : script;
  const shortened = rest.map((word) => (isTooLong(word) ? '' : word));
  const tail = shownZero === undefined ? [] : [shownZero, ...shortened];
  return { argv: [...argv.slice(0, code), [...prologue, body].join('\n'), ...tail], files };
}

function spillPython(argv: readonly string[], code: number, folder: string): SpilledArguments {
  const file = join(folder, 'arguments.json');
  const files = { [file]: JSON.stringify({ code: argv[code], args: argv.slice(code + 1) }) };
  // As in `python -c`, the code runs in __main__ and finds '-c' as its own name.
  const loader = [
    'import json, sys',
    `with open(${JSON.stringify(file)}, encoding="utf-8") as _file: _spilled = json.load(_file)`,
    'sys.argv[1:] = _spilled["args"]',
    'exec(compile(_spilled["code"], "<string>", "exec"))',
  ].join('\n');
  return { argv: [...argv.slice(0, code), loader], files };
}

/** As components of every kfp 2.x start their runtime. */
const KFP_RUNTIME = /\b(python[0-9.]*)\s+-m\s+(kfp(?:\.[a-z0-9_]+)*\.executor_main)\b/;
const MARK = 'pipewright-argument:';

/** A long argument becomes the name of its file with a mark before it. */
function withMarks(words: readonly string[], folder: string): SpilledArguments {
  const files: Record<string, string> = {};
  const argv = words.map((word, index) => {
    if (!isTooLong(word)) return word;
    const file = join(folder, `marked-${index}`);
    files[file] = word;
    return MARK + file;
  });
  return { argv, files };
}

/** Python code in place of `-m NAME`: puts marked arguments back and runs the module as Python would. */
function runtimeLoader(name: string): string {
  return [
    'import runpy, sys',
    'def _argument(word):',
    `    if not word.startswith("${MARK}"): return word`,
    `    with open(word[${MARK.length}:], encoding="utf-8", newline="") as file: return file.read()`,
    'sys.argv[1:] = [_argument(word) for word in sys.argv[1:]]',
    `runpy.run_module("${name}", run_name="__main__", alter_sys=True)`,
  ].join('\n');
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
