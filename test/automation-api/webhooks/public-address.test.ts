import { describe, expect, it } from "vitest";
import { refusePrivate } from "../../../automation-api/webhooks/post.ts";
import { isPublicAddress, PrivateAddress } from "../../../automation-api/webhooks/public-address.ts";

describe("an address is private", () => {
  it.each([
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "240.0.0.1",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:db8::1",
    "2001::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "not an address",
  ])("as %s is", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe("an address is public", () => {
  it.each(["93.184.215.14", "8.8.8.8", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e"])("as %s is", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe("a URL is refused", () => {
  it.each([
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::1]:8443/",
    "https://169.254.169.254/latest/meta-data",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://demo.localhost/",
    "https://kubernetes.default.svc.cluster.local/",
    "https://metadata.google.internal/",
    "https://kubernetes/",
    "https://①②⑦.⓪.⓪.①/",
  ])("that is %s, before anybody is asked", (url) => {
    expect(() => refusePrivate(url)).toThrow(PrivateAddress);
  });

  it("over plain HTTP, and not when it is a public name over HTTPS", () => {
    expect(() => refusePrivate("http://example.com/")).toThrow("https://");
    expect(() => refusePrivate("https://example.com/")).not.toThrow();
    expect(() => refusePrivate("https://93.184.215.14/")).not.toThrow();
  });
});
