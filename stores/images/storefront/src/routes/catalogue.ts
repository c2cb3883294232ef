import type { Context, Hono } from "hono";
import type { Services } from "../app.ts";
import { choiceOf, firstChoice } from "../offer.ts";
import { cataloguePage } from "../pages/catalogue-page.ts";
import { categoryPath } from "../pages/layout.ts";
import { productPage } from "../pages/product-page.ts";
import type { Screen } from "./screen.ts";

export function addCatalogueRoutes(app: Hono, { catalogue, environment }: Services, screen: Screen): void {
  app.get("/", async (context) => {
    const list = await catalogue.products({ page: pageNumber(context) });
    const content = cataloguePage({
      heading: "Everything",
      lead: "Well made things for every day.",
      list,
      pageLink: (page) => `/?page=${page}`,
      empty: "The shelves are still empty. Please come back soon.",
    });
    return screen.show(
      context,
      { title: environment.storeName, description: `All products of ${environment.storeName}.` },
      content,
    );
  });

  app.get("/category/:handle", async (context) => {
    const handle = context.req.param("handle");
    const category = (await catalogue.categories()).find((candidate) => candidate.handle === handle);
    if (!category) return screen.notFound(context, "category");
    const list = await catalogue.products({ categoryId: category.id, page: pageNumber(context) });
    const content = cataloguePage({
      heading: category.name,
      list,
      pageLink: (page) => `${categoryPath(handle)}?page=${page}`,
      empty: "There is nothing in this category yet.",
    });
    return screen.show(context, { title: category.name }, content);
  });

  app.get("/search", async (context) => {
    const search = (context.req.query("q") ?? "").trim().slice(0, 80);
    if (!search) return context.redirect("/", 303);
    const list = await catalogue.products({ search, page: pageNumber(context) });
    const content = cataloguePage({
      heading: `Results for “${search}”`,
      list,
      pageLink: (page) => `/search?${new URLSearchParams({ q: search, page: String(page) })}`,
      empty: `Nothing matches “${search}”. Try a shorter word.`,
    });
    return screen.show(context, { title: `Results for “${search}”` }, content);
  });

  app.get("/product/:handle", async (context) => {
    const product = await catalogue.product(context.req.param("handle"));
    if (!product) return screen.notFound(context, "product");
    const first = firstChoice(product);
    const content = productPage({ product, choice: first ? choiceOf(product, first) : {}, quantity: 1 });
    return screen.show(context, { title: product.title, description: product.subtitle }, content);
  });
}

function pageNumber(context: Context): number {
  const page = Number(context.req.query("page") ?? 1);
  return Number.isInteger(page) && page >= 1 && page <= 1000 ? page : 1;
}
