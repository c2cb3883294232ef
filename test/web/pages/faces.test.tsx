import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { problem } from "../fake/answers.ts";
import { makeStore } from "../fake/things.ts";
import { createFakeApi } from "../fake-api.ts";
import { renderApp } from "../render-app.tsx";

const broken = problem(500, "The database does not answer.");
const store = makeStore("corner-shop", "ready", { displayName: "The Corner Shop" });

interface View {
  readonly path: string;
  /** What it fetches. */
  readonly request: string;
  readonly loading: RegExp;
  readonly failed: string;
  readonly content: RegExp;
}

const views: readonly View[] = [
  {
    path: "/",
    request: "GET /overview",
    loading: /Loading the overview/,
    failed: "The overview could not be loaded",
    content: /Your store is doing well/,
  },
  {
    path: "/stores",
    request: "GET /stores",
    loading: /Loading the stores/,
    failed: "The stores could not be loaded",
    content: /The Corner Shop/,
  },
  {
    path: "/create",
    request: "GET /platform",
    loading: /Loading the choices/,
    failed: "The choices could not be loaded",
    content: /What is it called/,
  },
  {
    path: "/stores/corner-shop",
    request: "GET /stores/corner-shop",
    loading: /Loading the store corner-shop/,
    failed: "The store could not be loaded",
    content: /Stack outputs/,
  },
  {
    path: "/measures",
    request: "GET /platform/measures",
    loading: /Loading the measures/,
    failed: "The measures could not be loaded",
    content: /Waiting operations/,
  },
];

describe.each(views)("$path", ({ path, request, loading, failed, content }) => {
  it("shows that it is loading", async () => {
    const api = createFakeApi({ stores: [store] });
    api.instead.set(request, "never");

    renderApp(path, { api });

    expect(await screen.findByText(loading)).toBeInTheDocument();
  });

  it("shows what went wrong and gets its content with one more try", async () => {
    const api = createFakeApi({ stores: [store] });
    api.instead.set(request, broken);
    const { user } = renderApp(path, { api });
    expect(await screen.findByRole("heading", { name: failed })).toBeInTheDocument();
    expect(screen.getAllByText("The database does not answer.")[0]).toBeInTheDocument();

    api.instead.clear();
    await user.click(screen.getAllByRole("button", { name: "Try again" })[0]!);

    expect((await screen.findAllByText(content))[0]).toBeInTheDocument();
  });
});

describe("without stores", () => {
  it.each(["/", "/stores"])("%s leads to creating the first one", async (path) => {
    renderApp(path);

    const main = await screen.findByRole("heading", { name: /first store|No stores yet/ });

    expect(main).toBeInTheDocument();
    expect(screen.getAllByRole("link", { name: "Create store" }).at(-1)).toHaveAttribute("href", "/create");
  });

  it("says that a store does not exist", async () => {
    renderApp("/stores/nobody");

    expect(await screen.findByRole("heading", { name: "There is no store called “nobody”" })).toBeInTheDocument();
  });

  it("says that an address leads nowhere", async () => {
    renderApp("/somewhere/else");

    expect(await screen.findByRole("heading", { name: "Page not found" })).toBeInTheDocument();
  });
});
