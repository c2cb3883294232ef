import type { Operation } from "../operation.ts";

/** `random:index/randomPet:RandomPet` is shown as `random:index:RandomPet`. */
export function shortType(type: string): string {
  const [packageName, module = "", name = ""] = type.split(":");
  const [folder, file] = module.split("/");
  const repeats = file !== undefined && file.toLowerCase() === name.toLowerCase();
  return repeats ? `${packageName}:${folder}:${name}` : type;
}

interface OperationWords {
  /** Two characters in front of a resource. */
  readonly mark: string;
  readonly planned: string;
  readonly active: string;
  readonly done: string;
  readonly failed: string;
}

const words = (mark: string, planned: string, active: string, done: string): OperationWords => ({
  mark,
  planned,
  active,
  done,
  failed: `**${active} failed**`,
});

export const operationWords: Readonly<Record<Operation, OperationWords>> = {
  same: words("  ", "", "", ""),
  create: words("+ ", "create", "creating", "created"),
  update: words("~ ", "update", "updating", "updated"),
  delete: words("- ", "delete", "deleting", "deleted"),
  replace: words("+-", "replace", "replacing", "replaced"),
  "create-replacement": words("++", "create replacement", "creating replacement", "created replacement"),
  "delete-replaced": words("--", "delete original", "deleting original", "deleted original"),
  read: words("> ", "read", "reading", "read"),
  "read-discard": words("< ", "discard", "discarding", "discarded"),
  "discard-replaced": words("< ", "discard original", "discarding original", "discarded original"),
  refresh: words("~ ", "refresh", "refreshing", "refreshed"),
};
