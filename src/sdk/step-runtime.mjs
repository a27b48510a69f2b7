// Runs one function component. It travels as text with the modules of the component in STEP, so it stands alone.
const { registerHooks } = process.getBuiltinModule('module');
const fs = process.getBuiltinModule('fs');
const path = process.getBuiltinModule('path');
const { pathToFileURL } = process.getBuiltinModule('url');

const SCHEME = 'step:';
const functions = new Map();
globalThis[Symbol.for('pipewright.step')] = functions;

const packagesFolder = installPackages();
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'pipewright' || specifier.startsWith('pipewright/'))
      return { url: `${SCHEME}/:pipewright`, shortCircuit: true };
    const fromStep = context.parentURL?.startsWith(SCHEME) === true;
    if (specifier.startsWith(SCHEME)) return { url: specifier, shortCircuit: true };
    if (fromStep && /^\.{1,2}\//.test(specifier)) {
      const folder = path.posix.dirname(decodeURI(context.parentURL.slice(SCHEME.length + 1)));
      return { url: `${SCHEME}/${encodeURI(path.posix.join(folder, specifier))}`, shortCircuit: true };
    }
    const parentURL = fromStep
      ? pathToFileURL(path.join(packagesFolder ?? process.cwd(), 'package.json')).href
      : context.parentURL;
    return next(specifier, { ...context, parentURL });
  },
  load(url, context, next) {
    if (!url.startsWith(SCHEME)) return next(url, context);
    const key = decodeURI(url.slice(SCHEME.length + 1));
    if (key === ':pipewright') return { format: 'module', source: stub(), shortCircuit: true };
    const source = STEP.modules[key];
    if (source === undefined) throw new Error(`the module ${key} did not travel with the step`);
    return { format: key.endsWith('.json') ? 'json' : 'module', source, shortCircuit: true };
  },
});

// The pipeline's own code runs again here, without a pipeline: every name of the SDK is something that can be called, read
// and chained without doing anything, except that function components are kept.
function stub() {
  const names = new Set();
  for (const source of Object.values(STEP.modules)) {
    for (const [, list] of source.matchAll(/import\s*(?:[\w$]+\s*,\s*)?\{([^}]*)\}\s*from\s*['"]pipewright(?:\/[^'"]*)?['"]/g)) {
      for (const name of list.split(',')) if (name.trim()) names.add(name.trim().split(/\s+as\s+/)[0]);
    }
  }
  const anything = `const anything = new Proxy(function () {}, {
    get: (_, key) => (key === Symbol.toPrimitive ? () => '' : key === 'then' ? undefined : key === Symbol.iterator ? function* () {} : anything),
    apply: () => anything,
    construct: () => anything,
  });`;
  const keep = `const functions = globalThis[Symbol.for('pipewright.step')];
  const keep = (options, fn) => { if (typeof fn === 'function') functions.set(options.name, { options, fn }); return anything; };`;
  const exported = [...names]
    .filter((name) => name !== 'default')
    .map((name) => `export const ${name} = ${name === 'component' ? 'keep' : 'anything'};`);
  return [anything, keep, ...exported, 'export default anything;'].join('\n');
}

function installPackages() {
  const wanted = Object.entries(STEP.packages)
    .map(([name, version]) => `${name}@${version}`)
    .sort();
  if (wanted.length === 0) return undefined;
  const { createHash } = process.getBuiltinModule('crypto');
  const key = createHash('sha256')
    .update([process.version, process.arch, ...wanted].join('\n'))
    .digest('hex')
    .slice(0, 32);
  const cache = cacheFolder();
  const folder = path.join(cache, key);
  if (fs.existsSync(path.join(folder, 'node_modules'))) return folder;
  const fresh = fs.mkdtempSync(path.join(cache, `${key}-`));
  fs.writeFileSync(path.join(fresh, 'package.json'), '{"private":true}');
  process.stdout.write(`installing ${wanted.join(', ')}\n`);
  const { spawnSync } = process.getBuiltinModule('child_process');
  const options = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--save-exact'];
  const done = spawnSync('npm', [...options, ...wanted], { cwd: fresh, stdio: 'inherit' });
  if (done.error) throw new Error(`npm cannot be started: ${done.error.message}`);
  if (done.status !== 0) throw new Error(`npm could not install ${wanted.join(', ')}`);
  // Another step may have been faster; then its folder is used and this one goes.
  try {
    fs.renameSync(fresh, folder);
  } catch (error) {
    if (!fs.existsSync(path.join(folder, 'node_modules'))) throw error;
    fs.rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}

// A step's own temporary folder goes with the step; what is installed should stay for the next one where that is possible.
function cacheFolder() {
  const os = process.getBuiltinModule('os');
  const wanted = process.env.PIPEWRIGHT_NPM_CACHE ?? path.join(os.homedir(), '.cache', 'pipewright', 'npm');
  for (const folder of [wanted, path.join(os.tmpdir(), 'pipewright-npm')]) {
    try {
      fs.mkdirSync(folder, { recursive: true });
      fs.accessSync(folder, fs.constants.W_OK);
      return folder;
    } catch {
      // Not writable, as in an image with a user of its own: the next one.
    }
  }
  throw new Error('there is no folder to install npm packages to; name one with PIPEWRIGHT_NPM_CACHE');
}

function localPath({ uri, custom_path: own }) {
  if (own) return own;
  const mounts = { 'gs://': '/gcs/', 's3://': '/s3/', 'minio://': '/minio/', 'file://': '' };
  const scheme = Object.keys(mounts).find((start) => uri.startsWith(start));
  return scheme === undefined ? uri : mounts[scheme] + uri.slice(scheme.length);
}

const typeName = (type) => type?.schemaTitle ?? type?.instanceSchema ?? '';

function artifact(given) {
  return {
    name: given.name,
    uri: given.uri,
    path: localPath(given),
    type: typeName(given.type),
    metadata: { ...given.metadata },
  };
}

function inputsOf(executorInput) {
  const { parameterValues = {}, artifacts = {} } = executorInput.inputs ?? {};
  const inputs = { ...parameterValues };
  for (const [name, { artifacts: list }] of Object.entries(artifacts)) inputs[name] = list.map(artifact);
  // An artifact comes as a list of one, unless the component said it takes a list.
  for (const name of Object.keys(artifacts)) if (!STEP.lists.includes(name)) inputs[name] = inputs[name][0];
  return inputs;
}

const flag = process.argv.indexOf('--executor_input');
const executorInput = JSON.parse(process.argv[flag + 1]);
await import(`${SCHEME}/${encodeURI(STEP.entry)}`);
const found = functions.get(STEP.component);
if (found === undefined) throw new Error(`the module ${STEP.entry} has no component "${STEP.component}"`);
const planned = executorInput.outputs ?? {};
const outputs = {};
for (const [
  name,
  {
    artifacts: [first],
  },
] of Object.entries(planned.artifacts ?? {})) {
  outputs[name] = artifact(first);
  fs.mkdirSync(path.dirname(outputs[name].path), { recursive: true });
}
const result = await found.fn(inputsOf(executorInput), outputs);
const parameterValues = {};
for (const name of Object.keys(planned.parameters ?? {})) {
  const value = result?.[name];
  if (value === undefined) throw new Error(`the function of "${STEP.component}" did not return the output "${name}"`);
  parameterValues[name] = value;
}
const artifacts = Object.fromEntries(
  Object.entries(outputs).map(([name, { name: own, uri, metadata }]) => [name, { artifacts: [{ name: own, uri, metadata }] }]),
);
fs.mkdirSync(path.dirname(planned.outputFile), { recursive: true });
fs.writeFileSync(planned.outputFile, JSON.stringify({ parameterValues, artifacts }));
