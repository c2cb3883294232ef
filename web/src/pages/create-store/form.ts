import { type CreateStore, createStoreSchema } from "../../../../automation-api/contract/store.ts";
import { isSignedOut, ProblemError } from "../../api/errors.ts";

/** What stands in the fields; an empty text is a field that was left out. */
export interface FormValues {
  name: string;
  displayName: string;
  engine: string;
  plan: string;
  currency: string;
  country: string;
  adminEmail: string;
  sampleData: boolean;
  domain: string;
  cluster: string;
}

export type FieldErrors = Partial<Record<keyof FormValues, string>>;

export const emptyForm: FormValues = {
  name: "",
  displayName: "",
  engine: "medusa",
  plan: "basic",
  currency: "eur",
  country: "de",
  adminEmail: "",
  sampleData: true,
  domain: "",
  cluster: "",
};

/** Checks with the service's own schema. Either what to send, or one sentence for each field that cannot stay. */
export function check(values: FormValues): { request?: CreateStore; errors: FieldErrors } {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
  const parsed = createStoreSchema.safeParse(given);
  if (parsed.success) return { request: parsed.data, errors: {} };
  return { errors: fieldErrors(parsed.error.issues.map(({ path, message }) => ({ field: path.join("."), message }))) };
}

function isField(field: string): field is keyof FormValues {
  return field in emptyForm;
}

/** The first message of each field; those of fields the form does not have are left out. */
function fieldErrors(found: readonly { field: string; message: string }[]): FieldErrors {
  const errors: FieldErrors = {};
  for (const { field, message } of found) {
    const name = field.split(/[./]/).at(-1) ?? "";
    if (isField(name)) errors[name] ??= message;
  }
  return errors;
}

/** Which fields an answer of the service is about. Empty when it is about none. */
export function errorsFrom(error: unknown): FieldErrors {
  if (!(error instanceof ProblemError) || isSignedOut(error)) return {};
  const errors = fieldErrors(error.problem.errors ?? []);
  const aboutName = error.problem.status === 409 && Object.keys(errors).length === 0;
  return aboutName ? { name: error.message } : errors;
}

/** As people type a name: small letters, dashes for blanks. */
export function tidyName(typed: string): string {
  return typed.toLowerCase().replaceAll(/[\s_]+/g, "-");
}

const DRAFT = "storefleet-new-store";

/** What was typed before the page was left or the session ended. Holds no secret. */
export function readDraft(storage: Storage | undefined): FormValues {
  try {
    const draft: unknown = JSON.parse(storage?.getItem(DRAFT) ?? "{}");
    if (typeof draft !== "object" || draft === null) return emptyForm;
    const known = Object.entries(draft).filter(
      ([key, value]) => isField(key) && typeof value === typeof emptyForm[key],
    );
    return { ...emptyForm, ...Object.fromEntries(known) };
  } catch {
    return emptyForm;
  }
}

/** `undefined` forgets it. */
export function keepDraft(storage: Storage | undefined, values: FormValues | undefined): void {
  try {
    if (values === undefined) storage?.removeItem(DRAFT);
    else storage?.setItem(DRAFT, JSON.stringify(values));
  } catch {
    // Storage is full or switched off; the draft lives as long as the page.
  }
}
