// Encrypts every stack with another passphrase, while nobody works on any. Standard input is {"passphrase": …, "next": …}; the
// last line of standard output says how many stacks there are. Safe to repeat: a stack that has the next passphrase already is
// left as it is. Reads the environment that a worker has.
import { readFileSync } from "node:fs";
import { z } from "zod";
import { readConfig } from "./config.ts";
import { createPassphraseChange } from "./passphrase-change.ts";

const { passphrase, next } = z
  .object({ passphrase: z.string().min(1), next: z.string().min(1) })
  .parse(JSON.parse(readFileSync(0, "utf8")));
const change = createPassphraseChange(readConfig(), { passphrase, next });
const stacks = await change.all();
process.stdout.write(`${stacks}\n`);
