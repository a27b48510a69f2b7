/**
 * Builds the dashboard: web/ → web/dist. Only when its sources are not those it was built from, so every verb that shows the
 * dashboard can call it. `node scripts/run.mjs scripts/build-web.ts [--force]`.
 */
import { createHash } from 'node:crypto';
import { globSync, existsSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, type Plugin, type Rolldown } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const web = join(root, 'web');
const dist = join(web, 'dist');
/** Besides web/: the tables its API client is made of, the versions of its packages, and how it is built. */
const ALSO = ['src/api/**/{routes,messages,access-routes,access-messages,route}.ts', 'package-lock.json', 'scripts/build-web.ts'];

/** The chunk of web/first-requests.ts. */
const FIRST_REQUESTS = 'first-requests';

export interface WebBuild {
  readonly folder: string;
  /** False: it was up to date. */
  readonly isNew: boolean;
  readonly durationMs: number;
}

export async function buildWeb(options: { readonly force?: boolean } = {}): Promise<WebBuild> {
  const started = performance.now();
  const hash = hashOfSources();
  const mark = join(dist, 'sources.sha256');
  if (!options.force && existsSync(mark) && readFileSync(mark, 'utf8') === hash) {
    return { folder: dist, isNew: false, durationMs: performance.now() - started };
  }
  // Beside its place and then moved there: two builds at once, or a server that is running, never see half a dashboard.
  const fresh = join(web, `dist-${process.pid}`);
  await bundle(fresh).catch(async (error: unknown) => {
    await rm(fresh, { recursive: true, force: true });
    throw error;
  });
  await writeFile(join(fresh, 'sources.sha256'), hash);
  await replaceFolder(fresh, dist);
  return { folder: dist, isNew: true, durationMs: performance.now() - started };
}

async function bundle(outDir: string): Promise<void> {
  await build({
    root: web,
    configFile: false,
    logLevel: 'warn',
    plugins: [withoutSummaries, firstRequestsFirst],
    build: {
      outDir,
      emptyOutDir: true,
      target: ['chrome123', 'firefox120', 'safari17.5'],
      // The policy of the page forbids code and styles that are not files.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 600,
      // Packages mark their files for server rendering, which there is none of here.
      rolldownOptions: {
        checks: { pluginTimings: false },
        // Packages mark their files for server rendering, which there is none of here.
        onwarn: (warning, warn) => (warning.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : warn(warning)),
        // What every page needs comes in one file instead of many small ones.
        output: {
          codeSplitting: {
            groups: [
              { name: FIRST_REQUESTS, test: /web[\\/]first-requests\.ts/, priority: 3 },
              { name: 'packages', test: /node_modules[\\/](react|react-dom|scheduler|@tanstack)[\\/]/, priority: 2 },
              { name: (id, modules) => (isStart(id, modules) ? 'start' : null), priority: 1 },
            ],
          },
        },
      },
    },
  });
}

/** The tables of routes say what each operation is for; the browser need not know. */
const withoutSummaries: Plugin = {
  name: 'without-summaries',
  transform(code, id) {
    if (!/src[\\/]api[\\/].*routes\.ts/.test(id)) return null;
    return { code: code.replaceAll(/\bsummary:\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"),?/g, ''), map: null };
  },
};

/** Whether the first page needs the module: one that is imported along the way from main.tsx, never only when it is used. */
function isStart(id: string, modules: Pick<Rolldown.PluginContext, 'getModuleInfo'>, seen = new Set<string>()): boolean {
  if (seen.has(id)) return false;
  seen.add(id);
  const module = modules.getModuleInfo(id);
  return module !== null && (module.isEntry || module.importers.some((importer) => isStart(importer, modules, seen)));
}

/** Runs what asks the first requests as soon as it is there; all other modules wait for each other. */
const firstRequestsFirst: Plugin = {
  name: 'first-requests-first',
  transformIndexHtml: {
    order: 'post',
    handler: (html) =>
      html.replace(
        new RegExp(`<link rel="modulepreload" crossorigin href="(/assets/${FIRST_REQUESTS}-[^"]+)">`),
        '<script type="module" async crossorigin src="$1"></script>',
      ),
  },
};

async function replaceFolder(from: string, to: string): Promise<void> {
  const old = `${to}-old-${process.pid}`;
  await rename(to, old).catch(() => {});
  // Another build may have been quicker; then its result, made of the same sources, stays.
  await rename(from, to).catch(async () => await rm(from, { recursive: true, force: true }));
  await rm(old, { recursive: true, force: true });
}

function hashOfSources(): string {
  const own = globSync('web/**/*', { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !path.startsWith('web/dist') && !path.endsWith('.test.ts'));
  const hash = createHash('sha256');
  for (const path of [...own, ...globSync(ALSO, { cwd: root })].sort()) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

if (import.meta.filename === process.argv[1]) {
  const { values } = parseArgs({ options: { force: { type: 'boolean', default: false } } });
  const { isNew, durationMs } = await buildWeb(values);
  console.log(isNew ? `the dashboard was built in ${(durationMs / 1000).toFixed(1)} s` : 'the dashboard is up to date');
}
