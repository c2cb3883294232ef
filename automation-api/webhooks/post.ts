import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { Agent, fetch } from "undici";
import { isPublicAddress, literalAddress, PrivateAddress } from "./public-address.ts";

export interface Posted {
  /** HTTP status; 200 to 299 is success. */
  readonly answer: number;
}

/** Sends a body to an address. Throws a PrivateAddress, or whatever kept it from arriving. */
export type Post = (url: string, body: string, headers: Readonly<Record<string, string>>) => Promise<Posted>;

export interface PostOptions {
  /** Whether addresses may be private, and plain HTTP; read at each request. */
  readonly mayBePrivate: () => Promise<boolean>;
  /** Default: the system's resolver. */
  readonly lookup?: LookupFunction;
  /** How long a request may take in all, in milliseconds. Default 15 seconds. */
  readonly patience?: number;
}

/**
 * Posts to addresses that strangers choose. A name is resolved while the connection is made, every address it has must be
 * public, and it is one of these that is connected to: a name that means something else a moment later changes nothing.
 * Redirects are not followed, and the answer's body is not read.
 */
export function createPost(options: PostOptions): { post: Post; close(): Promise<void> } {
  const { mayBePrivate, lookup = systemLookup, patience = 15_000 } = options;
  const limits = { headersTimeout: 10_000, bodyTimeout: 5000, maxHeaderSize: 16_384, keepAliveTimeout: 1000 };
  const guarded = new Agent({ ...limits, connect: { timeout: 5000, lookup: onlyPublic(lookup) } });
  const trusting = new Agent({ ...limits, connect: { timeout: 5000, lookup } });

  async function post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<Posted> {
    const isTrusted = await mayBePrivate();
    if (!isTrusted) refusePrivate(url);
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: { ...headers, "content-type": "application/json", "user-agent": "Storefleet-Webhooks/1" },
      redirect: "manual",
      signal: AbortSignal.timeout(patience),
      dispatcher: isTrusted ? trusting : guarded,
    });
    await response.body?.cancel();
    return { answer: response.status };
  }
  return { post, close: async () => void (await Promise.all([guarded.destroy(), trusting.destroy()])) };
}

/**
 * Throws a PrivateAddress for what can be told without asking anybody: an address that is no name (`URL` has turned decimal
 * and other spellings into the usual one), a name of this machine or of a private network, plain HTTP.
 */
export function refusePrivate(url: string): void {
  const { hostname, protocol } = new URL(url);
  const literal = literalAddress(hostname);
  const name = hostname.replace(/\.$/, "");
  const isPrivateName = !name.includes(".") || /\.(localhost|local|internal|arpa|home|lan)$/.test(name);
  const isPrivate = literal === undefined ? isPrivateName : !isPublicAddress(literal);
  if (isPrivate) throw new PrivateAddress(hostname);
  if (protocol !== "https:")
    throw new Error("Webhooks go over https:// only; what they tell is nobody else's business.");
}

/** A resolver that knows public addresses only. */
function onlyPublic(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, "", 0);
      const addresses = typeof found === "string" ? [] : found;
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(new PrivateAddress(hostname), "", 0);
      }
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
