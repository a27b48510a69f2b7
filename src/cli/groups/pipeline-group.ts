import type { Command } from 'commander';
import type { CreateOptions, CreateVersionOptions, DeleteOptions } from '../commands/pipeline.ts';
import type { ListOptions } from '../server/list-query.ts';
import type { ServerOptions } from '../server/session.ts';
import { addListOptions, addYes, serverCommand } from './server-command.ts';

const commands = () => import('../commands/pipeline.ts');
const FILE = 'compiled pipeline (.yaml, .json, .zip, .tar.gz), a TypeScript pipeline, or a Python file for the kfp SDK';
const PIPELINE = 'id or name';

/** `pipewright pipeline …`: the verbs and options of kfp's group, in both its spellings. */
export function addPipelineGroup(program: Command): void {
  const group = program.command('pipeline').alias('pipelines').description('Pipelines on a server, and their versions');
  addCreating(group);
  addReading(group);
  addDeleting(group);
}

function addCreating(group: Command): void {
  const create = { names: ['create', 'upload'], description: 'Uploads a pipeline with its first version' } as const;
  serverCommand<CreateOptions>(group, create, async ([file], options) => (await commands()).create(file as string, options))
    .argument('<file>', FILE)
    .option('-p, --pipeline-name <name>', 'default: the name of the file')
    .option('-d, --description <text>', 'what it is for')
    .option('--pipeline <name>', 'which pipeline of a TypeScript file with several');
  const version = { names: ['create-version', 'upload-version'], description: 'Uploads a new version of a pipeline' } as const;
  serverCommand<CreateVersionOptions>(group, version, async ([file], options) =>
    (await commands()).createVersion(file as string, options),
  )
    .argument('<file>', FILE)
    .requiredOption('-v, --pipeline-version <name>', 'name of the version')
    .option('-p, --pipeline-id <id>', 'the pipeline')
    .option('-n, --pipeline-name <name>', 'or its name')
    .option('-d, --description <text>', 'what is new')
    .option('--pipeline <name>', 'which pipeline of a TypeScript file with several');
}

function addReading(group: Command): void {
  addListOptions(
    serverCommand<ServerOptions & ListOptions>(group, { names: ['list'], description: 'Lists pipelines' }, async (_, options) =>
      (await commands()).list(options),
    ),
  );
  const versions = { names: ['list-versions'], description: 'Lists the versions of a pipeline' } as const;
  addListOptions(
    serverCommand<ServerOptions & ListOptions>(group, versions, async ([pipeline], options) =>
      (await commands()).listVersions(pipeline as string, options),
    ).argument('<pipeline>', PIPELINE),
  );
  serverCommand<ServerOptions>(group, { names: ['get'], description: 'Shows a pipeline' }, async ([pipeline], options) =>
    (await commands()).get(pipeline as string, options),
  ).argument('<pipeline>', PIPELINE);
  const version = { names: ['get-version'], description: 'Shows a version; with --output json also its pipeline' } as const;
  serverCommand<ServerOptions>(group, version, async (args, options) =>
    (await commands()).getVersion(whichVersion(args), options),
  )
    .argument('<pipeline>', 'id or name; or the id of the version, alone')
    .argument('[version]', PIPELINE);
}

function addDeleting(group: Command): void {
  addYes(
    serverCommand<DeleteOptions>(group, { names: ['delete'], description: 'Deletes a pipeline' }, async ([pipeline], options) =>
      (await commands()).remove(pipeline as string, options),
    ).argument('<pipeline>', PIPELINE),
  ).option('--cascade', 'and its versions');
  const version = { names: ['delete-version'], description: 'Deletes a version; its runs keep their pipeline' } as const;
  addYes(
    serverCommand<DeleteOptions>(group, version, async (args, options) =>
      (await commands()).removeVersion(whichVersion(args), options),
    )
      .argument('<pipeline>', 'id or name; or the id of the version, alone')
      .argument('[version]', PIPELINE),
  );
}

function whichVersion([pipeline, version]: readonly unknown[]) {
  return { pipeline: pipeline as string, version: version as string | undefined };
}
