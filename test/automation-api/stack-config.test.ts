import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { configOf } from "../../automation-api/bring-up-store.ts";
import { writeStackConfig } from "../../automation-api/stack-config.ts";
import { specSchema } from "../../stores/spec.ts";
import { parseTarget } from "../../stores/target.ts";

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "storefleet-config-"));
  file = join(folder, "Pulumi.shop.yaml");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What means something to YAML, templates, shells, paths or terminals, alone and inside of other text. */
const signs = ["{{ .Values }}", "$(id)", "`id`", "$HOME", "..", "../../etc", "a\nb", "\r\n", "\t", "- a", ": b", "# c"];
const more = [
  "'",
  '"',
  "!!js",
  "&a *a",
  "%TAG",
  "|",
  ">",
  "null",
  "true",
  "1e3",
  "0x10",
  "\u202e",
  "\u2028",
  "é",
  "😀",
];
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 70 }),
  fc.constantFrom(...signs, ...more, "x".repeat(63), "x".repeat(64)),
  fc
    .tuple(fc.string({ unit: "grapheme", maxLength: 20 }), fc.constantFrom(...signs, ...more))
    .map(([before, sign]) => `${before}${sign}`),
);

describe("the configuration of a stack", () => {
  it("is read back as it was written, whatever the settings hold", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), text), (config) => {
        rmSync(file, { force: true });
        writeStackConfig(file, "stores", config);

        const read = parse(readFileSync(file, "utf8")).config;
        expect(read).toEqual(
          Object.fromEntries(Object.entries(config).map(([key, value]) => [`stores:${key}`, value])),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps what else is in the file", () => {
    writeFileSync(file, "encryptionsalt: v1:abc\nconfig:\n  stores:old: kept\n  stores:name: before\n");
    writeStackConfig(file, "stores", { name: "after" });

    expect(parse(readFileSync(file, "utf8"))).toEqual({
      encryptionsalt: "v1:abc",
      config: { "stores:old": "kept", "stores:name": "after" },
    });
  });
});

describe("what somebody asks for", () => {
  it("becomes settings of one line each, names that are DNS labels, or is refused", () => {
    let accepted = 0;
    const settings = fc.record(
      {
        name: fc.oneof(text, fc.stringMatching(/^[a-z][a-z0-9-]{0,62}$/)),
        displayName: fc.oneof(text, fc.constant("A shop")),
        adminEmail: fc.oneof(text, fc.constant("a@example.com")),
        domain: fc.oneof(text, fc.constant("shop.example.com")),
        currency: fc.oneof(text, fc.constant("eur")),
        country: fc.oneof(text, fc.constant("de")),
      },
      { requiredKeys: ["name"] },
    );
    fc.assert(
      fc.property(settings, (given) => {
        const parsed = specSchema.safeParse({ ...given, engine: "medusa" });
        if (!parsed.success) return;
        accepted += 1;
        const { displayName, ...config } = configOf(parsed.data, parseTarget({}));
        expect(`store-${parsed.data.name}`).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
        // Free text is one line for people; nothing else can hold a sign that means something to anybody.
        expect(displayName).not.toMatch(/[\p{Cc}\p{Cs}]/u);
        const { baseDomain: _, blockedRanges: __, ...own } = config;
        for (const value of Object.values(own)) expect(value).not.toMatch(/[\s{}$`\\;|<>()"]/);
      }),
      { numRuns: 20_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
