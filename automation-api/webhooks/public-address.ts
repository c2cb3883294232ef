import ipaddr from "ipaddr.js";

/** A webhook's address leads where no webhook may lead. The message is a sentence for its owner. */
export class PrivateAddress extends Error {
  override readonly name = "PrivateAddress";

  constructor(host: string) {
    super(
      `"${host}" is a private address, or leads to one. Choose a public one, or ask an administrator of the platform to allow private ones.`,
    );
  }
}

/** All that is given out to the world in version 6; everything else has some meaning of its own. */
const PUBLIC_6 = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Whether an address, as text, can only be reached over the internet. Not loopback, private, link-local (where clouds keep
 * their metadata), shared, reserved or multicast, and nothing that carries an address of version 4 inside.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== "unicast") return false;
  return address instanceof ipaddr.IPv4 || address.match(PUBLIC_6);
}

/** The address that a URL's host is, without brackets; `undefined` for a name. */
export function literalAddress(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return ipaddr.isValid(bare) ? bare : undefined;
}
