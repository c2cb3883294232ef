import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type RequestHandler, Router } from "express";
import { PROBLEM_TYPES } from "../contract/problem-types.ts";
import { type StaticFiles, serveFiles } from "./static-files.ts";

// The reference page: Swagger UI on our own OpenAPI document, everything from this machine.

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Storefleet API</title>
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<script src="/docs/swagger-ui-bundle.js" defer></script>
<script src="/docs/start.js" defer></script>
</head>
<body>
<main id="reference"></main>
<noscript>This page needs JavaScript. The same is in <a href="/openapi.json">/openapi.json</a>.</noscript>
</body>
</html>
`;

const start = `SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
`;

const SHIPPED = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];

/** `/docs`, `/openapi.json`, and `/problems`, where every kind of problem is explained. `makeDocument` makes the OpenAPI document, when somebody asks for it first. */
export function serveDocs(makeDocument: () => unknown): RequestHandler {
  let document: string | undefined;
  const folder = dirname(fileURLToPath(import.meta.resolve("swagger-ui-dist/package.json")));
  const files: StaticFiles = new Map(
    SHIPPED.map((name) => [`/docs/${name}`, { path: join(folder, name), immutable: false }]),
  );
  const serve = serveFiles(files);
  const router = Router();
  router.get("/openapi.json", (_request, response) => {
    response.setHeader("Cache-Control", "no-cache");
    document ??= JSON.stringify(makeDocument());
    response.type("application/json").send(document);
  });
  router.get("/problems", (_request, response) => void response.json(PROBLEM_TYPES));
  router.get("/problems/:type", ({ params: { type } }, response, next) => {
    const text = Object.entries(PROBLEM_TYPES).find(([name]) => name === type)?.[1];
    if (text === undefined) next();
    else response.json({ type: `/problems/${type}`, detail: text });
  });
  router.get("/docs", (_request, response) => void response.type("html").send(page));
  router.get("/docs/start.js", (_request, response) => void response.type("text/javascript").send(start));
  router.get("/docs/:file", async (request, response, next) => {
    if (!(await serve(request.path, request, response))) next();
  });
  return router;
}
