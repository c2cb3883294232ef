import { describe, expect, it } from "vitest";
import { engines } from "../../stores/engines/registry.ts";
import { parseSpec } from "../../stores/spec.ts";
import { addressesOf, parseTarget } from "../../stores/target.ts";

const { forwards } = engines.medusa;
const spec = parseSpec({ name: "shop1", engine: "medusa" });

describe("the addresses of a store", () => {
  it.each([
    ["below the base domain, with the ingress' port", {}, "http://shop1.localhost:8080"],
    ["without the default port", { ingressPort: 80 }, "http://shop1.localhost"],
    [
      "below another base domain",
      { baseDomain: "stores.example.com", ingressPort: 80 },
      "http://shop1.stores.example.com",
    ],
    ["with TLS", { tlsSecret: "shop1-tls", ingressPort: 443 }, "https://shop1.localhost"],
    ["with a wildcard", { wildcardCertificate: true, ingressPort: 443 }, "https://shop1.localhost"],
    ["with TLS on a port of its own", { tlsSecret: "shop1-tls", ingressPort: 8443 }, "https://shop1.localhost:8443"],
  ])("are %s", (_case, target, origin) => {
    const addresses = addressesOf(spec, parseTarget(target), forwards);

    expect(addresses).toEqual({ storefront: origin, backend: origin, host: new URL(origin).hostname });
  });

  it("use a domain of the store's own", () => {
    const own = parseSpec({ name: "shop1", engine: "medusa", domain: "shop.example.com" });

    expect(addressesOf(own, parseTarget({}), forwards).host).toBe("shop.example.com");
  });

  it("begin with http where the wildcard does not cover the store's own domain", () => {
    const origin = (domain: string, target: object) =>
      addressesOf(
        parseSpec({ name: "shop1", engine: "medusa", domain }),
        parseTarget({ baseDomain: "example.com", ingressPort: 443, wildcardCertificate: true, ...target }),
        forwards,
      ).storefront;

    expect(origin("tea.example.com", {})).toBe("https://tea.example.com");
    expect(origin("tea.shops.example.com", {})).toBe("http://tea.shops.example.com:443");
    expect(origin("tea.example.org", { tlsSecret: "store-tls" })).toBe("https://tea.example.org");
  });

  it("are those of two port-forwards where there is no ingress", () => {
    expect(addressesOf(spec, parseTarget({ ingressClass: "" }), forwards)).toEqual({
      storefront: "http://localhost:8000",
      backend: "http://localhost:9000",
      host: undefined,
    });
  });
});

describe("a target", () => {
  it.each([
    ["a port out of range", { ingressPort: 70000 }, "The ingress port must be between 1 and 65535."],
    ["a port in words", { ingressPort: "http" }, 'The ingress port "http" is not a whole number.'],
    ["a broken base domain", { baseDomain: "http://x" }, '"http://x" is not a base domain;'],
    ["TLS without ingress", { ingressClass: "", tlsSecret: "x" }, "A TLS secret is set, but no ingress class"],
    ["an issuer without a Secret", { certificateIssuer: "fleet" }, "An issuer is set, but no tlsSecret"],
    ["a wildcard without ingress", { ingressClass: "", wildcardCertificate: true }, "there would be no way in"],
    ["a Gateway without a listener", { gateway: "system/gateway" }, "write it as namespace/name/section"],
    ["an ingress of nobody", { ingressNamespace: "" }, "An ingress class is set, but not the namespace"],
    ["no blocked ranges", { blockedRanges: [] }, "There must be blocked ranges"],
    ["a broken range", { blockedRanges: ["10.0.0.0"] }, '"10.0.0.0" is not a range of addresses'],
    ["a Secret's impossible name", { tlsSecret: "My Secret" }, '"My Secret" cannot be the name of a Secret;'],
    ["a misspelt key", { ingresClass: "x" }, '"ingresClass" cannot be set; check the spelling.'],
  ])("refuses %s in words a person understands", (_case, input, sentence) => {
    expect(() => parseTarget(input)).toThrow(sentence);
  });

  it("blocks the metadata services of clouds, the node's and the cluster's networks by default", () => {
    const ranges = parseTarget({}).blockedRanges;

    for (const address of [
      "169.254.169.254",
      "100.100.100.200",
      "10.96.0.1",
      "172.17.0.1",
      "192.168.1.1",
      "127.0.0.1",
    ]) {
      expect(
        ranges.some((range) => contains(range, address)),
        address,
      ).toBe(true);
    }
    expect(ranges.some((range) => contains(range, "93.184.215.14"))).toBe(false);
  });
});

function contains(range: string, address: string): boolean {
  const [base = "", bits = "32"] = range.split("/");
  const number = (text: string) => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(base) / size) === Math.floor(number(address) / size);
}
