import { html } from "hono/html";
import type { Html } from "./layout.ts";

/** A page that says one thing: not found, away for a moment, went wrong. */
export function messagePage(heading: string, text: string, link: { label: string; href: string }): Html {
  return html`<div class="empty"><h1>${heading}</h1><p>${text}</p><p><a class="button" href="${link.href}">${link.label}</a></p></div>`;
}
