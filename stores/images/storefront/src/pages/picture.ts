import { html, raw } from "hono/html";
import type { Html } from "./layout.ts";

export interface PictureOptions {
  readonly lazy: boolean;
  /** How wide the picture is shown, as in the attribute of the same name. */
  readonly sizes: string;
}

/** A picture of 4:5 that keeps its place while it loads; a quiet surface where there is none. */
export function picture(url: string, description: string, { lazy, sizes }: PictureOptions): Html {
  if (!url) return html`<div class="picture none" aria-hidden="true"></div>`;
  return html`<img class="picture" src="${url}" alt="${description}" width="800" height="1000" sizes="${sizes}" decoding="async"${
    lazy ? raw(' loading="lazy"') : raw(' fetchpriority="high"')
  }>`;
}
