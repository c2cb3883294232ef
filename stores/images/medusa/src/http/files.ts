import type { Request, RequestHandler, Response } from "express";
import { isSignatureValid } from "../files/file-address.ts";
import { fileHeaders } from "../files/file-response.ts";
import type { FileStore } from "../files/file-store.ts";

/** Serves `/files/<id>`. The store is asked for lazily because Medusa opens its pool after the routes are laid. */
export function serveFiles(store: () => FileStore, secret: string): RequestHandler<{ id: string }> {
  return async (request: Request<{ id: string }>, response: Response, next) => {
    try {
      const file = await store().read(request.params.id);
      const query = new URL(request.originalUrl, "http://store").searchParams;
      if (!file || (file.private && !isSignatureValid(file.id, query, secret, Date.now() / 1000))) {
        response.status(404).type("text").send("There is no such file.\n");
        return;
      }
      response.set(fileHeaders(file)).set("ETag", `"${file.id}"`);
      if (request.fresh) response.status(304).end();
      else response.send(file.content);
    } catch (error) {
      next(error);
    }
  };
}
