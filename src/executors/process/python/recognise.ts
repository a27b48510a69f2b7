/**
 * Recognises the commands kfp compiles Python functions into (reference: K/dsl/component_factory.py; SDK 1.8 in v2-compatible mode, 2.0 and
 * newer), so that they can run without their shell wrappers. Conservative: every part must be understood, or the command is run as it is.
 */
import { readPipScript } from './pip-script.ts';
import { NO_PIP, type PipProgram, type PythonStep } from './python-step.ts';

const RUNTIME_MODULE = /^kfp\.(?:dsl|components|v2\.components)\.executor_main$/;

/** `command` and `args` with every placeholder resolved. undefined: not a Python component of kfp. */
export function recognisePythonStep(command: readonly string[], args: readonly string[]): PythonStep | undefined {
  const argv = [...command, ...args];
  if (!argv.some((word) => word.includes('.executor_main'))) return undefined;
  const prefix = argv[0] === 'sh' && argv[1] === '-c' ? readPipScript(argv[2] ?? '') : { pip: NO_PIP, useVenv: false };
  const rest = argv[1] === '-c' ? argv.slice(3) : argv;
  const program = prefix && (readBootScript(rest) ?? readModuleCall(rest));
  const options = program && readArguments(program.args);
  if (!prefix || !program || !options) return undefined;
  return { source: program.source, module: program.module, ...options, ...prefix };
}

/** A program of any kind that is started by a pip script: `sh -c "pip install … && \"$0\" \"$@\"" python3 -u -c …`. */
export function recognisePipProgram(command: readonly string[], args: readonly string[]): PipProgram | undefined {
  const [shell, option, script, ...argv] = [...command, ...args];
  if (shell !== 'sh' || option !== '-c' || script === undefined || argv.length === 0) return undefined;
  const read = readPipScript(script);
  return read && { pip: read.pip, argv };
}

interface RuntimeCall {
  readonly source: string | undefined;
  readonly module: string;
  readonly args: readonly string[];
}

/** `sh -ec BOOT SOURCE args…`, where BOOT writes SOURCE to a file and starts the runtime with it. */
function readBootScript(argv: readonly string[]): RuntimeCall | undefined {
  const [shell, option, boot, source, ...args] = argv;
  if (shell !== 'sh' || option !== '-ec' || boot === undefined || source === undefined) return undefined;
  const lines = boot
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter(Boolean);
  const [makeFolder, writeSource, start, ...more] = lines;
  const call =
    /^(?:_KFP_RUNTIME=true )?python3 -m (\S+) --component_module_path "\$program_path\/ephemeral_component\.py" "\$@"$/.exec(
      start ?? '',
    );
  const known =
    makeFolder === 'program_path=$(mktemp -d)' &&
    writeSource === 'printf "%s" "$0" > "$program_path/ephemeral_component.py"' &&
    more.length === 0;
  const module = call?.[1];
  return known && module !== undefined && RUNTIME_MODULE.test(module) ? { source, module, args } : undefined;
}

/** `python3 -m kfp.dsl.executor_main args…`: a containerized component. */
function readModuleCall(argv: readonly string[]): RuntimeCall | undefined {
  const [python, option, module, ...args] = argv;
  const known =
    (python === 'python3' || python === 'python') && option === '-m' && module !== undefined && RUNTIME_MODULE.test(module);
  return known ? { source: undefined, module, args } : undefined;
}

function readArguments(args: readonly string[]): Pick<PythonStep, 'functionName' | 'executorInput' | 'extraArgs'> | undefined {
  const found: Record<string, string> = {};
  const extraArgs: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const name = args[index]!;
    if (name !== '--executor_input' && name !== '--function_to_execute') {
      if (
        name.startsWith('--component_module_path') ||
        name.startsWith('--executor_input=') ||
        name.startsWith('--function_to_execute=')
      )
        return undefined;
      extraArgs.push(name);
      continue;
    }
    const value = args[++index];
    if (value === undefined || found[name] !== undefined) return undefined;
    found[name] = value;
  }
  const executorInput = found['--executor_input'];
  const functionName = found['--function_to_execute'];
  return executorInput === undefined || functionName === undefined ? undefined : { functionName, executorInput, extraArgs };
}
