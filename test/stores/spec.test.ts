import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ENGINES, LIMITS, PLANS, parseSpec, SettingsProblem } from "../../stores/spec.ts";

const wrong = (input: unknown): readonly string[] => {
  try {
    parseSpec(input);
  } catch (error) {
    if (error instanceof SettingsProblem) return error.sentences;
    throw error;
  }
  return [];
};

describe("a spec", () => {
  it("needs no more than a name and an engine", () => {
    expect(parseSpec({ name: "shop1", engine: "medusa" })).toEqual({
      name: "shop1",
      engine: "medusa",
      plan: "basic",
      displayName: "shop1",
      currency: "eur",
      country: "de",
      sampleData: true,
      adminEmail: "admin@example.com",
    });
  });

  it("takes codes, addresses and domains however they are written", () => {
    const spec = parseSpec({
      name: "shop1",
      engine: "medusa",
      currency: " USD",
      country: "Us",
      adminEmail: "Ann@Example.com",
      domain: "Shop.Example.com ",
      displayName: " Ann's shop ",
    });

    expect(spec).toMatchObject({ currency: "usd", country: "us", domain: "shop.example.com" });
    expect(spec).toMatchObject({ adminEmail: "ann@example.com", displayName: "Ann's shop" });
  });

  it.each([
    ["no name", { engine: "medusa" }, "A store needs a name."],
    ["capitals", { name: "Shop", engine: "medusa" }, 'The name "Shop" cannot be used: begin with a small letter,'],
    ["a dot", { name: "my.shop", engine: "medusa" }, 'The name "my.shop" cannot be used:'],
    ["a dash at the end", { name: "shop-", engine: "medusa" }, 'The name "shop-" cannot be used:'],
    ["a number first", { name: "1shop", engine: "medusa" }, 'The name "1shop" cannot be used:'],
    ["a path", { name: "../shop", engine: "medusa" }, 'The name "../shop" cannot be used:'],
    ["an empty name", { name: "", engine: "medusa" }, 'The name "" cannot be used:'],
    ["a long name", { name: "s".repeat(58), engine: "medusa" }, "The name is 58 characters long; at most 57 fit."],
    ["default", { name: "default", engine: "medusa" }, 'The name "default" is reserved; choose another one.'],
    ["kube-system", { name: "kube-system", engine: "medusa" }, 'The name "kube-system" is reserved;'],
    ["storefleet", { name: "storefleet-system", engine: "medusa" }, 'The name "storefleet-system" is reserved;'],
    ["no engine", { name: "shop1" }, "A store needs an engine: medusa, woocommerce."],
    [
      "an engine of others",
      { name: "shop1", engine: "magento" },
      'The engine "magento" is not known; choose one of: medusa',
    ],
    [
      "an unknown plan",
      { name: "a", engine: "medusa", plan: "gold" },
      'The plan "gold" is not known; choose one of: basic, standard, premium.',
    ],
    [
      "an unknown currency",
      { name: "a", engine: "medusa", currency: "euro" },
      'The currency "euro" is not known; use a code such as eur or usd.',
    ],
    [
      "an unknown country",
      { name: "a", engine: "medusa", country: "uk" },
      'The country "uk" is not known; use a code such as de or us.',
    ],
    ["no e-mail address", { name: "a", engine: "medusa", adminEmail: "ann" }, '"ann" is not an e-mail address;'],
    [
      "a url as domain",
      { name: "a", engine: "medusa", domain: "https://a.b" },
      '"https://a.b" is not a domain; write a host name',
    ],
    ["an address as domain", { name: "a", engine: "medusa", domain: "10.0.0.1" }, '"10.0.0.1" is not a domain;'],
    ["a domain of one label", { name: "a", engine: "medusa", domain: "shop" }, '"shop" is not a domain;'],
    [
      "a line break in the display name",
      { name: "a", engine: "medusa", displayName: "a\nb" },
      "The display name holds control characters",
    ],
    ["a blank display name", { name: "a", engine: "medusa", displayName: "  " }, "The display name is empty;"],
    [
      "a long display name",
      { name: "a", engine: "medusa", displayName: "x".repeat(61) },
      "The display name is longer than 60 characters.",
    ],
    ["a misspelt key", { name: "a", engine: "medusa", plann: "basic" }, '"plann" cannot be set; check the spelling.'],
  ])("refuses %s in words a person understands", (_case, input, sentence) => {
    expect(wrong(input)).toEqual([expect.stringContaining(sentence)]);
  });

  it("names every mistake at once", () => {
    expect(wrong({ name: "Shop", engine: "magento", currency: "x" })).toHaveLength(3);
  });

  it("makes of every accepted name a namespace and a host that Kubernetes and DNS accept", () => {
    const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{1,70}$/), (name) => {
        const accepted = wrong({ name, engine: "medusa" }).length === 0;

        if (accepted) expect([`store-${name}`, name].every((text) => label.test(text))).toBe(true);
      }),
    );
  });

  it("either keeps a name exactly as it is or refuses it, whatever characters it has", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        if (wrong({ name, engine: "medusa" }).length === 0) {
          expect(parseSpec({ name, engine: "medusa" }).name).toBe(name);
          expect(name).toMatch(/^[a-z0-9-]+$/);
        }
      }),
    );
  });

  it("knows the engines and plans of the product", () => {
    expect(ENGINES).toContain("medusa");
    expect(PLANS).toEqual(["basic", "standard", "premium"]);
    expect(LIMITS.name).toBe(57);
  });
});
