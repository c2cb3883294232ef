/** Where one of several secrets was found, and how it was written there. */
export interface Trace {
  readonly place: string;
  readonly form: string;
}

/** How a secret looks as it is, in base64 at every offset, in a URL and in JSON. */
function formsOf(secret: string): ReadonlyMap<string, string> {
  const forms = new Map([
    ["raw", secret],
    ["URL-encoded", encodeURIComponent(secret)],
    ["in JSON", JSON.stringify(secret).slice(1, -1)],
    ["in JSON as Go writes it", secret.replaceAll("&", "\\u0026")],
  ]);
  for (const offset of [0, 1, 2]) {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    // The first and the last letters also hold bits of what stands before and behind.
    const first = Math.ceil((offset * 8) / 6);
    const whole = Math.floor((bytes.length * 8) / 6);
    const letters = bytes.toString("base64").slice(first, whole);
    forms.set(`base64 at offset ${offset}`, letters);
    forms.set(`base64url at offset ${offset}`, letters.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return forms;
}

/** Every place in which one of the secrets stands in some form. */
export function tracesOf(secrets: Iterable<string>, places: ReadonlyMap<string, string | Buffer>): Trace[] {
  const forms = [...secrets].flatMap((secret) => [...formsOf(secret)]);
  return [...places].flatMap(([place, held]) =>
    forms.filter(([, written]) => held.includes(written)).map(([form]) => ({ place, form })),
  );
}
