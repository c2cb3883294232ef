import { z } from "zod";
import { ToolchainProblem } from "./problem.ts";

const port = z.coerce.number().int().min(1).max(65535);

const schema = z.object({
  /** Folder of everything that belongs to this machine's fleet. Default `~/.storefleet`. */
  STOREFLEET_HOME: z.string().min(1).optional(),
  /** Folder of versioned downloads and builds; safe to share and to delete. Default: the user cache. */
  STOREFLEET_CACHE: z.string().min(1).optional(),
  /** Loopback port on which the cluster's ingress answers. */
  STOREFLEET_HTTP_PORT: port.default(8080),
  /** Loopback port of the dashboard and the API. */
  STOREFLEET_PORT: port.default(8090),
  /** Operations that run at the same time, at most. Default: the service's own. */
  STOREFLEET_CONCURRENCY: z.string().optional(),
  /** Registry that holds the store images. Unset: images are built here and loaded into the cluster. */
  STOREFLEET_REGISTRY: z.string().min(1).optional(),
  /** `owner/name` of the repository on GitHub whose releases must have signed every image. Unset: nobody is asked. */
  STOREFLEET_IMAGES_SIGNED_BY: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, { error: "must be the owner and name of a repository, such as acme/storefleet" })
    .optional(),
  /** `docker` or `buildah`, to insist on one builder. Default: docker where its daemon answers. */
  STOREFLEET_BUILDER: z.enum(["docker", "buildah"]).optional(),
  /** What a platform does in a cluster whose NetworkPolicies do nothing: `require` refuses it. Default `warn`. */
  STOREFLEET_NETWORK_POLICIES: z.enum(["require", "warn"]).default("warn"),
  /** Zip files of wordpress.org that go into the WooCommerce image. Unset: downloaded where that is possible. */
  WORDPRESS_ZIP: z.string().min(1).optional(),
  WOOCOMMERCE_ZIP: z.string().min(1).optional(),
  KUBECONFIG: z.string().min(1).optional(),
  DATABASE_URL: z.string().min(1).optional(),
  PULUMI_BACKEND_URL: z.string().min(1).optional(),
  PULUMI_CONFIG_PASSPHRASE: z.string().optional(),
  PULUMI_CONFIG_PASSPHRASE_FILE: z.string().min(1).optional(),
  PULUMI_HOME: z.string().min(1).optional(),
  /** Folder that holds `bin/pulumi`, tried after the PATH. */
  PULUMI_ROOT: z.string().min(1).optional(),
  HOME: z.string().min(1),
  PATH: z.string().default("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
  XDG_CACHE_HOME: z.string().min(1).optional(),
  CI: z.string().optional(),
});

/** What the toolchain takes from the process environment, checked once. */
export type Environment = z.infer<typeof schema>;

/** The only place in the toolchain that reads `process.env`. Throws one problem that names every bad variable. */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): Environment {
  // An empty variable means the same as an unset one, as in most command-line tools.
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const bad = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
  throw new ToolchainProblem(`The environment is not usable: ${bad}.`, "Correct or unset these variables.");
}
