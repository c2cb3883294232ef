import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * A compiler that remembers. Cilium's agent compiles the same BPF programs at each of its starts, which is most of the
 * time a warm start takes; this finds the earlier result by what the program is after preprocessing.
 * @param compiler path of the real clang
 * @param results folder of earlier results, safe to delete
 */
export function renderCompiler(compiler: string, results: string): string {
  const quoted = (path: string) => `'${path.replaceAll("'", "'\\''")}'`;
  return `#!/bin/sh
set -eu
compiler=${quoted(compiler)}
results=${quoted(results)}

# The same arguments, but only preprocessing.
preprocess() {
  count=$#
  while [ "$count" -gt 0 ]; do
    argument=$1
    shift
    [ "$argument" != -c ] || argument=-E
    set -- "$@" "$argument"
    count=$((count - 1))
  done
  "$compiler" "$@"
}

case " $* " in
  *" -c "*" -o - ") ;;
  *) exec "$compiler" "$@" ;;
esac
key=$( (echo "$compiler" "$@" && preprocess "$@") | sha256sum | cut -d ' ' -f 1)
result=$results/$key.o
if [ ! -s "$result" ]; then
  "$compiler" "$@" > "$result.$$"
  mv "$result.$$" "$result"
fi
exec cat "$result"
`;
}

/** Puts the remembering compiler into `folder` under the name Cilium looks for. */
export async function writeCompiler(folder: string, compiler: string, results: string): Promise<void> {
  await mkdir(results, { recursive: true });
  const file = join(folder, "clang");
  await writeFile(file, renderCompiler(compiler, results));
  await chmod(file, 0o755);
}
