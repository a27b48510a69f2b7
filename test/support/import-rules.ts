import type { SourceFile } from './source-files.ts';

const CONTRACTS = [
  'executors/executor.ts',
  'executors/capabilities.ts',
  'store/store.ts',
  'store/catalogue-store.ts',
  'store/leases.ts',
  'store/access-store.ts',
  'store/retention-store.ts',
  'store/store-full.ts',
  'artifacts/artifact-store.ts',
];
/** Where logs are is a fact about the data folder that those who show them need too. */
const LOGS = 'launcher/log-file.ts';
/** Local secrets are files that the command line writes without a platform. */
const SECRETS = 'executors/local-secrets.ts';

/**
 * What each layer may import besides itself: folders, or single files (with `.ts`). The same table stands in ARCHITECTURE.md.
 * A layer that is not in the table may import nothing, so that a new one has to be added here.
 */
export const IMPORT_RULES: Readonly<Record<string, readonly string[]>> = {
  base: [],
  model: ['base'],
  ir: ['base', 'model'],
  components: ['base', 'model', 'ir'],
  sdk: ['base', 'model', 'ir', 'components'],
  compiler: ['base', 'model', 'ir', 'components', 'sdk'],
  artifacts: ['base', 'model'],
  store: ['base', 'model', 'ir'],
  launcher: ['base', 'model', 'ir', 'artifacts/artifact-store.ts', 'executors/executor.ts'],
  // The Docker Engine API, images and registries; nothing of pipelines.
  docker: ['base'],
  // Building images and handing them to registries.
  images: ['base', 'docker'],
  executors: ['base', 'model', 'ir', 'launcher', 'docker', 'artifacts/artifact-store.ts'],
  engine: ['base', 'model', 'ir', ...CONTRACTS],
  testing: [
    'base',
    'model',
    'ir',
    'sdk',
    'compiler',
    'engine',
    'artifacts',
    'store',
    'executors/executor.ts',
    'executors/capabilities.ts',
  ],
  app: ['base', 'model', 'ir', 'components', 'compiler', 'engine', LOGS, ...CONTRACTS],
  // The wire: routes and messages as tables, and the codec; what they mean is the server's.
  api: ['base'],
  server: ['base', 'model', 'ir', 'components', 'app', 'api', 'engine', ...CONTRACTS],
  client: ['base', 'api'],
  cli: [
    'base',
    'model',
    'ir',
    'components',
    'compiler',
    'engine',
    'app',
    'api',
    'client',
    'docker',
    'images',
    'start.ts',
    'start-backup.ts',
    'serve.ts',
    'server/auth/auth-config.ts',
    'server/log/logger.ts',
    LOGS,
    SECRETS,
    ...CONTRACTS,
  ],
  'serve.ts': ['base', 'app', 'api', 'server', 'start.ts'],
  // Which artifact stores there are; a part of start.ts.
  'start-artifacts.ts': ['base', 'artifacts', SECRETS],
  // Which executors there are; a part of start.ts.
  'start-store.ts': ['base', 'store'],
  'start-executor.ts': ['base', 'engine', 'app', 'executors', 'artifacts/artifact-store.ts'],
  'start-explain.ts': ['base', 'ir', 'docker', 'app', 'executors', 'start-executor.ts'],
  // What is done with a whole data folder.
  'start-backup.ts': ['base', 'app', 'store', 'start-artifacts.ts', 'start-store.ts'],
  // The only place that names concrete implementations.
  'start.ts': [
    'start-artifacts.ts',
    'start-executor.ts',
    'start-explain.ts',
    'start-store.ts',
    'base',
    'model',
    'ir',
    'components',
    'compiler',
    'engine',
    'app',
    'api',
    'server',
    'artifacts',
    'store',
    'executors',
    'launcher',
  ],
};

/** Folders whose subfolders are implementations of one contract: none of them knows another. */
const SIBLING_FOLDERS = ['executors', 'store', 'artifacts'];

/** Packages from npm and the one layer that wraps each; everything else goes through that layer. */
const PACKAGE_HOMES: Readonly<Record<string, readonly string[]>> = {
  commander: ['cli'],
  kysely: ['store'],
  pg: ['store'],
  fflate: ['ir', 'components'],
  tar: ['ir', 'components', 'sdk', 'app', 'server', 'executors', 'images'],
  'js-yaml': ['base', 'ir', 'components', 'executors'],
  '@marcbachmann/cel-js': ['ir'],
  hono: ['server'],
  'openid-client': ['server'],
  '@hono/node-server': ['server'],
};

/** One sentence per import that the table does not allow. */
export function importProblems(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const layer = layerOf(file.path);
    return file.imports.flatMap((imported) => {
      if (imported.isRelative) {
        const allowed = imported.target.startsWith('src/') && mayImport(file.path, imported.target);
        return allowed
          ? []
          : [`${file.path} imports ${imported.target}: ${layer} may import ${IMPORT_RULES[layer]?.join(', ') ?? 'nothing'}`];
      }
      if (imported.target.startsWith('node:')) return [];
      const homes = PACKAGE_HOMES[packageName(imported.target)];
      if (homes?.includes(layer)) return [];
      return [`${file.path} imports the package ${imported.target}, which belongs to ${homes?.join(', ') ?? 'no layer'}`];
    });
  });
}

function mayImport(from: string, to: string): boolean {
  const layer = layerOf(from);
  const target = to.slice('src/'.length);
  if (layerOf(to) === layer) return !SIBLING_FOLDERS.includes(layer) || sameSibling(from, to);
  return (IMPORT_RULES[layer] ?? []).some((rule) => (rule.endsWith('.ts') ? target === rule : layerOf(to) === rule));
}

/** Folders beside implementations that all of them may use. */
const SHARED_FOLDERS = ['migrations', 'sql'];

/** `src/executors/process/x.ts` may use its own folder and the files directly in `src/executors`. */
function sameSibling(from: string, to: string): boolean {
  const sibling = (path: string): string | undefined => {
    const parts = path.split('/');
    return parts.length > 3 ? parts[2] : undefined;
  };
  const target = sibling(to);
  return target === undefined || SHARED_FOLDERS.includes(target) || target === sibling(from);
}

/** `kysely/migration` is part of kysely; a scoped name has two parts. */
function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The folder under src/, or the file's name when it lies there directly. */
function layerOf(path: string): string {
  return path.split('/')[1]!;
}
