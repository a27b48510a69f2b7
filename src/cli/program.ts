import { Command, InvalidArgumentError, Option } from 'commander';
import { addMaintenance } from './add-maintenance.ts';
import { addUp } from './add-up.ts';
import { addServerGroups } from './groups/add-server-groups.ts';
import type { CompileOptions } from './commands/compile.ts';
import type { BuildCommandOptions } from './commands/component-build.ts';
import type { ServeCommandOptions } from './commands/component-serve.ts';
import type { PlanOptions } from './commands/plan.ts';
import type { LocalOptions } from './commands/local.ts';
import { addCapacityOptions, addPlacementOptions, collectText, parsePriority } from './placement-options.ts';

/** The commands and their options. What a command does is imported when it is called: `--help` has to answer at once. */
export function buildProgram(): Command {
  const program = new Command('pipewright')
    .description('Runs Kubeflow Pipelines on this machine: every step recorded, cached and resumable.')
    .version('0.1.0')
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .showHelpAfterError(false);
  addUp(program);
  addServerGroups(program);
  addLocal(program);
  addCompile(program);
  addPlan(program);
  addProject(program);
  addComponent(program);
  addNamedValues(program, 'secret', 'Secrets that pipelines mount or read as environment variables');
  addNamedValues(program, 'configmap', 'ConfigMaps that pipelines mount or read as environment variables');
  addMaintenance(program);
  return program;
}

function addLocal(program: Command): void {
  const command = program
    .command('local')
    .argument('[file]', 'compiled pipeline (YAML, JSON, .zip, .tar.gz), a TypeScript pipeline, or a Python file for the kfp SDK')
    .description('Runs a pipeline to its end in the foreground, without a server')
    .option('-p, --param <name=value>', 'an argument; may be given several times', collect)
    .option('--params <file>', 'arguments from a JSON or YAML file; -p wins over it')
    .option('--name <text>', 'display name of the run')
    .option('--data <dir>', 'data folder: runs, artifacts, logs, cache', process.env['PIPEWRIGHT_DATA'] ?? '.pipewright')
    .option('--artifacts <place>', 'where artifacts are kept: a folder or s3://bucket/prefix (default: in the data folder)')
    .addOption(
      new Option('--executor <name>', 'where steps run').choices(['process', 'docker', 'auto', 'nope']).default('process'),
    )
    .option('--explain', 'say where each step would run and why, and run nothing')
    .option(
      '--priority <number>',
      'while the machine is full, steps of runs with a larger number start first; default: 0',
      parsePriority,
    )
    .option('--no-cache', 'run every step, even if an equal one has run before')
    .option('--json', 'print the result as one JSON object and nothing else')
    .option('--resume <run>', 'go on with a failed or canceled run, keeping what succeeded ("last": the newest run)')
    .option('--from-task <path>', 'with --resume: run this task and what depends on it again, such as /train')
    .option('--clone <run>', 'start a run like this one; -p changes single arguments')
    .addHelpText('after', LOCAL_EXAMPLES)
    .action(async (file: string | undefined, options: LocalOptions) => {
      const { local } = await import('./commands/local.ts');
      process.exitCode = await local(file, options);
    });
  addPlacementOptions(command);
}

function addCompile(program: Command): void {
  program
    .command('compile')
    .argument('<file>', 'a pipeline in TypeScript, or a Python file for the kfp SDK')
    .description('Writes the file that every Kubeflow Pipelines accepts')
    .requiredOption('-o, --output <file>', 'where to write it: .yaml or .json')
    .option('--pipeline <name>', 'which pipeline of a file with several')
    .action(async (file: string, options: CompileOptions) => {
      const { compile } = await import('./commands/compile.ts');
      process.exitCode = await compile(file, options);
    });
}

function addPlan(program: Command): void {
  const command = program
    .command('plan')
    .argument('<file>', 'a pipeline, as for local')
    .description(
      'Says what a run would do, without starting a step: what runs, is cached, is skipped, and how long it took last time',
    )
    .option('-p, --param <name=value>', 'an argument; may be given several times', collect)
    .option('--params <file>', 'arguments from a JSON or YAML file; -p wins over it')
    .option('--pipeline <name>', 'which pipeline of a TypeScript file with several')
    .option('--data <dir>', 'data folder with the runs so far', process.env['PIPEWRIGHT_DATA'] ?? '.pipewright')
    .option('--no-cache', 'as if nothing had run before')
    .option('--json', 'print one JSON object and nothing else')
    .action(async (file: string, options: PlanOptions) => {
      const { plan } = await import('./commands/plan.ts');
      process.exitCode = await plan(file, options);
    });
  addCapacityOptions(command);
}

function addProject(program: Command): void {
  program
    .command('init')
    .argument('[folder]', 'where; made if it does not exist', '.')
    .description('Writes a small project: a pipeline in TypeScript, its components and tests')
    .action(async (folder: string) => {
      const { init } = await import('./commands/init.ts');
      process.exitCode = await init(folder);
    });
  program
    .command('test')
    .argument('[files...]', 'tests or patterns; default: **/*.test.ts')
    .description('Runs the tests of pipelines; nothing needs to be installed')
    .action(async (files: readonly string[]) => {
      const { test } = await import('./commands/test.ts');
      process.exitCode = await test(files);
    });
}

function addComponent(program: Command): void {
  const group = program
    .command('component')
    .description('Components: files to build images from, a catalogue for others to load from');
  group
    .command('build')
    .argument('<folder>', 'sources: Python functions with @dsl.component, or a component.yaml of its own')
    .description('Writes the Dockerfile and the component files of a source folder, builds its image, and pushes it')
    .option('--image <name>', 'name of the image; wins over target_image in the sources')
    .option('--base-image <name>', 'image to start from; wins over base_image in the sources')
    .option('--overwrite-dockerfile', 'write a new Dockerfile over one that is there')
    .option('--dockerfile <file>', 'build from this Dockerfile, wherever it is')
    .option('--build-arg <name=value>', 'for an ARG of the Dockerfile; may be given several times', collectText)
    .option('--target <stage>', 'end with this stage of the Dockerfile')
    .option(
      '--push [repository]',
      'push the image, to REGISTRY/REPOSITORY or where its name says; component.yaml then names its digest',
    )
    .addOption(new Option('--builder <name>', 'default: Docker if it runs, else buildah').choices(['docker', 'buildah']))
    .option('--no-build-image', 'write the files only')
    .action(async (folder: string, options: BuildCommandOptions) => {
      const { build } = await import('./commands/component-build.ts');
      process.exitCode = await build(folder, options);
    });
  group
    .command('serve')
    .argument('<folder>', 'a folder of component files')
    .description('Serves components at plain URLs on this machine, for any ComponentStore')
    .option('--port <number>', '0 takes any that is free', '8889')
    .action(async (folder: string, options: ServeCommandOptions) => {
      const { serve } = await import('./commands/component-serve.ts');
      process.exitCode = await serve(folder, options);
    });
}

const LOCAL_EXAMPLES = `
Examples:
  pipewright local pipeline.yaml -p epochs=20
  pipewright local pipeline.py --params params.yaml
  pipewright local --resume last                        what succeeded is kept
  pipewright local --resume last --from-task /train     this task and all after it once more
  pipewright local --clone last -p epochs=50

Exit code: 0 succeeded, 1 the run failed, 2 bad input, 130 interrupted.`;

function addNamedValues(program: Command, kind: 'secret' | 'configmap', description: string): void {
  const group = program.command(kind).description(description);
  const data = new Option('--data <dir>', 'data folder').default(process.env['PIPEWRIGHT_DATA'] ?? '.pipewright');
  const commands = () => import('./commands/named-values.ts');
  group
    .command('create')
    .argument('<name>')
    .description('Creates it, or replaces it as a whole')
    .requiredOption('--from-literal <key=value>', 'a key with its value; may be given several times', collect)
    .addOption(data)
    .action(async (name: string, options: { fromLiteral: string[]; data: string }) =>
      (await commands()).createNamedValues({ kind, name, literals: options.fromLiteral, dataDir: options.data }),
    );
  group
    .command('list')
    .description('Names and keys; values are never shown')
    .addOption(data)
    .action(async (options: { data: string }) => (await commands()).listNamedValues({ kind, dataDir: options.data }));
  group
    .command('delete')
    .argument('<name>')
    .description('Deletes it')
    .addOption(data)
    .action(async (name: string, options: { data: string }) =>
      (await commands()).deleteNamedValues({ kind, name, dataDir: options.data }),
    );
}

/** An option that may be given several times; without a default, the first call has no list yet. */
function collect(value: string, earlier: readonly string[] | undefined): string[] {
  if (!value.includes('=')) throw new InvalidArgumentError('It must be of the form name=value.');
  return [...(earlier ?? []), value];
}
