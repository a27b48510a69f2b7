// Node looks for a module on disk, follows links and reads package.json before it loads one, which is a sixth of the server's
// start. Our own imports are full names of files that are there: nothing has to be looked for.
// Like pipewright.js this stays within ES2020.

/** `folder` is the URL of our modules, ending in a slash; `format` is what Node calls them. */
export function resolveOwnModules(module, { folder, extension, format }) {
  module.registerHooks({
    resolve(specifier, context, next) {
      const isOwn = specifier.startsWith('.') && specifier.endsWith(extension) && (context.parentURL || '').startsWith(folder);
      if (!isOwn) return next(specifier, context);
      return { url: new URL(specifier, context.parentURL).href, format, shortCircuit: true };
    },
  });
}
