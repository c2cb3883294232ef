import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createPassphraseChange } from "../../automation-api/passphrase-change.ts";

/** A pulumi that keeps each stack's passphrase in a file, and refuses to work on a stack named `broken`. */
const PULUMI = `#!/bin/sh
set -eu
if [ "$2" = ls ]; then
  sep=''; printf '['
  for file in "$STACKS"/*; do printf '%s{"name":"%s"}' "$sep" "$(basename "$file")"; sep=,; done
  printf ']'; exit 0
fi
for word; do stack=\${stack_is_next:+$word}; [ -z "\${stack_is_next:-}" ] || break; [ "$word" != --stack ] || stack_is_next=1; done
lock="$STACKS/../state/.pulumi/locks/organization/stores/$stack"
if [ -e "$lock" ]; then echo "error: the stack is currently locked by 1 lock(s)" >&2; exit 255; fi
if [ "$stack" = broken ] || [ "$(cat "$STACKS/$stack")" != "$PULUMI_CONFIG_PASSPHRASE" ]; then
  echo "error: incorrect passphrase" >&2; exit 255
fi
[ "$2" != change-secrets-provider ] || head -n 1 | tr -d '\\n' >"$STACKS/$stack"
`;

function makeFleet(stacks: Record<string, string>, secretsProvider?: string) {
  const root = mkdtempSync(join(tmpdir(), "storefleet-passphrase-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const folder of ["bin", "stacks", "program", "work", "state"]) mkdirSync(join(root, folder));
  writeFileSync(join(root, "bin", "pulumi"), PULUMI);
  chmodSync(join(root, "bin", "pulumi"), 0o755);
  writeFileSync(join(root, "program", "Pulumi.yaml"), "name: stores\nruntime: nodejs\n");
  for (const [stack, passphrase] of Object.entries(stacks)) writeFileSync(join(root, "stacks", stack), passphrase);
  const change = createPassphraseChange(
    {
      pulumi: {
        root,
        description: "a pulumi of the test",
        version: "0",
        backendUrl: `file://${join(root, "state")}`,
        secretsProvider,
        inherited: { PATH: process.env.PATH, STACKS: join(root, "stacks") },
        environment: { PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere" },
      },
      storeProgram: join(root, "program"),
      workFolders: join(root, "work"),
    },
    { passphrase: "old", next: "new" },
  );
  const passphraseOf = (stack: string) => readFileSync(join(root, "stacks", stack), "utf8");
  return { root, change, passphraseOf };
}

it("gives every stack the next passphrase, and forgets copies that the old one opens", async () => {
  const { root, change, passphraseOf } = makeFleet({ one: "old", two: "old" });
  mkdirSync(join(root, "work", "one"));
  writeFileSync(join(root, "work", "one", "state-2026.json"), "{}");

  expect(await change.all()).toBe(2);

  expect(["one", "two"].map(passphraseOf)).toEqual(["new", "new"]);
  expect(existsSync(join(root, "work", "one", "state-2026.json"))).toBe(false);
});

it("leaves stacks alone whose secrets a key keeps", async () => {
  const { change, passphraseOf } = makeFleet({ one: "old" }, "hashivault://stores");

  await expect(change.all()).rejects.toThrow("encrypted with hashivault://stores, not with a passphrase");

  expect(passphraseOf("one")).toBe("old");
});

it("goes on where a run was cut off", async () => {
  const { change, passphraseOf } = makeFleet({ one: "new", two: "old" });

  expect(await change.all()).toBe(2);

  expect(["one", "two"].map(passphraseOf)).toEqual(["new", "new"]);
});

it("goes on where a run was cut off that had put a lock aside, and gives it back", async () => {
  const { root, change, passphraseOf } = makeFleet({ one: "old" });
  const locks = join(root, "state/.pulumi/locks/organization/stores");
  for (const [folder, owner] of Object.entries({ "one.aside": "of before", one: "of the change" })) {
    mkdirSync(join(locks, folder), { recursive: true });
    writeFileSync(join(locks, folder, "lock.json"), owner);
  }

  expect(await change.all()).toBe(1);

  expect(passphraseOf("one")).toBe("new");
  expect(readdirSync(locks)).toEqual(["one"]);
  expect(readFileSync(join(locks, "one", "lock.json"), "utf8")).toBe("of before");
});

it("gives stacks their old passphrase back when one of them cannot be changed, and keeps every lock", async () => {
  const { root, change, passphraseOf } = makeFleet({ able: "old", broken: "old" });
  const lock = join(root, "state/.pulumi/locks/organization/stores/able/lock.json");
  mkdirSync(join(lock, ".."), { recursive: true });
  writeFileSync(lock, "{}");

  await expect(change.all()).rejects.toThrow(
    'The stack "broken" could not be encrypted anew: error: incorrect passphrase',
  );

  expect(passphraseOf("able")).toBe("old");
  expect(existsSync(lock)).toBe(true);
});
