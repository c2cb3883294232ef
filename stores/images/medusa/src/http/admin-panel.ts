import { readFileSync } from "node:fs";
import { join } from "node:path";
import express, { type RequestHandler, Router } from "express";

/** Serves the panel that `medusa build` left in `folder`: files with hashed names for a year, else its one page. */
export function serveAdminPanel(folder: string): RequestHandler {
  const page = readFileSync(join(folder, "index.html"), "utf8");
  const router = Router();
  router.use("/assets", precompressed(join(folder, "assets")));
  router.use(express.static(folder, { index: false, maxAge: "1h" }));
  // The panel routes in the browser, so every other path under /app answers with the same page.
  router.get("*", (_request, response) => {
    response.set({ "Cache-Control": "no-cache", "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff" });
    response.type("html").send(page);
  });
  return router;
}

/** Prefers the `.gz` twin that the image build left beside each asset: the panel is 6 MB without it. */
function precompressed(folder: string): RequestHandler {
  const files = express.static(folder, { maxAge: "1y", immutable: true, fallthrough: true });
  const router = Router();
  router.get(/\.(js|css)$/, (request, response, next) => {
    if (!request.acceptsEncodings("gzip")) return next();
    const path = request.path;
    request.url = `${request.url}.gz`;
    response.set("Vary", "Accept-Encoding").set("Content-Encoding", "gzip");
    response.type(path.endsWith(".css") ? "css" : "js");
    files(request, response, (error) => {
      request.url = path;
      response.removeHeader("Content-Encoding");
      next(error);
    });
  });
  router.use(files);
  router.use((_request, response) => {
    response.status(404).end();
  });
  return router;
}
