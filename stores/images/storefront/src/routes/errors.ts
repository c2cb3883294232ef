import type { Context } from "hono";
import type { Services } from "../app.ts";
import { MedusaAway } from "../medusa/http.ts";
import { messagePage } from "../pages/message-page.ts";
import type { Screen } from "./screen.ts";

/** Seconds after which a page that could not be shown tries by itself again. */
const retrySeconds = 5;

/** The only place where an error becomes a status code. */
export function answerError(
  error: Error,
  context: Context,
  { log }: Pick<Services, "log">,
  screen: Screen,
): Promise<Response> {
  const { method, path } = context.req;
  if (error instanceof MedusaAway) {
    log(`${method} ${path}: ${error.message}`);
    context.header("Retry-After", String(retrySeconds));
    const again = {
      title: "Back in a moment",
      status: 503 as const,
      ...(method === "GET" ? { refreshSeconds: retrySeconds } : {}),
    };
    const text = "The store is taking a short break. Your cart is safe; this page tries again by itself.";
    return screen.show(context, again, messagePage("Back in a moment", text, { label: "Try again", href: path }));
  }
  log(`${method} ${path}: ${error.stack ?? error.message}`);
  const text = "That was our fault, not yours. Please try again; if it happens twice, come back a little later.";
  return screen.show(
    context,
    { title: "Something went wrong", status: 500 },
    messagePage("Something went wrong", text, { label: "Back to the store", href: "/" }),
  );
}
