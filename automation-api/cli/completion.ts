import type { Command } from "commander";

export const SHELLS = ["bash", "zsh"] as const;
export type Shell = (typeof SHELLS)[number];

/** A script that completes the names of commands and their options. It is made from the commands themselves. */
export function completionScript(program: Command, shell: Shell): string {
  const lines = [...wordsByCommand(program)].map(([path, words]) => `    "${path}") words="${words.join(" ")}" ;;`);
  const body = `_storefleet() {
  local words path="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) path="$path $word" ;; esac
  done
  case "\${path# }" in
${lines.join("\n")}
    *) words="" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _storefleet storefleet
`;
  return shell === "zsh" ? `autoload -U +X bashcompinit && bashcompinit\n${body}` : body;
}

/** `stores list` → the words that can follow it. */
function wordsByCommand(program: Command): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const visit = (command: Command, path: string) => {
    const options = command.options.map(({ long }) => long).filter((long) => long !== undefined && long !== null);
    found.set(path, [...command.commands.map((each) => each.name()), ...options]);
    for (const inner of command.commands) visit(inner, `${path} ${inner.name()}`.trim());
  };
  visit(program, "");
  return found;
}
