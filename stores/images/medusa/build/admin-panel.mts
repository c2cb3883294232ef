// Builds Medusa's admin panel into .medusa/server/public/admin, with a compressed twin of every asset.
// `medusa build` would do the first half, but needs ts-node to read the configuration and compiles the backend too.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "@medusajs/admin-bundler";

const folder = join(import.meta.dirname, "..", ".medusa", "server", "public", "admin");

await build({
  path: "/app",
  outDir: folder,
  // The panel is always served from the origin of the API it calls.
  backendUrl: "/",
  sources: [],
  plugins: ["@medusajs/draft-order/admin"],
});

const assets = join(folder, "assets");
for (const name of await readdir(assets)) {
  if (!/\.(js|css)$/.test(name)) continue;
  await writeFile(join(assets, `${name}.gz`), gzipSync(await readFile(join(assets, name)), { level: 9 }));
}
