import { describe, expect, it } from "vitest";
import { signedUrl } from "../../../stores/engines/woocommerce-rest.ts";

const signer = { key: "ck_1", secret: "cs_1", timestamp: 1_700_000_000, nonce: "abc" };
const signatureOf = (url: string) => new URL(url).searchParams.get("oauth_signature");

describe("a signed request", () => {
  // Reckoned by hand with `openssl dgst -sha256 -hmac 'cs_1&' -binary | base64` over the text that RFC 5849 says to sign.
  it("carries the signature of RFC 5849 over its method, address and parameters", () => {
    const url = signedUrl("GET", "http://shop.localhost:8080/wp-json/wc/v3/orders/1", signer);

    expect(signatureOf(url)).toBe("G+7pllx1F0Ss2q0LPQepfeEn5E2KVlw7eWVFTfFSzjw=");
  });

  it("changes its signature with everything that is asked", () => {
    const base = "http://shop.localhost:8080/wp-json/wc/v3/orders/1";
    const urls = [
      signedUrl("GET", base, signer),
      signedUrl("DELETE", base, signer),
      signedUrl("GET", `${base}?force=true`, signer),
      signedUrl("GET", base, { ...signer, secret: "cs_2" }),
      signedUrl("GET", base, { ...signer, nonce: "abd" }),
    ];

    expect(new Set(urls.map(signatureOf)).size).toBe(urls.length);
  });

  it("keeps the parameters of the address, and signs characters that addresses leave alone", () => {
    const url = new URL(signedUrl("GET", "http://shop.localhost/x?search=a'b (c)*!&page=2", signer));

    expect(url.searchParams.get("search")).toBe("a'b (c)*!");
    expect(url.searchParams.get("page")).toBe("2");
    expect(url.search).toContain("search=a%27b%20%28c%29%2A%21");
  });
});
