/**
 * Loaded into a program's process before the SDK. The SDK loads, with every program, what only few programs use: the
 * TypeScript compiler and npm's own libraries (to serialise functions), the Automation API, and the source maps of all
 * packages. That is half of the process: 75 of 145 MB, and a third of a second. Here these parts get stand-ins, which load
 * the real module when somebody first uses it.
 */
import Module, { createRequire } from "node:module";
import { join } from "node:path";

/** Of the SDK whose runner is about to run: this module comes before it, and its path is the first argument already. */
const require = createRequire(process.argv[1] ?? import.meta.url);

/** Whatever a module exports: only the one who uses it knows more. */
type Exports = Readonly<Record<string | symbol, unknown>>;

/** Puts `standIn` in the place of a module of the SDK. An SDK that has no such module goes without. */
function replace(path: string, standIn: (load: () => Exports) => object): void {
  const file = locate(path);
  if (file === undefined) return;
  const load = () => {
    if (require.cache[file] === module) delete require.cache[file];
    return require(file);
  };
  const module = new Module(file);
  module.filename = file;
  module.loaded = true;
  module.exports = standIn(load);
  require.cache[file] = module;
}

function locate(path: string): string | undefined {
  try {
    return require.resolve(path);
  } catch {
    return undefined;
  }
}

/** For a module that is handed on as a whole: loaded at the first look inside. */
function later(path: string): void {
  replace(path, (load) => {
    const property = (name: string | symbol) => Object.getOwnPropertyDescriptor(load(), name);
    return new Proxy(
      {},
      {
        get: (_, name) => (name === "__esModule" ? true : load()[name]),
        has: (_, name) => name in load(),
        ownKeys: () => Reflect.ownKeys(load()),
        getOwnPropertyDescriptor: (_, name) => property(name) && { ...property(name), configurable: true },
      },
    );
  });
}

/** For a module whose functions are handed on one by one: loaded at the first call. */
function callsLater(path: string, names: readonly string[]): void {
  const call = (load: () => Exports, name: string, args: readonly unknown[]) => {
    const real = load()[name];
    if (typeof real !== "function") throw new TypeError(`${path} has no function ${name}`);
    return real(...args);
  };
  replace(path, (load) =>
    Object.fromEntries(names.map((name) => [name, (...args: unknown[]) => call(load, name, args)])),
  );
}

later("../../automation");
callsLater("../../runtime/closure/serializeClosure", ["serializeFunction", "serializeFunctionAsync"]);
callsLater("../../runtime/closure/codePaths", ["computeCodePaths"]);

// The SDK notes in which line each resource was made, and would read the source maps of every file on the way there. Only
// a failure shows lines of the SDK itself; the stack of an error is not written out before somebody looks at it.
if (isTypeScript()) {
  replace("source-map-support/register", (load) => {
    for (const event of ["uncaughtExceptionMonitor", "unhandledRejection"]) process.once(event, load);
    return {};
  });
}

/** Whether the program's lines are those its author wrote: Node strips types in place. A compiled program needs its maps. */
function isTypeScript(): boolean {
  const program = createRequire(join(process.cwd(), "program.js"));
  try {
    return /\.[cm]?ts$/.test(program.resolve(`./${process.argv.at(-1)}`));
  } catch {
    return false;
  }
}
