import type { Hono } from "hono";
import type { Assets } from "../assets.ts";

/** Their addresses change with their content, so browsers may keep them for good. */
export function serveAssets(app: Hono, assets: Assets): void {
  for (const { path, mediaType, content, compressed } of Object.values(assets)) {
    app.get(path, (context) => {
      const packed = context.req.header("accept-encoding")?.includes("gzip") ?? false;
      context.header("Content-Type", mediaType);
      context.header("Cache-Control", "public, max-age=31536000, immutable");
      context.header("Vary", "Accept-Encoding");
      if (packed) context.header("Content-Encoding", "gzip");
      return context.body(packed ? compressed : content);
    });
  }
  app.get("/favicon.ico", (context) => context.redirect(assets["favicon.svg"].path, 302));
  app.get("/robots.txt", (context) =>
    context.text("User-agent: *\nDisallow: /cart\nDisallow: /checkout\nDisallow: /order\n"),
  );
}
