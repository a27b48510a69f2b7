/**
 * Reads the shell script with which kfp commands install packages (reference: K/dsl/component_factory.py, and the 1.x and 2.0 forms):
 * a check for pip, one or two `python3 -m pip install …`, perhaps a virtual environment in between, then `"$0" "$@"`.
 * Anything else is not understood and gives undefined: such a command is run as it is.
 */
import { NO_PIP, type PipPlan } from './python-step.ts';

export interface PipScript {
  readonly pip: PipPlan;
  readonly useVenv: boolean;
}

const PIP_CHECK =
  'if ! [ -x "$(command -v pip)" ]; then python3 -m ensurepip || python3 -m ensurepip --user || apt-get install python3-pip fi';
const ENSURE_PIP = '(python3 -m ensurepip || python3 -m ensurepip --user) && ';
const VENV =
  'export PIP_DISABLE_PIP_VERSION_CHECK=1 tmp=$(mktemp -d) python3 -m venv "$tmp/venv" --system-site-packages . "$tmp/venv/bin/activate"';
const RUN_PROGRAM = '&& "$0" "$@"';
const NO_VERSION_CHECK = 'PIP_DISABLE_PIP_VERSION_CHECK=1';
const INSTALL = ['python3', '-m', 'pip', 'install'];

const FLAGS = new Set(['--quiet', '-q', '--no-warn-script-location', '--no-cache-dir', '--disable-pip-version-check', '--user']);
const VALUES = {
  '--index-url': 'indexUrls',
  '-i': 'indexUrls',
  '--extra-index-url': 'extraIndexUrls',
  '--trusted-host': 'trustedHosts',
} as const;

export function readPipScript(script: string): PipScript | undefined {
  let text = collapse(script);
  if (text === undefined || !text.endsWith(RUN_PROGRAM)) return undefined;
  text = text.slice(0, -RUN_PROGRAM.length).trim();
  if (text.startsWith(PIP_CHECK)) text = text.slice(PIP_CHECK.length).trim();
  else if (text.startsWith(ENSURE_PIP)) text = text.slice(ENSURE_PIP.length).trim();
  const withoutVenv = text.replace(VENV, () => '');
  const installs = readInstalls(withoutVenv);
  const pip = installs && combine(installs);
  return pip && { pip, useVenv: withoutVenv !== text };
}

/** One space for every run of white space outside quotes; undefined when a quote does not close. */
function collapse(script: string): string | undefined {
  let out = '';
  for (let at = 0; at < script.length;) {
    const character = script[at]!;
    if (character === "'" || character === '"') {
      const end = script.indexOf(character, at + 1);
      if (end < 0) return undefined;
      out += script.slice(at, end + 1);
      at = end + 1;
    } else {
      const space = /^(?:\s|\\\n)+/.exec(script.slice(at, at + 2000))?.[0];
      out += space ? ' ' : character;
      at += space?.length ?? 1;
    }
  }
  return out.trim();
}

interface PipInstall {
  readonly words: readonly string[];
}

/** `install && install`, or the form of 1.x that tries again for the user only: `(install || install --user)`. */
function readInstalls(text: string): readonly PipInstall[] | undefined {
  const retried = /^\((.*) \|\| (.*) --user\)$/.exec(text);
  if (retried) {
    const install = readInstall(retried[1]!);
    return install && retried[1] === retried[2] ? [install] : undefined;
  }
  const installs = splitAnd(text).map(readInstall);
  return installs.every((install) => install !== undefined) ? installs : undefined;
}

function splitAnd(text: string): readonly string[] {
  const parts = [''];
  for (const piece of text.match(/'[^']*'|"[^"]*"|&&|[^'"&]+|&/g) ?? []) {
    if (piece === '&&') parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts.map((part) => part.trim());
}

function readInstall(text: string): PipInstall | undefined {
  let words = splitWords(text);
  if (words?.[0] === NO_VERSION_CHECK) words = words.slice(1);
  if (!words || INSTALL.some((word, index) => words[index] !== word)) return undefined;
  return { words: words.slice(INSTALL.length) };
}

/** Words of a command without expansions: plain text, 'text' or "text" without `$`, backquote and backslash. */
export function splitWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let rest = text.trim();
  while (rest) {
    const word = /^(?:'([^']*)'|"([^"$`\\]*)"|([A-Za-z0-9_@%+=:,./~^[\]-]+))(?=\s|$)/.exec(rest);
    if (!word) return undefined;
    words.push(word[1] ?? word[2] ?? word[3]!);
    rest = rest.slice(word[0].length).trimStart();
  }
  return words;
}

/** One plan for all installs; undefined when they use different indexes or options that a plan cannot express. */
function combine(installs: readonly PipInstall[]): PipPlan | undefined {
  const plans = installs.map(readPlan);
  if (plans.length > 2 || plans.some((plan) => plan === undefined)) return undefined;
  const [first, second] = plans;
  if (!first || !second) return first;
  // SDKs before 2.14 put kfp first; the packages of the user are the other part either way.
  const [user, kfp] = first.kfpRequirement === undefined ? [first, second] : [second, first];
  if (user.kfpRequirement !== undefined || user.kfpNoDeps || kfp.requirements.length > 0 || !sameIndexes(user, kfp))
    return undefined;
  return { ...kfp, requirements: user.requirements };
}

function sameIndexes(one: PipPlan, other: PipPlan): boolean {
  return (['indexUrls', 'extraIndexUrls', 'trustedHosts'] as const).every(
    (name) => one[name].join('\n') === other[name].join('\n'),
  );
}

function readPlan(install: PipInstall): PipPlan | undefined {
  const lists = { indexUrls: [] as string[], extraIndexUrls: [] as string[], trustedHosts: [] as string[] };
  const requirements: string[] = [];
  let noDeps = false;
  for (let index = 0; index < install.words.length; index++) {
    const word = install.words[index]!;
    const [option, inline] = word.startsWith('--') && word.includes('=') ? splitOption(word) : [word, undefined];
    if (word === '--no-deps') noDeps = true;
    else if (option in VALUES) {
      const value = inline ?? install.words[++index];
      if (value === undefined) return undefined;
      lists[VALUES[option as keyof typeof VALUES]].push(value);
    } else if (word.startsWith('-')) {
      if (!FLAGS.has(word)) return undefined;
    } else requirements.push(word);
  }
  if (requirements.length === 0 || lists.indexUrls.length > 1) return undefined;
  return { ...NO_PIP, ...lists, ...separateKfp(requirements, noDeps) };
}

function splitOption(word: string): [string, string] {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}

type KfpPart = Pick<PipPlan, 'requirements' | 'kfpNoDeps' | 'kfpCompanions'> & { kfpRequirement?: string };

/** kfp is the last requirement, or is followed by its companions after `--no-deps`. */
function separateKfp(requirements: readonly string[], noDeps: boolean): KfpPart {
  const at = requirements.findIndex(isKfpRequirement);
  if (at < 0) return { requirements, kfpNoDeps: noDeps, kfpCompanions: [] };
  const kfpRequirement = requirements[at]!;
  const others = requirements.filter((requirement) => requirement !== kfpRequirement);
  const isCompanion = (requirement: string) => noDeps && requirement.startsWith('typing-extensions');
  return {
    requirements: others.filter((requirement) => !isCompanion(requirement)),
    kfpRequirement,
    kfpNoDeps: noDeps,
    kfpCompanions: others.filter(isCompanion),
  };
}

/** `kfp`, `kfp==2.1`, `kfp[all]`; a checkout or archive of the SDK by path or URL. `kfp-kubernetes` is something else. */
export function isKfpRequirement(requirement: string): boolean {
  return (
    /^kfp(?![\w.-])/.test(requirement) ||
    /[#&](?:egg=kfp(?:$|&)|subdirectory=sdk\/python(?:$|&))/.test(requirement) ||
    /(?:^|\/)kfp-\d[^/]*\.(?:whl|tar\.gz)$/.test(requirement)
  );
}
