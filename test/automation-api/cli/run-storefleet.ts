import { runCli } from "../../../automation-api/cli/program.ts";

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Given {
  readonly key?: string;
  readonly input?: string;
  readonly isWatched?: boolean;
  readonly origin?: string;
}

/** `storefleet` with these words, on a machine that keeps its login in `loginFile`. */
export async function runStorefleet(
  loginFile: string,
  words: string,
  { key, input = "", isWatched = false, origin }: Given = {},
): Promise<Run> {
  let [out, err] = ["", ""];
  const terminal = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    isWatched,
    input: async () => input,
  };
  const code = await runCli(words.split(" "), { terminal, loginFile, hostname: "here", origin, key }, "1.2.3");
  return { code, out, err };
}
