/** What the storefront is told from outside. The only file that knows the names of environment variables. */
export interface Environment {
  /** Where Medusa's store API answers, without a slash at its end, such as `http://medusa:9000`. */
  readonly medusaUrl: string;
  /** `pk_` and 64 hexadecimal digits; says which sales channel this storefront shows. */
  readonly publishableKey: string;
  readonly storeName: string;
  /** Public origin without a slash at its end. Cookies are `Secure` when it is https. */
  readonly storeUrl: string;
  /** Default 8000. */
  readonly port: number;
  /** Address to listen on. Default `0.0.0.0`, as a container must; use `127.0.0.1` outside of one. */
  readonly host: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads and checks everything at once, so that one failed start names every mistake. */
export function parseEnvironment(variables: Variables): Environment {
  const mistakes: string[] = [];
  const text = (name: string, shape: RegExp, meaning: string, fallback?: string): string => {
    const value = variables[name]?.trim() || fallback || "";
    if (!shape.test(value)) mistakes.push(`${name} ${value ? "is not" : "is not set; it must be"} ${meaning}.`);
    return value.replace(/\/$/, "");
  };
  const environment: Environment = {
    medusaUrl: text("MEDUSA_URL", /^https?:\/\/[^/\s]+\/?$/, "an address such as http://medusa:9000"),
    publishableKey: text("PUBLISHABLE_KEY", /^pk_[0-9a-f]{64}$/, "pk_ and 64 hexadecimal digits"),
    storeName: text("STORE_NAME", /./, "the name that customers see", "Store"),
    storeUrl: text("STORE_URL", /^https?:\/\/[^/\s]+\/?$/, "an origin such as https://shop.example"),
    port: Number(text("PORT", /^\d{1,5}$/, "a port number", "8000")),
    host: text("HOST", /^[\w.:-]+$/, "an address to listen on", "0.0.0.0"),
  };
  if (mistakes.length > 0) {
    throw new Error(`The storefront cannot start: ${mistakes.join(" ")} Set the variables named here and start again.`);
  }
  return environment;
}
