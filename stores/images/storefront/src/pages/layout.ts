import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { Assets } from "../assets.ts";
import type { Category } from "../medusa/shapes.ts";

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** What every page shows around its content. */
export interface Frame {
  readonly storeName: string;
  readonly assets: Assets;
  readonly cartCount: number;
  /** Empty where they could not be had: the frame is drawn even when Medusa is away. */
  readonly categories: readonly Category[];
  /** Path of the page being shown, to mark it in the navigation. */
  readonly path: string;
}

export interface PageOptions {
  readonly title: string;
  readonly description?: string;
  /** Reloads the page by itself after so many seconds. */
  readonly refreshSeconds?: number;
  /** Checkout leaves out what leads away from it. */
  readonly plain?: boolean;
}

export function page(frame: Frame, options: PageOptions, content: Html): Html {
  const { storeName, assets } = frame;
  const title = options.title === storeName ? storeName : `${options.title} · ${storeName}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${options.description ? html`<meta name="description" content="${options.description}">` : ""}
${options.refreshSeconds ? html`<meta http-equiv="refresh" content="${options.refreshSeconds}">` : ""}
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#fbf9f5" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#171815" media="(prefers-color-scheme: dark)">
<link rel="icon" href="${assets["favicon.svg"].path}" type="image/svg+xml">
<link rel="stylesheet" href="${assets["style.css"].path}">
<script src="${assets["enhance.js"].path}" defer></script>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
${header(frame, options.plain ?? false)}
<main id="content" tabindex="-1">${content}</main>
${footer(frame)}
</body>
</html>`;
}

function header({ storeName, cartCount, categories, path }: Frame, plain: boolean): Html {
  return html`<header class="top">
<div class="bar">
<a class="brand" href="/">${storeName}</a>
${plain ? "" : search()}
${cartLink(cartCount)}
</div>
${
  plain || categories.length === 0
    ? ""
    : html`<nav class="categories" aria-label="Categories"><ul>
${[{ name: "All", link: "/" }, ...categories.map(({ name, handle }) => ({ name, link: categoryPath(handle) }))].map(
  ({ name, link }) => html`<li><a href="${link}"${link === path ? raw(' aria-current="page"') : ""}>${name}</a></li>`,
)}
</ul></nav>`
}
</header>`;
}

function search(): Html {
  return html`<form class="search" role="search" action="/search">
<label class="hidden" for="search">Search products</label>
<input id="search" type="search" name="q" placeholder="Search" autocomplete="off" maxlength="80">
</form>`;
}

function cartLink(count: number): Html {
  return html`<a class="cart-link" href="/cart">${bag} Cart${
    count > 0
      ? html` <span class="count"><span class="hidden">, </span>${count}<span class="hidden"> ${count === 1 ? "item" : "items"}</span></span>`
      : ""
  }</a>`;
}

function footer({ storeName }: Frame): Html {
  return html`<footer class="bottom"><p>${storeName}</p><p>Payment on delivery</p></footer>`;
}

export function categoryPath(handle: string): string {
  return `/category/${encodeURIComponent(handle)}`;
}

export function productPath(handle: string): string {
  return `/product/${encodeURIComponent(handle)}`;
}

const bag = raw(
  '<svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d="M4 6.5h12l.8 10.5H3.2zM7 9V5.5a3 3 0 0 1 6 0V9" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"/></svg>',
);
