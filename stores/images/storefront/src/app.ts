import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { compress } from "hono/compress";
import type { Assets } from "./assets.ts";
import { createCookies } from "./cookies.ts";
import type { Environment } from "./environment.ts";
import type { Catalogue } from "./medusa/catalogue.ts";
import type { Checkout } from "./medusa/checkout.ts";
import { serveAssets } from "./routes/assets.ts";
import { addCartRoutes } from "./routes/cart.ts";
import { addCatalogueRoutes } from "./routes/catalogue.ts";
import { addCheckoutRoutes } from "./routes/checkout.ts";
import { answerError } from "./routes/errors.ts";
import { addHealthRoutes } from "./routes/health.ts";
import { createScreen, type Screen } from "./routes/screen.ts";
import { sameOriginForms, securityHeaders } from "./security.ts";

/** What the routes work with; tests give fakes of Medusa, `main.ts` the real one. */
export interface Services {
  readonly environment: Environment;
  readonly assets: Assets;
  readonly catalogue: Catalogue;
  readonly checkout: Checkout;
  readonly log: (line: string) => void;
}

/** The largest form is a checkout of a few hundred bytes. */
const mostFormBytes = 32 * 1024;

export function createApp(services: Services): Hono {
  const { environment } = services;
  const https = environment.storeUrl.startsWith("https:");
  const cookies = createCookies(https);
  const screen: Screen = createScreen(services, cookies);
  const app = new Hono();

  addHealthRoutes(app, services);
  app.use(securityHeaders(https));
  serveAssets(app, services.assets);
  app.use(compress());
  app.use(sameOriginForms(environment.storeUrl));
  app.use(
    bodyLimit({
      maxSize: mostFormBytes,
      onError: (context: Context) => context.text("This form is too large.\n", 413),
    }),
  );
  addCatalogueRoutes(app, services, screen);
  addCartRoutes(app, services, screen, cookies);
  addCheckoutRoutes(app, services, screen, cookies);
  app.notFound((context) => screen.notFound(context));
  app.onError((error, context) => answerError(error, context, services, screen));
  return app;
}
