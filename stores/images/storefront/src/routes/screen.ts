import type { Context } from "hono";
import type { Services } from "../app.ts";
import type { Cookies } from "../cookies.ts";
import { type Html, type PageOptions, page } from "../pages/layout.ts";
import { messagePage } from "../pages/message-page.ts";

/** Puts content into the frame of the store and answers with it. */
export interface Screen {
  show(
    context: Context,
    options: PageOptions & { status?: 200 | 404 | 409 | 422 | 500 | 503; cartCount?: number },
    content: Html,
  ): Promise<Response>;
  notFound(context: Context, what?: string): Promise<Response>;
}

export function createScreen({ environment, assets, catalogue }: Services, cookies: Cookies): Screen {
  const screen: Screen = {
    async show(context, { status = 200, cartCount, ...options }, content) {
      const frame = {
        storeName: environment.storeName,
        assets,
        cartCount: cartCount ?? cookies.cart(context)?.count ?? 0,
        // The frame is also drawn around the message that Medusa is away.
        categories: await catalogue.categories().catch(() => []),
        path: context.req.path,
      };
      return context.html(await page(frame, options, content), status);
    },
    notFound: (context, what = "page") =>
      screen.show(
        context,
        { title: "Not found", status: 404 },
        messagePage(`We cannot find this ${what}`, "It may have been moved, or sold for the last time.", {
          label: "See everything",
          href: "/",
        }),
      ),
  };
  return screen;
}
